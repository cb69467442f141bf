"""What every table looks like at the boundaries, checked on eager frames in both directions.

The only module that imports pandera, which takes half a second. Uniqueness and totals over sets
of rows are checked in SQL, which is faster.
"""

import datetime as dt
from collections.abc import Iterable
from typing import Annotated, Any, Final, Optional

import pandera.polars as pa
import polars as pl
from pandera.api.polars.model_config import BaseConfig
from pandera.errors import SchemaErrors

from songpop.errors import CheckError, expected, list_names
from songpop.formats.spec import TEXT_COLUMNS, ColumnSpec, FormatSpec
from songpop.ingest.dates import EARLIEST_DATE, LATEST_WEEK

_INFINITY: Final = float("inf")
"""Below it are all numbers but NaN, which polars ranks above it."""


def _field(description: str, unit: str = "", **checks: Any) -> Any:  # noqa: ANN401 - as pandera has it
    return pa.Field(description=description, metadata={"unit": unit}, **checks)


class _Table(pa.DataFrameModel):
    class Config(BaseConfig):
        """No column beyond the declared ones, and no value changed to fit."""

        strict = True
        coerce = False


class _WeekTable(_Table):
    feed: str = _field("named stream of exports", str_length={"min_value": 1})
    week: dt.date = _field("last day of the period", ge=EARLIEST_DATE, le=LATEST_WEEK)
    track_id: str = _field("ISRC, or the platform's URI", str_length={"min_value": 1})


class Labels(_WeekTable):
    """ml.labels: one row per (feed, week, track_id) whose outcome is known."""

    label: str = _field("definition", isin=["level", "growth", "snapshot"])
    is_high: bool = _field("whether the track's potential proved high")
    outcome_percentile: float = _field("1 = largest, 0 = absent", "share", ge=0, le=1)
    margin: float = _field(
        "signed distance from the label's cut, in ranks", "share", ge=-1, le=1, nullable=True
    )
    size_percentile: float = _field(
        "of the size in the week itself, 1 = largest", "share", gt=0, le=1, nullable=True
    )
    matured_week: dt.date = _field("week that showed it", ge=EARLIEST_DATE, le=LATEST_WEEK)


class WeeklyScores(_WeekTable):
    """mart.weekly_scores: one row per (feed, week, track_id), the published score.

    ``run_id`` and ``scored_at`` are absent until the row is written.
    """

    title: str = _field("latest title", nullable=True)
    artist_name: str = _field("artists as exported", nullable=True)
    score: float = _field("calibrated probability of high potential", "probability", ge=0, le=1)
    outcome_low: float = _field(
        "lower end of the 80 % interval", "share", ge=0, le=1, nullable=True
    )
    outcome_high: float = _field("upper end of it", "share", ge=0, le=1, nullable=True)
    potential: str = _field("high from a score of 0.5 on", isin=["high", "low"])
    is_provisional: bool = _field("whether a stand-in for the network scored")
    rank: int = _field("1 = highest score of the week", "rank", ge=1)
    percentile: float = _field("share of the week that ranks no higher", "share", gt=0, le=1)
    reason_1: str = _field("strongest reason", nullable=True)
    reason_1_contribution: float = _field(
        "its signed part of the score", "log-odds", lt=_INFINITY, nullable=True
    )
    reason_2: str = _field("second reason", nullable=True)
    reason_2_contribution: float = _field(
        "its signed part of the score", "log-odds", lt=_INFINITY, nullable=True
    )
    reason_3: str = _field("third reason", nullable=True)
    reason_3_contribution: float = _field(
        "its signed part of the score", "log-odds", lt=_INFINITY, nullable=True
    )
    model_version: str = _field("version that scored", str_length={"min_value": 1})
    reason_1_text: str = _field("strongest reason in words", nullable=True)
    reason_2_text: str = _field("second reason in words", nullable=True)
    reason_3_text: str = _field("third reason in words", nullable=True)
    model_warning: str = _field("what must be said of the model", nullable=True)
    run_id: Optional[str] = _field("run that wrote the row")  # noqa: UP045 - pandera's sign of an optional column
    scored_at: Optional[Annotated[pl.Datetime, "us", "UTC"]] = _field("when it was written")  # noqa: UP045 - as above


SCORED_COLUMNS: Final = (
    *("track_id", "title", "artist_name", "score", "outcome_low", "outcome_high"),
    *(f"reason_{place}{end}" for place in (1, 2, 3) for end in ("", "_contribution", "_text")),
)
"""What is said of each track before all of a week are ranked."""


def scored_schema() -> pa.DataFrameSchema:
    """Return the schema of scored tracks: of ``WeeklyScores``, what each has before its rank."""
    return WeeklyScores.to_schema().select_columns(list(SCORED_COLUMNS))


class Quarantine(_Table):
    """raw.quarantine of one export: one row per reason for a rejected row."""

    line: int = _field("where the record begins in the file, from 1", "line", ge=1)
    column_name: str = _field("column at fault; null: the whole record", nullable=True)
    reason: str = _field("code of songpop.ingest.reasons", str_length={"min_value": 1})
    raw_text: str = _field("the record as it stood, shortened")


class PlatformFacts(_Table):
    """core.platform_facts of one export: one row per number that a loaded row says."""

    line: int = _field("where the record begins in the file, from 1", "line", ge=1)
    subject: str = _field("what it is about", isin=["track", "artist"])
    subject_id: str = _field("own_track_id, or the artist", str_length={"min_value": 1})
    grain: str = _field("what a row is about", isin=["day", "week", "month"])
    sums_to: str = _field("what it counts for", isin=["week", "month"])
    period_end: dt.date = _field("last day of the period", ge=EARLIEST_DATE, le=LATEST_WEEK)
    statement_day: dt.date = _field("when a sale was reported", nullable=True)
    store: str = _field("as exported", nullable=True)
    country: str = _field("as exported", nullable=True)
    part: str = _field("part of the whole; null: the whole", nullable=True)
    metric: str = _field("what is counted", str_length={"min_value": 1})
    unit: str = _field("of the value", str_length={"min_value": 1})
    combined: str = _field("what days come to", isin=["sum", "last", "mean"])
    value: float = _field("in its unit", gt=-_INFINITY, lt=_INFINITY)


