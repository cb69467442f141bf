"""What the gate lets pass: equals, the misled, and the truly better, on simulated histories."""

import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from songpop.evaluate.baselines import fit_baselines
from songpop.evaluate.clusters import Difference
from songpop.evaluate.report import number_groups
from songpop.gate import GateEvidence, judge
from songpop.model.calibration import Calibration
from songpop.model.conformal import Conformal
from songpop.model.metrics import auc, log_loss
from songpop.model.scorer import Scorer
from songpop.model.train import calibrate, fit_networks, prepare_network
from songpop.settings import GateSettings, TrainingSettings
from songpop.training.compare import calibrated_scores, make_task
from songpop.training.gather import TrainingSet
from tests.benchmarks.histories import HORIZON_WEEKS, Shape, gather_history
from tests.benchmarks.rivals import Ground, blur, find_size, inform

Floats = NDArray[np.float64]

SHAPES = (Shape(200, 78, 26), Shape(1_000, 35, 8))
HISTORIES_EACH, CASES_EACH = 20, 5
"""Of each shape, and challengers of each sort a history: 200 of each sort in all."""
BETTER_EACH = 10
"""Truly better challengers a history: 200 of each shape."""
SETTINGS = TrainingSettings(
    hidden_units=(32, 16),
    l2_grid=(0.001,),
    slower_rates=(),
    learning_rate=0.003,
    max_epochs=12,
    patience_epochs=4,
)
_SORTS = {
    "equal": "equal: the champion's rows, another seed",
    "flipped": "misled: labels turned round in all that it learns from",
    "informed": "truly better: AUC + 0.02, told more than the champion",
    "blurred": "the champion itself, against its log-odds blurred to AUC − 0.02",
}
_Z = 1.959964


def compare_gate(folder: Path) -> list[str]:
    """Return the table; what *folder* holds is not run again."""
    folder.mkdir(parents=True, exist_ok=True)
    cases = [
        case
        for shape in SHAPES
        for seed in range(1, HISTORIES_EACH + 1)
        for case in _read_or_run(shape, seed, folder)
    ]
    return [*_table(cases), *_reasons(cases), *_limits()]


def _read_or_run(shape: Shape, seed: int, folder: Path) -> list[dict[str, Any]]:
    path = folder / f"{shape.tracks}-{seed}.json"
    if not path.exists():
        cases = [{"shape": shape.title, "seed": seed, **case} for case in run_history(shape, seed)]
        path.write_text(json.dumps(cases, indent=1), encoding="utf-8")
    return json.loads(path.read_text(encoding="utf-8"))


@dataclass(frozen=True, eq=False)
class Arena:
    """One history with its champion, and what every challenger is set beside."""

    history: TrainingSet
    champion: Floats
    baselines: dict[str, Floats]

    @property
    def y(self) -> NDArray[np.bool_]:
        """The labels of the gate rows."""
        return self.labels.get_column("is_high").to_numpy()

    @property
    def labels(self) -> pl.DataFrame:
        """Labels of the gate rows."""
        return self.history.labels[self.history.blocks.test]

    def enter(self, sort: str, challenger: Floats, champion: Floats) -> dict[str, Any]:
        """Judge one challenger by the shipped rules; return what came out."""
        facts = self.history.facts[self.history.blocks.test]
        evidence = GateEvidence(
            y=self.y,
            champion=champion,
            challenger=challenger,
            artists=number_groups(facts.select("artist")),
            weeks=self.labels.get_column("week"),
            age_weeks=facts.get_column("age_weeks"),
            baselines={name: _gap(self.y, challenger, p) for name, p in self.baselines.items()},
            champion_seen_until=self.history.seen_until,
            challenger_seen_until=self.history.seen_until,
            horizon_weeks=HORIZON_WEEKS,
        )
        verdict = judge(evidence, GateSettings())
        areas = [auc(self.y, p) or 0.0 for p in (challenger, champion)]
        return {
            "sort": sort,
            "is_promoted": verdict.is_promoted,
            "reasons": list(verdict.reasons),
            "auc_gain": areas[0] - areas[1],
            "champion_auc": areas[1],
        }


def run_history(shape: Shape, seed: int) -> Iterator[dict[str, Any]]:
    """Train a champion and its challengers on one history, and judge each."""
    history = gather_history(shape, seed)
    champion, ground = _train(history, seed=1)
    arena = Arena(history, champion, _fit_simpler(history))
    for case in range(CASES_EACH):
        equal, _ = _train(history, seed=100 + case)
        yield arena.enter("equal", equal, champion)
    for case in range(CASES_EACH):
        misled, _ = _train(_turn_round(history), seed=200 + case)
        yield arena.enter("flipped", misled, champion)
    sizes = [find_size(ground, make, champion) for make in (inform, blur)]
    for case in range(BETTER_EACH):
        yield arena.enter("informed", inform(ground, sizes[0], case), champion)
        yield arena.enter("blurred", champion, blur(ground, sizes[1], case))


