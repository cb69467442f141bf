"""Literal evaluations and the material of cards."""

import datetime as dt
from collections.abc import Mapping, Sequence

from songpop.card.material import BlockFacts, CardMaterial
from songpop.evaluate.clusters import Difference
from songpop.evaluate.measures import Measures
from songpop.evaluate.report import (
    WHOLE,
    Comparison,
    Coverage,
    Evaluation,
    IntervalFigures,
    ModelFigures,
)
from songpop.formats.registry import load_formats
from songpop.formats.spec import FormatSpec
from songpop.model.calibration import Calibration
from songpop.model.conformal import Conformal, Interval
from songpop.model.evaluation import BlockMetrics, GridResult, ModelMetrics
from songpop.model.inputs import FlagInput, InputSpec
from songpop.model.manifest import Manifest
from songpop.model.metrics import ReliabilityBin
from songpop.registry import ModelVersion
from songpop.settings import TrainingSettings
from tests.builders import week_number

SHA256 = "ab" * 32
CHARTS = load_formats()["spotify_charts"]
TRACKS = load_formats()["chartmetric"]
LARGEST = "size: largest fifth"


def make_measures(log_loss: float = 0.3, rows_count: int = 6_000) -> Measures:
    """Return figures that differ in their log loss alone."""
    return Measures(
        rows_count=rows_count,
        base_rate=0.4,
        log_loss=log_loss,
        brier=0.1,
        calibration_error=0.02,
        accuracy=0.85,
        auc=0.9,
        average_precision=0.88,
        precision_at_20=0.95,
        precision_at_50=0.9,
        lift_at_20=2.375,
        lift_at_50=2.25,
    )


def make_evaluation(
    losses: Mapping[str, float] | None = None,
    half_width: float = 0.005,
    largest: Mapping[str, float] | None = None,
) -> Evaluation:
    """Return an evaluation of models by their log loss, the one that is judged first.

    Args:
        losses: log loss by model.
        half_width: of the 95 % intervals.
        largest: log loss by model in the slice of the largest tracks; null: the slice is missing.
    """
    losses = losses or {"network": 0.3, "constant": 0.66, "boosting": 0.31}
    slices = {WHOLE: (losses, 6_000)} | ({LARGEST: (largest, 1_200)} if largest else {})
    (own, loss), *others = losses.items()
    held = Coverage(rows_count=6_000, coverage=0.8, width=0.5)
    return Evaluation(
        models=tuple(
            ModelFigures(
                model=name,
                slices={
                    title: make_measures(by_model[name], rows)
                    for title, (by_model, rows) in slices.items()
                },
            )
            for name in (own, *dict(others))
        ),
        comparisons=tuple(
            Comparison(
                other=name,
                log_loss=make_difference(loss - other, half_width),
                auc=make_difference(0.01, 0.02),
            )
            for name, other in others
        ),
        intervals=IntervalFigures(
            slices=dict.fromkeys(slices, held),
            weeks={
                str(week_number(week)): Coverage(rows_count=600, coverage=share, width=0.5)
                for week, share in ((41, 0.7), (42, 0.82), (43, 0.84))
            },
            constant=Coverage(rows_count=6_000, coverage=0.81, width=0.9),
        ),
    )


def make_difference(mean: float, half_width: float) -> Difference:
    """Return a difference with an interval of equal arms."""
    return Difference(mean=mean, low=mean - half_width, high=mean + half_width)


