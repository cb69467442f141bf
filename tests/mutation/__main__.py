"""``make mutants``: put faults into packages one at a time, and list those that no test notices.

Results are kept in ``.mutants/``, one line a mutant; ``--again`` tries the survivors once more.
"""

import argparse
import json
import math
import random
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict
from pathlib import Path

from tests.mutation.children import import_slow
from tests.mutation.mutants import ROOT, Mutant, find_mutants

PACKAGES = ("gate", "labels", "ingest", "drift", "warehouse")
KEPT = ROOT / ".mutants"
_Z95 = 1.959964


def main() -> int:
    """Try the mutants of each package named; return 1 where fewer than asked for are noticed."""
    asked = _read_arguments()
    import_slow()
    rates = [_try_package(package, asked) for package in asked.packages]
    return int(min(rates) < asked.least)


def _read_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.mutation", description=__doc__)
    parser.add_argument("packages", nargs="*", default=PACKAGES, help="packages of songpop")
    parser.add_argument("--sample", type=int, metavar="N", help="N mutants a package, by module")
    parser.add_argument("--seed", type=int, default=20261127, help="of the sample")
    parser.add_argument("--longest", type=float, default=5.0, help="seconds; slower tests rest")
    parser.add_argument("--also", nargs="*", default=(), help="test files or folders besides")
    parser.add_argument("--without", nargs="*", default=(), help="modules and their test files")
    parser.add_argument("--again", action="store_true", help="the survivors alone")
    parser.add_argument("--only", nargs="*", help="mutants by name, songpop.gate.judge:7")
    parser.add_argument("--least", type=float, default=0.85, help="share that must be noticed")
    return parser.parse_args()


def _try_package(package: str, asked: argparse.Namespace) -> float:
    # Here, since these import what is slow.
    from tests.mutation.tracing import choose_tests, trace_tests  # noqa: PLC0415
    from tests.mutation.trial import try_mutant  # noqa: PLC0415

    kept = KEPT / f"{package}.jsonl"
    left_out = {f"test_{name}.py" for name in asked.without}
    files = [file for file in _list_files(package, asked.also) if file.name not in left_out]
    tests = trace_tests(files, f"songpop.{package}", KEPT / "traces")
    everything = [
        mutant
        for mutant in list_mutants(package)
        if mutant.module.rpartition(".")[2] not in asked.without
    ]
    for mutant in _choose_mutants(everything, kept, asked):
        trial = try_mutant(mutant, choose_tests(tests, mutant, asked.longest))
        with kept.open("a", encoding="utf-8") as file:
            file.write(json.dumps({"name": mutant.name, **asdict(trial)}) + "\n")
        if trial.status != "killed":
            _print_mutant(mutant, trial.status)
    return _print_summary(package, read_results(kept), len(everything))


def list_mutants(package: str) -> list[Mutant]:
    """Return all mutants of a package, by module."""
    files = sorted((ROOT / "songpop" / package).glob("*.py"))
    names = [f"songpop.{package}.{file.stem}" for file in files if file.stem != "__init__"]
    return [mutant for name in names for mutant in find_mutants(name)]


def draw_sample(mutants: Sequence[Mutant], count: int, seed: int) -> list[Mutant]:
    """Return *count* mutants, from each module in proportion to its number, at least one.

    Their order is random: what a run that is stopped early has tried is a sample as well.
    """
    by_module: dict[str, list[Mutant]] = defaultdict(list)
    for mutant in mutants:
        by_module[mutant.module].append(mutant)
    draw = random.Random(seed)  # noqa: S311 - a sample, no secret
    drawn: list[Mutant] = []
    for group in by_module.values():
        share = max(1, round(count * len(group) / len(mutants)))
        drawn += draw.sample(group, min(share, len(group)))
    draw.shuffle(drawn)
    return drawn


def read_results(kept: Path) -> dict[str, dict[str, object]]:
    """Return the last result of each mutant, by name."""
    if not kept.exists():
        return {}
    rows = map(json.loads, kept.read_text(encoding="utf-8").splitlines())
    return {row["name"]: row for row in rows}


def bound_share(part: int, whole: int) -> tuple[float, float]:
    """Return the 95 % interval of a share (Wilson, "Probable inference", JASA 22, 1927)."""
    if not whole:
        return 0.0, 1.0
    share, z2 = part / whole, _Z95**2
    middle = (share + z2 / (2 * whole)) / (1 + z2 / whole)
    half = _Z95 * math.sqrt(share * (1 - share) / whole + z2 / (4 * whole**2)) / (1 + z2 / whole)
    return middle - half, middle + half


def _list_files(package: str, also: Iterable[str]) -> list[Path]:
    folders = [ROOT / "tests" / "songpop" / package, *(ROOT / name for name in also)]
    return [
        file
        for folder in folders
        for file in (sorted(folder.glob("test_*.py")) if folder.is_dir() else [folder])
    ]


def _choose_mutants(
    everything: Sequence[Mutant], kept: Path, asked: argparse.Namespace
) -> Iterator[Mutant]:
    results = read_results(kept)
    chosen = draw_sample(everything, asked.sample, asked.seed) if asked.sample else everything
    for mutant in chosen if not (asked.only or asked.again) else everything:
        status = results.get(mutant.name, {}).get("status")
        if asked.only:
            wanted = mutant.name in asked.only
        else:
            wanted = status in {"survived", "error"} if asked.again else status is None
        if wanted:
            yield mutant


def _print_mutant(mutant: Mutant, status: str) -> None:
    place = f"{mutant.name} line {mutant.first_line}"
    print(f"{status}: {place}: {mutant.before}  =>  {mutant.after}", flush=True)  # noqa: T201


def _print_summary(package: str, results: dict[str, dict[str, object]], count: int) -> float:
    counts = Counter(str(row["status"]) for row in results.values())
    killed, tried = counts["killed"] + counts["timeout"], len(results)
    low, high = bound_share(killed, tried)
    told = ", ".join(f"{number} {status}" for status, number in sorted(counts.items()))
    print(  # noqa: T201
        f"{package}: {tried} of {count} mutants tried: {told}; noticed {killed / max(tried, 1):.1%}"
        f" (95 % {low:.1%} to {high:.1%})",
        flush=True,
    )
    return killed / max(tried, 1)


if __name__ == "__main__":
    sys.exit(main())