def _train(history: TrainingSet, seed: int) -> tuple[Floats, Ground]:
    settings = SETTINGS.model_copy(update={"seed": seed})
    parts = (history.features, history.labels, history.blocks)
    fitted = fit_networks(prepare_network(*parts, settings), settings)
    scorer = calibrate(fitted, *parts, settings).scorer()
    raw = Scorer(fitted.inputs, fitted.stacks, Calibration(), Conformal())
    blocks = history.blocks
    scored = scorer.score(history.features[blocks.test], with_reasons=False)
    logits = (raw.logits(history.features[rows]) for rows in (blocks.calibrate, blocks.test))
    ground = Ground(history, *(each.astype(np.float64) for each in logits))
    return scored.get_column("score").to_numpy(), ground


def _turn_round(history: TrainingSet) -> TrainingSet:
    turned = history.labels.with_columns(
        ~pl.col("is_high"), 1 - pl.col("outcome_percentile"), -pl.col("margin")
    )
    return replace(history, labels=turned)


def _fit_simpler(history: TrainingSet) -> dict[str, Floats]:
    blocks = history.blocks
    parts = (history.features, history.labels, blocks)
    task = make_task(prepare_network(*parts, SETTINGS).inputs, history, SETTINGS)
    fitted = fit_baselines(task, ("constant", "persistence", "logistic"))
    return {
        name: calibrated_scores(logits, task, blocks.calibrate, blocks.test)
        for name, logits in fitted.items()
    }


def _gap(y: NDArray[np.bool_], one: Floats, other: Floats) -> Difference:
    # The gate asks for the figure alone; its interval would cost more than all the rest.
    mean = log_loss(y, one) - log_loss(y, other)
    return Difference(mean=mean, low=mean, high=mean)


def _table(cases: list[dict[str, Any]]) -> list[str]:
    lines = [
        (
            "| challengers | gate | champions | cases | shown better by the margin | promoted | "
            "share, 95 % Wilson | AUC gained |"
        ),
        "|---|---|---:|---:|---:|---:|---|---:|",
    ]
    for sort, title in _SORTS.items():
        for shape in [*(shape.title for shape in SHAPES), None]:
            own = [c for c in cases if c["sort"] == sort and shape in {None, c["shape"]}]
            promoted = sum(case["is_promoted"] for case in own)
            shown = sum(not any(why.startswith("not shown") for why in c["reasons"]) for c in own)
            low, high = wilson(promoted, len(own))
            gain = np.mean([case["auc_gain"] for case in own])
            champions = len({(case["shape"], case["seed"]) for case in own})
            lines.append(
                f"| {title} | {shape or 'both'} | {champions} | {len(own)} | {shown} | "
                f"{promoted} | {promoted / len(own):.1%} ({low:.1%} to {high:.1%}) | {gain:+.4f} |"
            )
    return [*lines, ""]


def wilson(successes: int, count: int) -> tuple[float, float]:
    """Return the 95 % interval of a share (Wilson, JASA 22, 1927)."""
    share = successes / count
    middle = share + _Z**2 / (2 * count)
    spread = _Z * np.sqrt(share * (1 - share) / count + _Z**2 / (4 * count**2))
    return tuple(float((middle + s * spread) / (1 + _Z**2 / count)) for s in (-1, 1))  # type: ignore[return-value] - two


def _reasons(cases: list[dict[str, Any]]) -> list[str]:
    lines = ["Rules that were not met, by sort:", ""]
    for sort, title in _SORTS.items():
        refused = [c for c in cases if c["sort"] == sort and not c["is_promoted"]]
        counted = Counter(_name(reason) for case in refused for reason in case["reasons"])
        told = "; ".join(f"{name}: {count}" for name, count in counted.most_common())
        lines.append(f"- {title}: {told or 'none'}")
    return [*lines, ""]


def _name(reason: str) -> str:
    return re.split(r":| by 0\.| 0\.", reason)[0]


def _limits() -> list[str]:
    text = (
        f"Histories of the simulator, clean; networks of {SETTINGS.hidden_units} neurons, one λ, "
        f"one learning rate, at most {SETTINGS.max_epochs} epochs; the gate as shipped. Half of "
        "the variance of noise stays with a track. In this world logistic regression is hard to "
        "beat: what was not promoted for it alone is counted as not promoted."
    )
    return [text, ""]
