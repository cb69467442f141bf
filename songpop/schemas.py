"""What crosses a boundary: pandera schemas of the frames that are written and published."""

import pandera.polars as pa
import polars as pl
from pandera.errors import SchemaErrors

from songpop.errors import CheckError, expected, list_names
from songpop.formats.spec import TEXT_COLUMNS, ColumnSpec, FormatSpec


def track_weeks_schema(spec: FormatSpec) -> pa.DataFrameSchema:
    """Return the schema of TrackWeeks frames of a format.

    Strict and without coercion: the key, the names, the dates and flags that every format
    shares, then the format's metrics with their bounds. Uniqueness is checked in SQL.
    """
    columns = {
        "feed": pa.Column(pl.String, description="the feed"),
        "week": pa.Column(pl.Date, description="last day of the week"),
        "track_id": pa.Column(
            pl.String, pa.Check.str_length(min_value=1), description="ISRC or platform URI"
        ),
        **{name: pa.Column(pl.String, nullable=True) for name in TEXT_COLUMNS},
        "release_date": pa.Column(pl.Date, nullable=True, description="null: not exported"),
        "is_explicit": pa.Column(pl.Boolean, nullable=True, description="null: not exported"),
        **{metric.name: _metric_column(metric) for metric in spec.metrics},
    }
    return pa.DataFrameSchema(columns, strict=True, name=f"TrackWeeks of {spec.name}")


def _metric_column(metric: ColumnSpec) -> pa.Column:
    is_decimal = metric.type == "decimal"
    return pa.Column(
        pl.Float64 if is_decimal else pl.Int64,
        pa.Check.in_range(metric.minimum, metric.largest),
        nullable=True,
        description=metric.label,
        metadata={"unit": metric.unit},
    )


class WeeklyScores(pa.DataFrameModel):
    """mart.weekly_scores before run id and time are added; one row per (feed, week, track_id)."""

    feed: str
    week: pl.Date
    track_id: str
    title: str = pa.Field(nullable=True)
    artist_name: str = pa.Field(nullable=True)
    score: float = pa.Field(ge=0, le=1, description="calibrated probability of high potential")
    outcome_low: float = pa.Field(ge=0, le=1, nullable=True, description="percentile, 80 %")
    outcome_high: float = pa.Field(ge=0, le=1, nullable=True, description="percentile, 80 %")
    potential: str = pa.Field(isin=["high", "low"])
    is_provisional: bool
    rank: int = pa.Field(ge=1)
    percentile: float = pa.Field(gt=0, le=1)
    reason_1: str = pa.Field(nullable=True)
    reason_1_contribution: float = pa.Field(nullable=True, description="log-odds, signed")
    reason_2: str = pa.Field(nullable=True)
    reason_2_contribution: float = pa.Field(nullable=True, description="log-odds, signed")
    reason_3: str = pa.Field(nullable=True)
    reason_3_contribution: float = pa.Field(nullable=True, description="log-odds, signed")
    model_version: str

    class Config:
        """Nothing but these columns, in these types."""

        strict = True


class Labels(pa.DataFrameModel):
    """ml.labels; one row per (feed, week, track_id, label)."""

    feed: str
    week: pl.Date
    track_id: str
    label: str = pa.Field(isin=["level", "growth", "snapshot"])
    is_high: bool
    outcome_percentile: float = pa.Field(ge=0, le=1, description="1 largest, 0 absent")
    matured_week: pl.Date

    class Config:
        """Nothing but these columns, in these types."""

        strict = True


def validate(
    schema: pa.DataFrameSchema | type[pa.DataFrameModel], df: pl.DataFrame, subject: str
) -> pl.DataFrame:
    """Return *df* if every value holds; on lazy frames pandera would check no values.

    Raises:
        CheckError: some value does not; the message has the count, the schema and the columns.
    """
    try:
        return schema.validate(df, lazy=True)
    except SchemaErrors as error:
        cases = error.failure_cases
        names = {str(name) for name in cases["column"].to_list()}
        raise CheckError(
            expected(
                subject,
                f"what the schema {schema.name if isinstance(schema, pa.DataFrameSchema) else schema.__name__} says",
                f"{cases.height} values that differ in {list_names(names)}",
                "this is a defect of songpop: please report it",
            )
        ) from error
