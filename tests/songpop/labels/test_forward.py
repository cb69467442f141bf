import datetime as dt
from collections.abc import Mapping

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from songpop.labels.forward import ForwardKind
from songpop.labels.ranking import LABELS_SCHEMA
from tests.songpop.features.make_weeks import FEED, WEEK, make_spec, make_weeks
from tests.songpop.labels.label import forward_labels

SPEC = make_spec()
LATER = WEEK + dt.timedelta(weeks=4)

Sizes = Mapping[str, int | None]


def make_week(
    sizes: Sizes, week: dt.date = WEEK, ages_days: Mapping[str, int] | None = None
) -> pl.DataFrame:
    ages = ages_days or {}
    return make_weeks(
        *(
            {
                "track_id": track,
                "streams_count": size,
                "release_date": WEEK - dt.timedelta(days=ages[track]) if track in ages else None,
            }
            for track, size in sizes.items()
        ),
        week=week,
    )


def label_of(now: Sizes, later: Sizes, kind: ForwardKind) -> dict[str, bool]:
    labels = forward_labels(make_week(now), make_week(later, LATER), SPEC, kind)
    return dict(labels.select("track_id", "is_high").rows())


def test_level_is_high_within_the_upper_half_of_the_later_week() -> None:
    labels = forward_labels(
        make_week({"a": 1, "b": 2, "c": 3}),
        make_week({"a": 9, "b": 5, "new": 7, "x": 1}, LATER),
        SPEC,
        "level",
    )

    # The new entrant "new" takes the second place of the upper half and is no row itself.
    assert labels.rows() == [
        (FEED, WEEK, "a", "level", True, 1.0, 0.375, 1 / 3, LATER),
        (FEED, WEEK, "b", "level", False, 0.5, -0.125, 2 / 3, LATER),
        (FEED, WEEK, "c", "level", False, 0.0, -0.625, 1.0, LATER),
    ]


def test_the_middle_of_an_odd_week_is_not_in_its_upper_half() -> None:
    assert label_of({"a": 1, "b": 1, "c": 1}, {"a": 3, "b": 2, "c": 1}, "level") == {
        "a": True,
        "b": False,
        "c": False,
    }


def test_a_track_whose_size_is_unknown_later_ranks_last() -> None:
    assert label_of({"a": 1, "b": 1}, {"a": None, "b": 0}, "level") == {"a": False, "b": True}


@pytest.mark.parametrize("kind", ["level", "growth"])
def test_without_the_later_export_there_are_no_labels(kind: ForwardKind) -> None:
    labels = forward_labels(make_week({"a": 1}), make_week({}, LATER), SPEC, kind)

    assert labels.height == 0
    assert labels.schema == LABELS_SCHEMA


def test_growth_compares_a_track_with_its_own_size_quintile() -> None:
    now = {f"t{i}": 10 * (10 - i) for i in range(10)}  # two tracks a quintile
    later = {track: size * (2 if int(track[1]) % 2 else 3) for track, size in now.items()}

    assert label_of(now, later, "growth") == {f"t{i}": i % 2 == 0 for i in range(10)}


def test_growth_is_of_the_share_of_the_total_not_of_the_size() -> None:
    # All grow tenfold, so no share changes: ties are low, whatever a logarithm's last bit says.
    now = {f"t{i}": i + 1 for i in range(25)}
    later = {track: 10 * size for track, size in now.items()}

    assert not any(label_of(now, later, "growth").values())


@pytest.mark.parametrize(("size", "more", "is_told_apart"), [(10**12, 3, True), (10**13, 4, False)])
def test_changes_are_told_apart_by_twelve_decimals(
    size: int,
    more: int,
    is_told_apart: bool,  # noqa: FBT001 - a parameter of the test
) -> None:
    # Log shares change by 3e-12 of each other, or by 4e-13: no more than a sum's last bits.
    now = {"a": size, "b": size} | {f"t{i}": 10 for i in range(8)}

    assert label_of(now, {**now, "b": size + more}, "growth")["b"] == is_told_apart


