"""What a week is scored from: the features that its model asks for."""

import polars as pl

from songpop.features.build import build_feature_parts
from songpop.model.inputs import KEY_COLUMNS
from songpop.model.scorer import Scorer
from songpop.pipeline.session import WeekRun
from songpop.reasons.cohort import AGE_FEATURE
from songpop.registry import ModelVersion
from songpop.schemas import features_schema, validate


def build_inputs(
    run: WeekRun, lookback: pl.DataFrame, scorer: Scorer, model: ModelVersion
) -> pl.DataFrame:
    """Build the week's features part by part, keeping only what is asked for.

    Args:
        run: the week.
        lookback: what ``read_lookback`` returned for it.
        scorer: of the model.
        model: the version that scores the week.

    Returns:
        Features, (n, keys + features), sorted by track_id: the model's own, Float32 with NaN for
        missing, and the track's age where the format has one, for the words of the reasons.

    Raises:
        CheckError: the model asks for a feature that the format does not give.
    """
    parts = build_feature_parts(
        lookback, run.spec, run.plan.week, exclude_leaking=model.label == "snapshot"
    )
    # Made dense here, so that there is no second copy of all parts.
    features = pl.concat(keep_inputs(part, scorer) for part in parts)
    schema = features_schema(features.columns[len(KEY_COLUMNS) :])
    return validate(schema, features, f"features of {run.plan.name}")


def keep_inputs(part: pl.DataFrame, scorer: Scorer) -> pl.DataFrame:
    """Return of *part*'s features those that *scorer* asks for, dense, and the track's age.

    The age is null where it is unknown unless the model asks for it, and absent where the format
    has none.
    """
    kept = part.select(KEY_COLUMNS).hstack(scorer.inputs.make_dense(part))
    if AGE_FEATURE in part.columns and AGE_FEATURE not in kept.columns:
        return kept.with_columns(part[AGE_FEATURE])
    return kept
