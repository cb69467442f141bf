import datetime as dt

import numpy as np
import polars as pl
import pytest

from songpop.errors import CheckError
from songpop.model.fit_inputs import fit_inputs
from songpop.model.inputs import FlagInput, MissingInput, QuantileInput
from tests.songpop.model.builders import make_features

RNG = np.random.default_rng(5)


def frame(**columns: object) -> pl.DataFrame:
    """Return a Features frame of these columns, without keys."""
    return pl.DataFrame(columns, strict=False).cast(pl.Float32)


def test_kinds_follow_from_names_and_missing_values() -> None:
    inputs = fit_inputs(make_features())

    assert inputs.names == (
        "streams_count__log",
        "streams_count__rate",
        "age_days__log",
        "shazam_count__log",
        "shazam_count__log?",
        "is_explicit__flag",
    )
    assert [type(spec) for spec in inputs.specs[3:]] == [QuantileInput, MissingInput, FlagInput]


def test_constant_and_empty_features_are_dropped() -> None:
    inputs = fit_inputs(frame(a__log=[1, 2, 3, 4], b__log=[7] * 4, c__log=[None] * 4))

    assert inputs.names == ("a__log",)


def test_a_constant_that_is_sometimes_missing_keeps_its_missing_flag() -> None:
    inputs = fit_inputs(frame(a__log=[1, 2, 3, 4], b__log=[7, None, 7, None]))

    assert inputs.names == ("a__log", "b__log?")


def test_features_that_rank_alike_are_kept_once() -> None:
    x = RNG.normal(size=500)
    inputs = fit_inputs(frame(a__log=x, b__level=np.exp(x), c__rank=-x, d__log=x**2))

    assert inputs.names == ("a__log", "d__log")


def test_features_that_differ_on_rare_rows_only_are_both_kept() -> None:
    # 60,000 rows, of which every third is compared first: the flags differ on the others alone.
    often = np.arange(60_000) % 300 == 0
    more = often | (np.arange(60_000) % 300 == 1)
    inputs = fit_inputs(frame(a__under_30=often, b__under_30=more, c__under_30=~often))

    assert inputs.names == ("a__under_30", "b__under_30")


def test_one_missing_flag_stands_for_each_pattern() -> None:
    x, gap = RNG.normal(size=300), RNG.random(300) < 0.3
    y, z = np.where(gap, np.nan, x), np.where(gap, np.nan, RNG.normal(size=300))
    inputs = fit_inputs(frame(a__log=y, b__log=z))

    assert inputs.names == ("a__log", "a__log?", "b__log")


def test_inputs_of_one_source_stand_together() -> None:
    x = RNG.normal(size=(3, 200))
    inputs = fit_inputs(frame(a__log=x[0], b__log=x[1], a__rate=x[2]))

    assert inputs.names == ("a__log", "a__rate", "b__log")
    assert inputs.sources == ("a", "b")


def weeks_of(count: int, **columns: object) -> pl.DataFrame:
    """Return a Features frame of two tracks in each of so many weeks."""
    weeks = [dt.date(2024, 1, 4) + dt.timedelta(weeks=week) for week in range(count)]
    keys = pl.DataFrame({"week": [week for week in weeks for _ in range(2)]})
    return keys.hstack(frame(a__log=range(2 * count), **columns))


@pytest.mark.parametrize(("count", "is_kept"), [(51, False), (52, True)])
def test_the_season_is_learnt_from_a_year_of_weeks_only(count: int, *, is_kept: bool) -> None:
    season = RNG.permutation(2 * count)

    assert ("season__sin" in fit_inputs(weeks_of(count, season__sin=season)).names) == is_kept


@pytest.mark.parametrize(("lacking", "is_kept"), [(2, True), (3, False)])
def test_a_change_is_left_out_where_many_weeks_lack_its_look_back(
    lacking: int, *, is_kept: bool
) -> None:
    values = [None] * 2 * lacking + RNG.permutation(16 - 2 * lacking).tolist()

    names = fit_inputs(weeks_of(8, b__growth_4w=values)).names

    assert ("b__growth_4w" in names) == ("b__growth_4w?" in names) == is_kept


def test_nothing_that_varies_is_refused() -> None:
    with pytest.raises(CheckError, match=r"features: expected one that varies .*, got none"):
        fit_inputs(frame(a__log=[1, 1]))


def test_infinite_values_are_refused_by_name() -> None:
    with pytest.raises(CheckError, match="finite or missing values, got infinite ones in 1: b__l"):
        fit_inputs(frame(a__log=[1, 2], b__log=[1, float("inf")]))


def test_rows_after_the_fit_block_change_nothing() -> None:
    features = make_features(300)

    assert fit_inputs(features[:200]) == fit_inputs(features[np.arange(200)])
    assert fit_inputs(features[:200]) != fit_inputs(features)