def make_test(rows_count: int = 6_000) -> BlockMetrics:
    """Return the figures of a test block, two bins of reliability among them."""
    return BlockMetrics(
        rows_count=rows_count,
        base_rate=0.4,
        log_loss=0.3,
        brier=0.1,
        auc=0.9,
        accuracy=0.85,
        calibration_error=0.02,
        reliability=(
            ReliabilityBin(rows_count=rows_count // 2, score_mean=0.125, true_share=0.15),
            ReliabilityBin(rows_count=rows_count // 2, score_mean=0.7, true_share=0.65),
        ),
        interval_coverage=0.79,
        interval_width=0.51,
    )


def make_manifest(
    evaluation: Evaluation | None = None,
    *,
    kind: str = "network",
    test: BlockMetrics | None = None,
    sources: Sequence[str] = ("rank", "season"),
    **parts: object,
) -> Manifest:
    """Return the manifest of a model with one input a source; *parts* replace its fields."""
    inputs: tuple[InputSpec, ...] = tuple(
        FlagInput(feature=f"{source}__flag", mean=0.5) for source in sources
    )
    rate = 0.01 if kind == "network" else None
    metrics = ModelMetrics(
        test=test,
        grid=(
            GridResult(strength=0.0001, learning_rate=rate, log_loss=0.35, epochs_count=4),
            GridResult(strength=0.001, learning_rate=rate, log_loss=0.33, epochs_count=7),
        ),
        chosen_strength=0.001,
        evaluation=evaluation,
        rows_counts={},
    )
    manifest = Manifest(
        kind=kind,  # type: ignore[arg-type] - a parameter of the test
        inputs=inputs,
        calibration=Calibration(method="platt", slope=0.9, intercept=-0.1, rows_count=2_000),
        conformal=Conformal(
            bins=(
                Interval(log_odds_from=None, low=0.0, high=0.4, rows_count=1_000),
                Interval(log_odds_from=0.1, low=0.3, high=1.0, rows_count=1_000),
            )
        ),
        metrics=metrics,
        settings=TrainingSettings().model_dump(mode="json"),
        versions={"python": "3.11.7", "numpy": "2.4.6"},
        files={},
    )
    return manifest.model_copy(update=parts)


def make_block(name: str, first: int, last: int, rows_count: int, **changes: object) -> BlockFacts:
    """Return a block of whole weeks, given by their numbers; no rows: an empty one."""
    is_empty = rows_count == 0
    facts: dict[str, object] = {
        "name": name,
        "rows_count": rows_count,
        "other_rows_count": 0,
        "weeks_count": 0 if is_empty else last - first + 1,
        "first_week": None if is_empty else week_number(first),
        "last_week": None if is_empty else week_number(last),
        "base_rate": None if is_empty else 0.4,
        **changes,
    }
    return BlockFacts(**facts)  # type: ignore[arg-type] - fields by name


def make_blocks(test_rows: int = 6_000, stop_rows: int = 2_000) -> tuple[BlockFacts, ...]:
    """Return the four blocks of a year."""
    return (
        make_block("fit", 1, 20, 8_000),
        make_block("stop", 24, 28, stop_rows),
        make_block("calibrate", 32, 36, 2_000),
        make_block("test", 40, 49, test_rows),
    )


def make_model(**changes: object) -> ModelVersion:
    """Return a network for the label level; *changes* replace its fields."""
    feed = changes.get("feed", "spotify_charts_us")
    parts: dict[str, object] = {
        "version": f"{feed}-2024-12-12-level-network-0123456789",
        "feed": feed,
        "kind": "network",
        "label": "level",
        "horizon_weeks": 4,
        "trained_week": dt.date(2024, 12, 12),
        "seen_until_week": week_number(36),
        "artefact_sha256": SHA256,
        **changes,
    }
    return ModelVersion(**parts)  # type: ignore[arg-type] - fields by name


def make_material(
    evaluation: Evaluation | None = None,
    *,
    model: ModelVersion | None = None,
    manifest: Manifest | None = None,
    spec: FormatSpec = CHARTS,
    **changes: object,
) -> CardMaterial:
    """Return the material of a tested network; *changes* replace its further fields."""
    parts: dict[str, object] = {
        "model": model or make_model(),
        "manifest": manifest or make_manifest(evaluation or make_evaluation(), test=make_test()),
        "spec": spec,
        "blocks": make_blocks(),
        "other_feeds": (),
        "exports_count": 49,
        "trained_because": "first",
        "decision": "promoted: the feed's first model",
        **changes,
    }
    return CardMaterial(**parts)  # type: ignore[arg-type] - fields by name


def make_untested(**model: object) -> CardMaterial:
    """Return the material of a model without a test block."""
    return make_material(
        model=make_model(**model), manifest=make_manifest(), blocks=make_blocks(test_rows=0)
    )
