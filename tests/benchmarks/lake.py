"""The same weeks in one file and in a lake: what a lake costs, and whether its readers notice."""

import contextlib
import json
import os
import subprocess
import sys
from collections.abc import Generator
from dataclasses import dataclass
from pathlib import Path

from songpop.settings import Settings
from songpop.warehouse.fingerprint import fingerprint
from songpop.warehouse.paths import WarehousePaths
from songpop.warehouse.reader import open_private
from tests.benchmarks.process import Usage, alternate, median, median_ratio, run_process
from tests.benchmarks.weekly_run import REPOSITORY, Bench, prepare
from tests.songpop.warehouse.lakes import open_catalog

READERS_COUNT = 8
_PARTS_OF_THE_RUN = "run_id, scored_at"


@dataclass(frozen=True)
class Answers:
    """What the readers saw while weeks were written."""

    queries_count: int
    errors: tuple[str, ...]
    mixed_count: int
    """Answers in which one week had scores of two runs."""
    backwards_count: int
    """Answers without a week that an earlier one had."""


def compare_lake(folder: Path, tracks_count: int, runs_count: int) -> list[str]:
    """Return the table of a week in a lake, its catalogue a Postgres, against one file."""
    bench = prepare(folder, tracks_count)
    with open_catalog("postgres", folder) as catalog:
        in_file = bench.fresh_warehouse().rename(bench.folder / "in-file")
        in_lake = _convert(bench, catalog)
        file, lake = alternate(
            runs_count, lambda: _run(bench, in_file), lambda: _run(bench, in_lake)
        )
        is_equal = read_scores(in_file) == read_scores(in_lake)
        with _readers(catalog) as answers:
            _run(bench, in_lake)
        seen = answers[0]
    return [
        f"### {tracks_count:,} tracks, the week run again, tables in one file and in a lake",
        "",
        "| tables in | wall s | CPU s | peak MB |",
        "|---|---:|---:|---:|",
        _row("one file", file),
        _row("a lake: Parquet, catalogue in a Postgres beside", lake),
        (
            f"| ratio, turn by turn | {median_ratio(lake, file, 'wall_seconds'):.2f} | "
            f"{median_ratio(lake, file, 'cpu_seconds'):.2f} | |"
        ),
        "",
        f"Scores of both, run ids and times apart: {'equal' if is_equal else 'DIFFERENT'}.",
        (
            f"{READERS_COUNT} readers of the lake meanwhile: {seen.queries_count:,} answers, "
            f"{len(seen.errors)} errors, {seen.mixed_count} mixed weeks, "
            f"{seen.backwards_count} weeks that went back."
        ),
        *seen.errors[:3],
    ]


def _convert(bench: Bench, catalog: str) -> Path:
    """Move a copy of the prepared warehouse into a lake; return its folder."""
    copy = bench.fresh_warehouse().rename(bench.folder / "in-lake")
    _songpop(bench, "convert", "--catalog", catalog, "--warehouse", str(copy))
    return copy


def _run(bench: Bench, warehouse: Path) -> Usage:
    """Run the measured week, for the first time or again."""
    landing, week = str(bench.landing), bench.weeks[1].stem.partition("-")[2]
    return _songpop(
        bench, "run", "--week", week, "--landing", landing, "--warehouse", str(warehouse)
    )


def _songpop(bench: Bench, *arguments: str) -> Usage:
    command = [sys.executable, "-m", "songpop", *arguments]
    return run_process(command, cwd=bench.folder, environment={"PYTHONPATH": str(REPOSITORY)})


def read_scores(warehouse: Path) -> object:
    """Return what two warehouses have alike whose scores are the same, run ids and times apart."""
    with open_private(WarehousePaths(Settings(warehouse=warehouse).warehouse), "bench", 0) as con:
        return fingerprint(
            con.sql(f"select * exclude ({_PARTS_OF_THE_RUN}) from mart.weekly_scores")
        )


@contextlib.contextmanager
def _readers(catalog: str) -> Generator[list[Answers]]:
    """Have eight processes ask the lake until the block ends; then put what they saw in a list."""
    command = [sys.executable, "-m", "tests.benchmarks.lake_reader", catalog]
    processes = [
        subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONPATH": str(REPOSITORY)},
        )
        for _ in range(READERS_COUNT)
    ]
    answers: list[Answers] = []
    try:
        yield answers
    finally:
        told = [json.loads(process.communicate("stop\n")[0]) for process in processes]
    answers.append(
        Answers(
            sum(one["queries"] for one in told),
            tuple(error for one in told for error in one["errors"]),
            sum(one["mixed"] for one in told),
            sum(one["backwards"] for one in told),
        )
    )


def _row(name: str, usages: list[Usage]) -> str:
    return (
        f"| {name} | {median(usages, 'wall_seconds'):.2f} | {median(usages, 'cpu_seconds'):.2f} | "
        f"{median(usages, 'peak_bytes') / 1e6:.0f} |"
    )
