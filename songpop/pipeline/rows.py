"""The accepted rows of the week that is run."""

import polars as pl

from songpop.pipeline.session import WeekRun
from songpop.schemas import track_weeks_schema, validate
from songpop.warehouse.sqlfiles import read_sql


def read_rows(run: WeekRun) -> pl.DataFrame:
    """Return TrackWeeks of the week, (n, c), as stored; empty where it holds nothing.

    Raises:
        CheckError: what is stored does not fit the schema.
    """
    stored = run.session.con.execute(read_sql("load/load_week_rows"), run.key).pl()
    return check_rows(run, stored)


def check_rows(run: WeekRun, stored: pl.DataFrame) -> pl.DataFrame:
    """Return the columns of TrackWeeks, validated.

    Raises:
        CheckError: they do not fit the schema.
    """
    schema = track_weeks_schema(run.spec)
    return validate(schema, stored.select(list(schema.columns)), f"rows of {run.plan.name}")
