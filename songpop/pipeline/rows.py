"""The accepted rows of the week that is run."""

from collections.abc import Iterator

import polars as pl

from songpop.pipeline.session import WeekRun
from songpop.schemas import track_weeks_schema, validate
from songpop.warehouse.sqlfiles import read_sql


def count_checked(run: WeekRun) -> int:
    """Validate what is stored of the week, a part at a time; return its rows.

    Raises:
        CheckError: it does not fit the schema.
    """
    return sum(_check(run, part).height for part in _read_parts(run))


def _read_parts(run: WeekRun) -> Iterator[pl.DataFrame]:
    cursor = run.session.con.execute(read_sql("load/load_week_rows"), run.key)
    yield from (pl.DataFrame(batch) for batch in cursor.to_arrow_reader(run.part_rows))


def _check(run: WeekRun, stored: pl.DataFrame) -> pl.DataFrame:
    """Return the columns of TrackWeeks, validated."""
    schema = track_weeks_schema(run.spec)
    return validate(schema, stored.select(list(schema.columns)), f"rows of {run.plan.name}")
