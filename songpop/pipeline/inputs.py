"""What a week is scored from: the features that its model asks for."""

from collections.abc import Iterator

import polars as pl

from songpop.features.build import build_feature_parts
from songpop.features.lookback import Lookback, find_ranges
from songpop.features.totals import read_totals
from songpop.model.inputs import KEY_COLUMNS
from songpop.model.partition import INPUTS
from songpop.model.scorer import Scorer
from songpop.pipeline.session import WeekRun
from songpop.reasons.cohort import AGE_FEATURE
from songpop.registry import ModelVersion
from songpop.schemas import features_schema, validate
from songpop.warehouse.parts import Parts, PartsWriter


def build_inputs(run: WeekRun, lookback: Lookback, scorer: Scorer, model: ModelVersion) -> Parts:
    """Build the week's features range by range, keeping only what is asked for.

    Args:
        run: the week.
        lookback: what they are built from.
        scorer: of the model.
        model: the version that scores the week.

    Returns:
        Features, (n, keys + features), in the order of track_id, in parts of whole batches: the
        model's own, Float32 with NaN for missing, and the track's age where the format has one,
        for the words of the reasons.

    Raises:
        CheckError: the model asks for a feature that the format does not give.
    """
    writer = PartsWriter(run.parts, INPUTS, run.part_rows)
    for built in _build(run, lookback, exclude_leaking=model.label == "snapshot"):
        # Made dense at once, so that the features that no one asks for are let go.
        features = keep_inputs(built, scorer)
        schema = features_schema(features.columns[len(KEY_COLUMNS) :])
        writer.add(validate(schema, features, f"features of {run.plan.name}"))
    return writer.finish()


def _build(run: WeekRun, lookback: Lookback, *, exclude_leaking: bool) -> Iterator[pl.DataFrame]:
    con, plan = run.session.con, run.plan
    totals = read_totals(con, plan.feed, plan.week, run.spec)
    for tracks in find_ranges(con, plan.feed, plan.week, run.rows_count or 0, run.part_rows):
        yield from build_feature_parts(
            lookback.read(tracks),
            run.spec,
            plan.week,
            exclude_leaking=exclude_leaking,
            totals=totals,
        )


def keep_inputs(part: pl.DataFrame, scorer: Scorer) -> pl.DataFrame:
    """Return of *part*'s features those that *scorer* asks for, dense, and the track's age.

    The age is null where it is unknown unless the model asks for it, and absent where the format
    has none.
    """
    kept = part.select(KEY_COLUMNS).hstack(scorer.inputs.make_dense(part))
    if AGE_FEATURE in part.columns and AGE_FEATURE not in kept.columns:
        return kept.with_columns(part[AGE_FEATURE])
    return kept
