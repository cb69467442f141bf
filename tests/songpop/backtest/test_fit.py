import datetime as dt
from dataclasses import replace

import numpy as np
import polars as pl
import pytest

from songpop.backtest.fit import MODELS, divide, score_origin
from songpop.backtest.origins import list_origins
from songpop.model.calibration import Calibration
from songpop.training.gather import TrainingSet
from tests.builders import week_number
from tests.songpop.backtest.make_material import (
    FEEDS,
    PLAN,
    WEEK_ROWS,
    flip,
    make_material,
    rows_of,
)

MATERIAL = make_material()
ORIGIN = list_origins(MATERIAL.weeks, PLAN)[0]
OUTPUTS = [*MODELS, "outcome_low", "outcome_high", "constant_low", "constant_high"]
KEYS = ["feed", "week", "track_id"]


def score(material: TrainingSet = MATERIAL) -> pl.DataFrame:
    return score_origin(material, ORIGIN, FEEDS, PLAN.training)


@pytest.fixture(scope="module", name="plain")
def _plain() -> pl.DataFrame:
    """Return the predictions of one origin, made once."""
    return score()


def changed(one: pl.DataFrame, other: pl.DataFrame) -> set[str]:
    return {name for name in OUTPUTS if not one[name].equals(other[name])}


def test_blocks_hold_the_rows_of_every_feed_and_leave_the_embargo_out() -> None:
    blocks = divide(MATERIAL.labels, ORIGIN)

    for name in ("fit", "stop", "calibrate", "test"):
        rows = rows_of(MATERIAL, blocks, name)
        weeks = getattr(ORIGIN, name)
        assert tuple(rows["week"].unique().sort()) == weeks
        assert rows.height == 2 * WEEK_ROWS * len(weeks)
    assert sum(blocks.counts().values()) < MATERIAL.labels.height


def test_a_label_that_was_known_after_a_block_began_is_in_none_before_it() -> None:
    is_late = (pl.col("feed") == "gb") & (pl.col("week") == ORIGIN.calibrate[-1])
    day_late = pl.when(is_late).then(ORIGIN.test[0] + dt.timedelta(days=1))
    labels = MATERIAL.labels.with_columns(
        day_late.otherwise(pl.col("matured_week")).alias("matured_week")
    )

    before, after = divide(MATERIAL.labels, ORIGIN), divide(labels, ORIGIN)

    assert np.isin(after.calibrate, before.calibrate).all()
    gone = MATERIAL.labels[np.setdiff1d(before.calibrate, after.calibrate)]
    assert gone.height == MATERIAL.labels.filter(is_late).height > 0
    assert gone.select(is_late).to_series().all()
    assert np.array_equal(before.fit, after.fit)


def test_there_is_one_prediction_for_each_tested_row(plain: pl.DataFrame) -> None:
    tested = MATERIAL.labels.filter(pl.col("week").is_in(ORIGIN.test))

    assert plain.select(KEYS).sort(KEYS).equals(tested.select(KEYS).sort(KEYS))
    assert plain["origin"].unique().to_list() == [week_number(16)]
    assert plain.null_count().sum_horizontal().item() == 0
    assert all(plain[name].is_between(0, 1).all() for name in OUTPUTS)


def test_predictions_stand_beside_their_own_labels_and_facts(plain: pl.DataFrame) -> None:
    known = MATERIAL.labels.hstack(MATERIAL.facts)
    columns = [*KEYS, "is_high", "outcome_percentile", *MATERIAL.facts.columns]

    beside = plain.select(KEYS).join(known, on=KEYS, how="left", maintain_order="left")

    assert plain.select(columns).equals(beside.select(columns))


def test_each_feed_is_calibrated_on_its_own_rows(plain: pl.DataFrame) -> None:
    base_rates = plain.group_by("feed").agg(pl.col("is_high", *MODELS).mean()).sort("feed")

    assert base_rates["feed"].to_list() == list(FEEDS)
    for model in MODELS:
        assert base_rates[model].to_list() == pytest.approx(
            base_rates["is_high"].to_list(), abs=0.1
        )


def test_another_feeds_calibration_rows_change_no_score(plain: pl.DataFrame) -> None:
    is_other = pl.col("week").is_in(ORIGIN.calibrate) & (pl.col("feed") == "gb")

    altered = score(flip(MATERIAL, is_other))

    us, gb = (pl.col("feed") == feed for feed in ("us", "gb"))
    assert changed(plain.filter(us), altered.filter(us)) == set()
    assert changed(plain.filter(gb), altered.filter(gb)) >= {"constant", "network", "constant_low"}


def test_no_label_from_the_embargo_on_changes_a_bit(plain: pl.DataFrame) -> None:
    learned = {*ORIGIN.fit, *ORIGIN.stop, *ORIGIN.calibrate}

    altered = score(flip(MATERIAL, ~pl.col("week").is_in(list(learned))))

    assert changed(plain, altered) == set()
    assert plain["is_known_artist"].equals(altered["is_known_artist"])
    assert not plain["is_high"].equals(altered["is_high"])


def test_no_feature_of_a_later_week_changes_a_bit(plain: pl.DataFrame) -> None:
    later = pl.col("week") > ORIGIN.test[0]
    features = MATERIAL.features.with_columns(
        pl.when(later).then(pl.col(pl.Float32) * 3 + 1).otherwise(pl.col(pl.Float32)).name.keep()
    )

    altered = score(replace(MATERIAL, features=features))

    first = pl.col("week") == ORIGIN.test[0]
    assert changed(plain.filter(first), altered.filter(first)) == set()
    assert "network" in changed(plain, altered)


def test_a_feed_without_calibration_rows_keeps_its_raw_scores_and_the_whole_range() -> None:
    is_kept = ~((MATERIAL.labels["feed"] == "gb") & MATERIAL.labels["week"].is_in(ORIGIN.calibrate))
    fewer = replace(
        MATERIAL,
        features=MATERIAL.features.filter(is_kept),
        labels=MATERIAL.labels.filter(is_kept),
        facts=MATERIAL.facts.filter(is_kept),
    )

    gb = score(fewer).filter(pl.col("feed") == "gb")

    assert gb["outcome_low"].unique().to_list() == gb["constant_low"].unique().to_list() == [0]
    assert gb["outcome_high"].unique().to_list() == gb["constant_high"].unique().to_list() == [1]
    learned = MATERIAL.labels.filter(pl.col("week").is_in([*ORIGIN.fit, *ORIGIN.stop]))
    rate = np.log(learned["is_high"].mean() / (1 - learned["is_high"].mean()))  # type: ignore[operator] - a share
    assert gb["constant"][0] == pytest.approx(Calibration().probability(np.array([rate]))[0])