@pytest.mark.parametrize(("size", "is_present_higher"), [(109, True), (112, False)])
def test_an_absent_track_falls_a_tenth_below_the_lowest_later_share(
    size: int,
    is_present_higher: bool,  # noqa: FBT001 - a parameter of the test
) -> None:
    # The two share the top quintile. "present" has the lowest share later, so it falls by 0.1
    # less than "absent" would from the same size, and log 1.09 < 0.1 < log 1.12.
    now = {"present": size, "absent": 100} | {f"t{i}": 10 for i in range(8)}

    label = label_of(now, {"present": 1, "newcomer": 5}, "growth")

    assert (label["present"], label["absent"]) == (is_present_higher, not is_present_higher)


def test_an_absent_track_keeps_its_percentile_of_zero_under_growth() -> None:
    labels = forward_labels(
        make_week({"a": 5, "b": 4}), make_week({"b": 9, "z": 1}, LATER), SPEC, "growth"
    )

    assert labels.select("track_id", "outcome_percentile").rows() == [("a", 0.0), ("b", 1.0)]


def test_a_size_of_zero_or_null_later_counts_as_absent_under_growth() -> None:
    now = dict.fromkeys("abcdefghijklmno", 10)
    later = {"a": 50, "b": 0, "d": 50, "e": None}

    label = label_of(now, later, "growth")

    # Quintiles of three: (a, b, c) and (d, e, f). b, c, e and f fall equally.
    assert [label[track] for track in "abcdef"] == [True, False, False, True, False, False]


def test_a_track_without_a_size_now_has_no_growth_label() -> None:
    assert set(label_of({"a": 5, "b": 0, "c": None}, {"a": 1, "b": 2, "c": 3}, "growth")) == {"a"}


@pytest.mark.parametrize(("now", "later"), [(5, None), (5, 0), (0, 5), (None, 5)])
def test_growth_is_undefined_where_a_week_has_no_sizes(now: int | None, later: int | None) -> None:
    assert label_of({"a": now}, {"a": later}, "growth") == {}


@pytest.mark.parametrize("kind", ["level", "growth"])
def test_percentiles_are_of_whole_weeks_ties_in_the_order_of_tracks(kind: ForwardKind) -> None:
    labels = forward_labels(
        make_week({"b": 5, "a": 5, "c": 1, "d": None}),
        make_week({"b": 1, "a": 1, "c": None, "new": 3}, LATER),
        SPEC,
        kind,
    )

    assert labels.select("track_id", "size_percentile", "outcome_percentile").rows()[:3] == [
        ("a", 1.0, 0.75),
        ("b", 0.75, 0.5),
        ("c", 0.5, 0.25),
    ]


@pytest.mark.parametrize("kind", ["level", "growth"])
def test_other_feeds_and_weeks_say_nothing(kind: ForwardKind) -> None:
    now, later = make_week({"a": 1, "b": 2, "c": 3}), make_week({"a": 9, "b": 5, "x": 1}, LATER)
    others = [
        make_week({"a": 7, "d": 8, "e": 9}, week).with_columns(feed=pl.lit(feed))
        for feed, week in (("other", WEEK), ("other", LATER), (FEED, WEEK + dt.timedelta(weeks=1)))
    ]

    labels = forward_labels(now, pl.concat([later, *others]), SPEC, kind)

    assert labels.equals(forward_labels(now, later, SPEC, kind))


