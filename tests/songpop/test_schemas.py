import datetime as dt

import polars as pl
import pytest

from songpop.errors import CheckError
from songpop.formats.registry import load_formats
from songpop.schemas import (
    Labels,
    PlatformFacts,
    Quarantine,
    WeeklyScores,
    track_weeks_schema,
    validate,
)

WEEK = dt.date(2024, 6, 13)
SPEC = load_formats()["chartmetric"]


def make_tracks(**columns: object) -> pl.DataFrame:
    """Return one accepted row of the track table."""
    row = {
        "feed": "demo",
        "week": WEEK,
        "track_id": "US1",
        **dict.fromkeys(["title", "artist_name", "album_name", "label_name"], "x"),
        "release_date": None,
        "is_explicit": None,
        "flags": None,
        **dict.fromkeys((column.name for column in SPEC.metrics), None),
        **columns,
    }
    types = {column.name: column.sql_type for column in SPEC.metrics}
    numbers = {name: pl.Int64 if kind == "BIGINT" else pl.Float64 for name, kind in types.items()}
    fixed = {
        "release_date": pl.Date,
        "is_explicit": pl.Boolean,
        "flags": pl.String,
        "title": pl.String,
    }
    return pl.DataFrame([row], schema_overrides={**numbers, **fixed})


def make_scores(**columns: object) -> pl.DataFrame:
    """Return one published score."""
    row = {
        "feed": "demo",
        "week": WEEK,
        "track_id": "US1",
        "title": None,
        "artist_name": None,
        "score": 0.5,
        "outcome_low": None,
        "outcome_high": 1.0,
        "potential": "high",
        "is_provisional": False,
        "rank": 1,
        "percentile": 1.0,
        "reason_1": "age",
        "reason_1_contribution": -0.1,
        "reason_2": None,
        "reason_2_contribution": None,
        "reason_3": None,
        "reason_3_contribution": None,
        "model_version": "v1",
        "model_warning": None,
        "reason_1_text": "raises: released later than 94 % of this week's tracks",
        "reason_2_text": None,
        "reason_3_text": None,
        **columns,
    }
    texts = [
        "title",
        "artist_name",
        "model_warning",
        "reason_2",
        "reason_3",
        "reason_2_text",
        "reason_3_text",
    ]
    floats = ["outcome_low", "reason_2_contribution", "reason_3_contribution"]
    types = {**dict.fromkeys(texts, pl.String), **dict.fromkeys(floats, pl.Float64)}
    return pl.DataFrame([row], schema_overrides=types)


def make_labels(**columns: object) -> pl.DataFrame:
    """Return one matured label."""
    row = {
        "feed": "demo",
        "week": WEEK,
        "track_id": "US1",
        "label": "level",
        "is_high": True,
        "outcome_percentile": 0.5,
        "margin": 0.01,
        "size_percentile": 0.4,
        "matured_week": WEEK,
        **columns,
    }
    return pl.DataFrame([row])


def test_rows_that_fit_are_returned_as_they_are() -> None:
    tracks = make_tracks(shazam_count=0, release_date=WEEK)

    assert validate(track_weeks_schema(SPEC), tracks, "rows").equals(tracks)


def test_columns_follow_the_order_of_track_weeks_and_carry_their_units() -> None:
    schema = track_weeks_schema(SPEC)

    assert list(schema.columns) == make_tracks().columns
    assert schema.columns["shazam_count"].metadata == {"unit": "tags"}
    assert schema.columns["shazam_count"].description == "Shazams"


@pytest.mark.parametrize(
    ("columns", "name"),
    [
        ({"shazam_count": -1}, "shazam_count"),
        ({"all_time_rank": 0}, "all_time_rank"),
        ({"spotify_popularity_index": 101}, "spotify_popularity_index"),
        ({"track_score": float("nan")}, "track_score"),
        ({"track_score": float("inf")}, "track_score"),
        ({"week": dt.date(1899, 12, 31)}, "week"),
        ({"release_date": dt.date(1899, 12, 31)}, "release_date"),
        ({"track_id": ""}, "track_id"),
        ({"track_id": None}, "track_id"),
        ({"feed": 5}, "feed"),
        ({"more": 1}, "more"),
    ],
)
def test_row_that_does_not_fit_names_its_column(columns: dict[str, object], name: str) -> None:
    with pytest.raises(
        CheckError,
        match=rf"^rows: expected rows of TrackWeeks of chartmetric, got \d failures in 1: {name};",
    ):
        validate(track_weeks_schema(SPEC), make_tracks(**columns), "rows")