class OwnSpellings(_Table):
    """core.own_spellings of one export: one row per song as it is written there."""

    own_track_id: str = _field("ISRC, or a hash of the name", str_length={"min_value": 1})
    isrc: str = _field("ISO 3901", nullable=True)
    artist: str = _field("as exported", nullable=True)
    title: str = _field("as exported", nullable=True)
    artist_key: str = _field("strict", nullable=True)
    title_key: str = _field("strict", nullable=True)
    artist_loose: str = _field("letters and digits", nullable=True)
    title_loose: str = _field("letters and digits", nullable=True)
    versions: str = _field("words that name a version")


class Drift(_Table):
    """ml.drift of one week: one row per (check_name, column_name)."""

    check_name: str = _field("which check", str_length={"min_value": 1})
    column_name: str = _field("metric; null: the whole week", nullable=True)
    statistic: float = _field("the effect, in the check's unit", lt=_INFINITY)
    threshold: float = _field("from which on it counts", gt=0)
    p_value: float = _field("null: the check has none", "probability", ge=0, le=1, nullable=True)
    verdict: str = _field("what it says", isin=["pass", "warn", "fail", "quarantine"])
    is_strong: bool = _field("whether one week of it is enough to act on")
    direction: pl.Int32 = _field("1 larger, -1 smaller than the reference", isin=[-1, 0, 1])
    segment: str = _field("the age that moved most; null: none stands out", nullable=True)
    reference: str = _field("what the week was compared with")
    details: str = _field("the effect in words")


def track_weeks_schema(spec: FormatSpec) -> pa.DataFrameSchema:
    """Return the schema of the accepted rows of one (feed, week) of a format.

    Metrics are null where the export says nothing, at least 0 (ranks: 1), and at most the
    column's maximum.
    """
    columns = {
        "feed": _column(pl.String, "named stream of exports"),
        "week": _column(pl.Date, "last day of the period", checks=[_dates()]),
        "track_id": _column(
            pl.String, "ISRC, or the platform's URI", checks=[pa.Check.str_length(min_value=1)]
        ),
    }
    for name in TEXT_COLUMNS:
        columns[name] = _column(pl.String, f"{name} as exported", nullable=True)
    columns["release_date"] = _column(pl.Date, "day of release", checks=[_dates()], nullable=True)
    columns["is_explicit"] = _column(pl.Boolean, "whether marked explicit", nullable=True)
    columns["flags"] = _column(pl.String, "what is odd about the row", nullable=True)
    columns |= {column.name: _metric(column) for column in spec.metrics}
    return pa.DataFrameSchema(columns, strict=True, coerce=False, name=f"TrackWeeks of {spec.name}")


def features_schema(names: Iterable[str]) -> pa.DataFrameSchema:
    """Return the schema of a Features frame: keys, and Float32 columns *names*, null = missing."""
    columns = {
        "feed": _column(pl.String, "named stream of exports"),
        "week": _column(pl.Date, "last day of the period"),
        "track_id": _column(pl.String, "ISRC, or the platform's URI"),
        **{name: _column(pl.Float32, "feature", nullable=True) for name in names},
    }
    return pa.DataFrameSchema(columns, strict=True, coerce=False, name="Features")


def validate(schema: pa.DataFrameSchema, df: pl.DataFrame, subject: str) -> pl.DataFrame:
    """Return *df* unchanged if it fits *schema*.

    Args:
        schema: of the table.
        df: eager rows; on a lazy frame values would go unchecked.
        subject: how the message calls the rows.

    Raises:
        CheckError: it does not fit; the message counts the failures and names the columns.
    """
    try:
        return schema.validate(df, lazy=True)
    except SchemaErrors as error:
        cases = error.failure_cases
        columns = {str(name) for name in _failing_columns(cases)}
        got = f"{cases.height:,} failures in {list_names(columns)}"
        remedy = "nothing was written; report what the columns hold"
        raise CheckError(expected(subject, f"rows of {schema.name}", got, remedy)) from error


def _failing_columns(cases: pl.DataFrame) -> list[object]:
    # A missing or superfluous column stands as the failing case itself.
    is_of_table = pl.col("schema_context").eq("DataFrameSchema")
    name = pl.when(is_of_table).then(pl.col("failure_case")).otherwise(pl.col("column"))
    return cases.select(name.cast(pl.String).fill_null("(table)")).to_series().to_list()


def _column(
    dtype: Any,  # noqa: ANN401 - any polars type
    description: str,
    *,
    checks: list[pa.Check] | None = None,
    nullable: bool = False,
    unit: str = "",
) -> pa.Column:
    return pa.Column(
        dtype, checks=checks, nullable=nullable, description=description, metadata={"unit": unit}
    )


def _dates() -> pa.Check:
    return pa.Check.in_range(EARLIEST_DATE, LATEST_WEEK)


def _metric(column: ColumnSpec) -> pa.Column:
    checks = [pa.Check.ge(column.minimum)]
    if column.maximum is not None:
        checks.append(pa.Check.le(column.maximum))
    elif column.type == "decimal":
        checks.append(pa.Check.lt(_INFINITY))
    dtype = pl.Int64 if column.type == "integer" else pl.Float64
    return _column(dtype, column.label, checks=checks, nullable=True, unit=column.unit)