@pytest.mark.parametrize(("young_count", "is_divided"), [(50, True), (49, False)])
def test_a_quintile_is_divided_by_age_only_where_fifty_rows_remain(
    young_count: int,
    is_divided: bool,  # noqa: FBT001 - a parameter of the test
) -> None:
    # One quintile holds all the young, which all outgrow its as many old; the other four
    # quintiles are old and smaller.
    count = 2 * young_count
    now = {f"t{i:03}": 10**6 - i for i in range(5 * count)}
    top = [f"t{i:03}" for i in range(count)]
    young = top[::2]
    growth = {track: 10_000 + i for i, track in enumerate(top)} | {
        track: 20_000 + i for i, track in enumerate(young)
    }
    later = {track: size * growth.get(track, 15_000) for track, size in now.items()}
    ages = {track: 10 if track in young else 700 for track in now}

    labels = forward_labels(make_week(now, ages_days=ages), make_week(later, LATER), SPEC, "growth")
    high_young = labels.filter(pl.col("track_id").is_in(young) & pl.col("is_high")).height

    assert high_young == (young_count // 2 if is_divided else young_count)


@pytest.mark.parametrize(
    ("one_days", "other_days", "are_divided"),
    [
        (0, 27, False),
        (27, 28, True),
        (28, 90, False),
        (90, 91, True),
        (364, 365, True),
        (1824, 1825, True),
        (1825, 9_999, False),
        (-1, 0, True),
        (-1, None, False),
        (None, 0, True),
        (None, 28, True),
    ],
)
def test_ages_are_divided_at_their_steps_and_the_unreleased_are_apart(
    one_days: int | None,
    other_days: int | None,
    are_divided: bool,  # noqa: FBT001 - a parameter of the test
) -> None:
    # The top quintile holds fifty of either age, and those of the one outgrow all of the other.
    now = {f"t{i:03}": 10**6 - i for i in range(500)}
    one, other = ([f"t{i:03}" for i in range(start, 100, 2)] for start in (0, 1))
    later = {
        track: size * (2 if track in other else 3) + i
        for i, (track, size) in enumerate(now.items())
    }
    ages = {
        track: days
        for tracks, days in ((one, one_days), (other, other_days))
        for track in tracks
        if days is not None
    }

    labels = forward_labels(make_week(now, ages_days=ages), make_week(later, LATER), SPEC, "growth")
    high = set(labels.filter("is_high")["track_id"])

    assert len(high & {*one}) == (25 if are_divided else 50)
    assert len(high & {*other}) == (25 if are_divided else 0)


def margins_of(now: Sizes, later: Sizes, **ages_days: int) -> dict[str, float]:
    rows = make_week(now, ages_days=ages_days)
    labels = forward_labels(rows, make_week(later, LATER), SPEC, "growth")
    return dict(labels.select("track_id", "margin").rows())


def test_a_margin_of_growth_is_the_distance_from_the_cohorts_cut_in_shares_of_it() -> None:
    # Twenty tracks, four a quintile; in each the first grows least.
    now = {f"t{i:02}": 1_000 - i for i in range(20)}
    later = {track: size * (2 + int(track[1:]) % 4) for track, size in now.items()}

    margins = margins_of(now, later)

    for i in range(20):
        assert margins[f"t{i:02}"] == pytest.approx([-0.375, -0.125, 0.125, 0.375][i % 4])


def test_changes_that_tie_have_one_margin() -> None:
    now = {f"t{i}": 100 for i in range(5)} | {f"u{i}": 10 for i in range(20)}
    later = {"t0": 100, "t1": 100, "t2": 100, "t3": 300, "t4": 50} | {
        f"u{i}": 10 for i in range(20)
    }

    margins = margins_of(now, later)

    # Of the five, one fell, three stayed and one, the only high one, rose.
    assert margins["t0"] == margins["t1"] == margins["t2"] == pytest.approx(0.5 - 0.8)
    assert margins["t4"] == pytest.approx(0.1 - 0.8)
    assert margins["t3"] == pytest.approx(0.9 - 0.8)


def test_absent_tracks_are_the_farthest_below_the_cut_of_growth() -> None:
    now = {f"t{i}": 100 for i in range(5)} | {f"u{i}": 10 for i in range(20)}
    later = {"t0": 90, "t1": 100, "t2": 110} | {f"u{i}": 1 for i in range(20)}

    margins = margins_of(now, later)

    assert margins["t3"] == margins["t4"] == min(margins[f"t{i}"] for i in range(5))


def test_what_is_left_of_a_quintile_keeps_margins_on_the_side_of_its_label() -> None:
    # Sixty young of the hundred in the top quintile are a cohort; the forty old are cut at the
    # median of all hundred, which few of them reach.
    now = {f"t{i:03}": 10**6 - i for i in range(500)}
    ages = {track: 10 if int(track[1:]) < 60 else 700 for track in now}
    later = {
        track: size * (20_000 if ages[track] == 10 else 10_000) + 7_919 * i**2 % 10**9
        for i, (track, size) in enumerate(now.items())
    }

    labels = forward_labels(make_week(now, ages_days=ages), make_week(later, LATER), SPEC, "growth")

    left = labels.filter(pl.col("track_id").is_between(pl.lit("t060"), pl.lit("t099")))
    assert left["is_high"].sum() < left.height / 2
    assert ((labels["margin"] > 0) == labels["is_high"]).all()
    assert labels["margin"].is_between(-1, 1).all()


def test_a_cohort_of_the_unreleased_is_not_what_is_left_of_a_quintile() -> None:
    # Of the hundred in the top quintile sixty have no release date; twenty young and twenty old
    # are too few for cohorts, so they are left.
    now = {f"t{i:03}": 10**6 - i for i in range(500)}
    later = {track: size * (2 + i) for i, (track, size) in enumerate(now.items())}
    ages = {f"t{i:03}": 10 if i < 80 else 700 for i in range(60, 100)}

    margins = margins_of(now, later, **ages)

    assert margins["t000"] == pytest.approx(0.5 / 60 - 30 / 60)
    assert margins["t059"] == pytest.approx(59.5 / 60 - 30 / 60)


@pytest.mark.parametrize("kind", ["level", "growth"])
def test_labels_are_of_the_earlier_week_and_matured_in_the_later(kind: ForwardKind) -> None:
    now = make_week({"a": 1, "b": 2, "c": 3})

    labels = forward_labels(now, make_week({"a": 9, "b": 5, "x": 1}, LATER), SPEC, kind)

    assert labels.select("feed", "week", "label", "matured_week").unique().rows() == [
        (FEED, WEEK, kind, LATER)
    ]


def test_a_later_week_of_one_track_keeps_margins_in_range() -> None:
    labels = forward_labels(make_week({"a": 1, "b": 2}), make_week({"b": 1}, LATER), SPEC, "level")

    assert labels["margin"].to_list() == [-1.0, -0.5]


SIZES = st.dictionaries(
    st.integers(0, 30).map(lambda i: f"t{i:02}"), st.none() | st.integers(0, 50), max_size=25
)


@settings(deadline=None)  # a busy machine is no failure
@given(SIZES, SIZES, st.sampled_from(["level", "growth"]), st.integers(0, 99))
def test_labels_are_of_the_rows_alone_and_depend_on_no_order(
    now: dict[str, int | None], later: dict[str, int | None], kind: ForwardKind, seed: int
) -> None:
    rows, after = make_week(now), make_week(later, LATER)

    labels = forward_labels(rows, after, SPEC, kind)
    shuffled = forward_labels(
        rows.sample(fraction=1, shuffle=True, seed=seed),
        after.sample(fraction=1, shuffle=True, seed=seed),
        SPEC,
        kind,
    )

    assert labels.equals(shuffled)
    assert set(labels.get_column("track_id")) <= set(now)
    assert labels.get_column("outcome_percentile").is_between(0, 1).all()
    absent = labels.filter(~pl.col("track_id").is_in(list(later)))
    assert (absent.get_column("outcome_percentile") == 0).all()
    assert ((labels["margin"] > 0) == labels["is_high"]).all()
    assert labels["margin"].is_between(-1, 1).all()
    if kind == "level":
        assert labels.height == (len(now) if later else 0)
        assert labels.get_column("is_high").sum() * 2 <= len(later)
    else:
        assert labels.get_column("is_high").sum() * 2 <= labels.height
