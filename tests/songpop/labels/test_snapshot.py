import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from songpop.errors import InputError
from songpop.labels.ranking import LABEL_COLUMNS
from songpop.labels.snapshot import snapshot_labels
from tests.songpop.features.make_weeks import FEED, WEEK, make_spec, make_weeks

SPEC = make_spec()


def test_tracks_above_the_median_of_the_week_are_high() -> None:
    rows = make_weeks(
        {"track_id": "c", "score_points": 30.0},
        {"track_id": "a", "score_points": 10.0},
        {"track_id": "b", "score_points": 20.0},
    )

    assert snapshot_labels(rows, SPEC).rows() == [
        (FEED, WEEK, "a", "snapshot", False, 1 / 3, pytest.approx(-1 / 2), None, WEEK),
        (FEED, WEEK, "b", "snapshot", False, 2 / 3, pytest.approx(-1 / 6), None, WEEK),
        (FEED, WEEK, "c", "snapshot", True, 1.0, pytest.approx(1 / 6), None, WEEK),
    ]


def test_a_track_without_a_score_has_no_label_and_shifts_no_median() -> None:
    rows = make_weeks(
        {"track_id": "a", "score_points": 10.0},
        {"track_id": "b", "score_points": 20.0},
        {"track_id": "c"},
        {"track_id": "d", "score_points": float("nan")},
    )

    labels = snapshot_labels(rows, SPEC)

    assert labels.select("track_id", "is_high", "outcome_percentile").rows() == [
        ("a", False, 0.5),
        ("b", True, 1.0),
    ]


def test_a_format_without_a_snapshot_source_is_refused_by_name() -> None:
    spec = make_spec(snapshot_source=None)

    with pytest.raises(
        InputError,
        match=r"label of format invented: expected level or growth.*got snapshot; change the",
    ):
        snapshot_labels(make_weeks({"track_id": "a"}), spec)


@settings(deadline=None)  # a busy machine is no failure
@given(st.lists(st.none() | st.integers(0, 9).map(float), max_size=30), st.integers(0, 99))
def test_at_most_half_are_high_and_order_does_not_matter(
    scores: list[float | None], seed: int
) -> None:
    rows = make_weeks(
        *({"track_id": f"t{i:02}", "score_points": score} for i, score in enumerate(scores))
    )

    labels = snapshot_labels(rows, SPEC)

    assert labels.columns == list(LABEL_COLUMNS)
    assert labels.height == sum(score is not None for score in scores)
    assert labels.get_column("is_high").sum() * 2 <= labels.height
    assert labels.get_column("outcome_percentile").is_between(0, 1, closed="right").all()
    assert ((labels["margin"] > 0) == labels["is_high"]).all()
    assert labels.equals(snapshot_labels(rows.sample(fraction=1, shuffle=True, seed=seed), SPEC))
