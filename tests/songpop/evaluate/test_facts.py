import datetime as dt
from collections.abc import Mapping

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from songpop.evaluate.facts import make_facts
from songpop.settings import LabelKind
from tests.songpop.features.make_weeks import FEED, WEEK, make_spec

SPEC = make_spec()
SIZE = "streams_count__log"


def make_features(*rows: Mapping[str, object]) -> pl.DataFrame:
    """Return Features; what a row omits of keys is that of the one feed and week."""
    complete = [
        {"feed": FEED, "week": WEEK, "track_id": f"t{number}", **row}
        for number, row in enumerate(rows)
    ]
    return pl.DataFrame(complete, infer_schema_length=None).with_columns(
        pl.col("^.*__.*$").cast(pl.Float32)
    )


def facts_of(
    features: pl.DataFrame, label: LabelKind = "level", horizon_weeks: int = 4
) -> pl.DataFrame:
    nobody = pl.Series([None] * features.height, dtype=pl.String)
    return make_facts(features, nobody, SPEC, label, horizon_weeks)


def test_a_guest_and_capitals_make_no_other_artist() -> None:
    names = pl.Series(["A, B", "a", " A ", "B, A", "AB"])
    features = make_features(*({SIZE: 1.0} for _ in names))

    facts = make_facts(features, names, SPEC, "level", 4)

    assert facts["artist"].to_list() == ["a", "a", "a", "b", "ab"]


def test_a_track_without_an_artist_is_its_own_and_no_artists_namesake() -> None:
    names = pl.Series([None, "", "  ", ", x", "t0"])
    features = make_features(*({SIZE: 1.0} for _ in names))

    facts = make_facts(features, names, SPEC, "level", 4)

    assert facts["artist"].to_list() == [" t0", " t1", " t2", " t3", "t0"]


def test_percentiles_are_within_a_feeds_week() -> None:
    later = WEEK + dt.timedelta(weeks=1)
    features = make_features(
        {SIZE: 1.0},
        {SIZE: 2.0},
        {SIZE: 9.0, "week": later},
        {SIZE: 8.0, "week": later, "feed": "other"},
    )

    assert facts_of(features)["size"].to_list() == [0.5, 1.0, 1.0, 1.0]


def test_ties_share_a_percentile_and_an_unknown_size_has_none() -> None:
    features = make_features({SIZE: 3.0}, {SIZE: 3.0}, {SIZE: None}, {SIZE: 5.0}, {SIZE: 1.0})

    assert facts_of(features)["size"].to_list() == [0.625, 0.625, None, 1.0, 0.25]


def test_under_level_what_is_large_stays_large() -> None:
    features = make_features({SIZE: 1.0}, {SIZE: 2.0})

    facts = facts_of(features)

    assert facts["today"].to_list() == facts["size"].to_list() == [0.5, 1.0]


@pytest.mark.parametrize(
    ("horizon_weeks", "lag"), [(1, 1), (3, 2), (4, 4), (8, 4), (9, 13), (26, 13)]
)
def test_under_growth_the_change_nearest_to_the_horizon_persists(
    horizon_weeks: int, lag: int
) -> None:
    changes = {f"streams_count__growth_{k}w": 0.0 for k in (1, 2, 4, 13, 52)}
    mine = f"streams_count__growth_{lag}w"
    features = make_features({SIZE: 9.0, **changes}, {SIZE: 1.0, **changes, mine: 1.0})

    facts = facts_of(features, "growth", horizon_weeks)

    assert facts["today"].to_list() == [0.5, 1.0]
    assert facts["size"].to_list() == [1.0, 0.5]


def test_growth_without_a_change_to_go_by_is_unknown() -> None:
    assert facts_of(make_features({SIZE: 9.0}), "growth")["today"].to_list() == [None]


def test_a_snapshot_knows_neither_size_nor_today() -> None:
    facts = facts_of(make_features({SIZE: 9.0}), "snapshot", 0)

    assert facts.select("size", "today").row(0) == (None, None)


@pytest.mark.parametrize("days", [0, 27, 28, 91, 364, 365, 1_824, 1_825, 30_000])
def test_ages_are_whole_days_since_the_release(days: int) -> None:
    features = make_features({SIZE: 1.0, "age_days__log": np.log1p(days)})

    assert facts_of(features)["age_weeks"].item() == days / 7


@pytest.mark.parametrize("weeks", [0, 4, 13, 52, 260, 5 / 7])
def test_without_release_dates_ages_count_from_the_first_sighting(weeks: float) -> None:
    features = make_features({SIZE: 1.0, "weeks_since_first_seen__log": np.log1p(weeks)})

    assert facts_of(features)["age_weeks"].item() == weeks


def test_an_age_is_null_where_it_is_unknown() -> None:
    unknown = make_features({SIZE: 1.0, "age_days__log": None}, {SIZE: 1.0, "age_days__log": 0.0})

    assert facts_of(unknown)["age_weeks"].to_list() == [None, 0.0]
    assert facts_of(make_features({SIZE: 1.0}))["age_weeks"].to_list() == [None]


ROWS = st.lists(
    st.tuples(
        st.sampled_from(["f", "g"]),
        st.none() | st.integers(0, 3),
        st.none() | st.sampled_from(["A", "a, b", "c", ""]),
    ),
    min_size=1,
    max_size=12,
)


@given(ROWS, st.integers(0, 99))
def test_the_order_of_rows_does_not_matter(
    rows: list[tuple[str, int | None, str | None]], seed: int
) -> None:
    features = make_features(*({"feed": feed, SIZE: size} for feed, size, _ in rows))
    names = pl.Series([name for *_, name in rows], dtype=pl.String)
    order = np.random.default_rng(seed).permutation(len(rows))

    facts = make_facts(features, names, SPEC, "level", 4)
    shuffled = make_facts(features[order], names[order], SPEC, "level", 4)

    assert shuffled.equals(facts[order])
    assert facts["size"].drop_nulls().is_between(0, 1, closed="right").all()
    assert facts["size"].is_null().to_list() == features[SIZE].is_null().to_list()
