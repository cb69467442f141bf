"""What the tables hold of the week that is run, read back and validated, a part at a time."""

from collections.abc import Iterator, Mapping

import polars as pl

from songpop.pipeline.session import WeekRun
from songpop.schemas import Labels, track_weeks_schema, validate
from songpop.settings import LabelKind
from songpop.warehouse.sqlfiles import read_sql


def count_checked(run: WeekRun) -> int:
    """Validate what is stored of the week, a part at a time; return its rows.

    Raises:
        CheckError: it does not fit the schema.
    """
    return sum(_check(run, part).height for part in _read_parts(run, "load_week_rows", run.key))


def count_checked_labels(run: WeekRun, kind: LabelKind) -> tuple[int, int]:
    """Validate the labels that matured with the week; return how many there are, and are high.

    Raises:
        CheckError: they do not fit the schema.
    """
    labelled = high = 0
    for part in _read_parts(run, "load_matured_labels", {**run.key, "label": kind}):
        labels = validate(Labels.to_schema(), part, f"labels known by {run.plan.name}")
        labelled += labels.height
        high += int(labels["is_high"].sum())
    return labelled, high


def _read_parts(run: WeekRun, name: str, params: Mapping[str, object]) -> Iterator[pl.DataFrame]:
    cursor = run.session.con.execute(read_sql(f"load/{name}"), params)
    yield from (pl.DataFrame(batch) for batch in cursor.to_arrow_reader(run.part_rows))


def _check(run: WeekRun, stored: pl.DataFrame) -> pl.DataFrame:
    """Return the columns of TrackWeeks, validated."""
    schema = track_weeks_schema(run.spec)
    return validate(schema, stored.select(list(schema.columns)), f"rows of {run.plan.name}")