def test_absent_column_is_named() -> None:
    with pytest.raises(CheckError, match="got 1 failures in 1: title;"):
        validate(track_weeks_schema(SPEC), make_tracks().drop("title"), "rows")


def test_nothing_is_changed_to_fit() -> None:
    narrow = make_tracks().with_columns(pl.col("shazam_count").cast(pl.Int32))

    with pytest.raises(CheckError, match="shazam_count"):
        validate(track_weeks_schema(SPEC), narrow, "rows")


def test_scores_fit_before_and_after_they_are_written() -> None:
    schema = WeeklyScores.to_schema()
    scores = make_scores()
    moment = pl.lit(dt.datetime(2024, 6, 14, tzinfo=dt.UTC)).cast(pl.Datetime("us", "UTC"))

    validate(schema, scores, "scores")
    validate(schema, scores.with_columns(run_id=pl.lit("r"), scored_at=moment), "scores")


@pytest.mark.parametrize(
    ("columns", "name"),
    [
        ({"score": 1.01}, "score"),
        ({"score": float("nan")}, "score"),
        ({"potential": "medium"}, "potential"),
        ({"rank": 0}, "rank"),
        ({"percentile": 0.0}, "percentile"),
        ({"outcome_high": -0.1}, "outcome_high"),
        ({"reason_1_contribution": float("nan")}, "reason_1_contribution"),
        ({"model_version": ""}, "model_version"),
    ],
)
def test_impossible_score_names_its_column(columns: dict[str, object], name: str) -> None:
    with pytest.raises(CheckError, match=f"rows of WeeklyScores, got [12] failures in 1: {name};"):
        validate(WeeklyScores.to_schema(), make_scores(**columns), "scores")


@pytest.mark.parametrize(
    ("columns", "name"),
    [({"label": "other"}, "label"), ({"outcome_percentile": 1.5}, "outcome_percentile")],
)
def test_impossible_label_names_its_column(columns: dict[str, object], name: str) -> None:
    validate(Labels.to_schema(), make_labels(), "labels")

    with pytest.raises(CheckError, match=f"rows of Labels, got 1 failures in 1: {name};"):
        validate(Labels.to_schema(), make_labels(**columns), "labels")


def test_quarantined_row_has_a_line_and_a_reason() -> None:
    row = {"line": 2, "column_name": None, "reason": "too_few_cells", "raw_text": "x"}
    types = {"column_name": pl.String}
    good = pl.DataFrame([row], schema_overrides=types)
    validate(Quarantine.to_schema(), good, "bad rows")

    bad = pl.DataFrame([{**row, "line": 0, "reason": ""}], schema_overrides=types)
    with pytest.raises(CheckError, match="rows of Quarantine, got 2 failures in 2: line, reason;"):
        validate(Quarantine.to_schema(), bad, "bad rows")


FACT = {
    "line": 2,
    "subject": "track",
    "subject_id": "USRC17607839",
    "grain": "day",
    "sums_to": "week",
    "period_end": WEEK,
    "statement_day": None,
    **dict.fromkeys(["store", "country", "part"], None),
    "metric": "streams",
    "unit": "streams",
    "combined": "sum",
    "value": -1.0,
}


def make_fact(**columns: object) -> pl.DataFrame:
    """Return one number of a platform's export."""
    texts = dict.fromkeys(["store", "country", "part"], pl.String)
    return pl.DataFrame([{**FACT, **columns}], schema_overrides={**texts, "statement_day": pl.Date})


def test_number_of_a_platform_passes() -> None:
    assert validate(PlatformFacts.to_schema(), make_fact(), "facts").height == 1


@pytest.mark.parametrize(
    "column",
    [
        {"value": float("nan")},
        {"value": float("inf")},
        {"grain": "year"},
        {"combined": "product"},
        {"subject_id": ""},
        {"line": 0},
        {"money": 1},
    ],
)
def test_number_of_a_platform_that_is_none_is_refused(column: dict[str, object]) -> None:
    with pytest.raises(
        CheckError, match=rf"facts: expected rows of PlatformFacts.*{next(iter(column))}"
    ):
        validate(PlatformFacts.to_schema(), make_fact(**column), "facts")
