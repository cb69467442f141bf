"""Labels of two weeks that stand in no warehouse."""

import datetime as dt

import polars as pl

from songpop.formats.spec import FormatSpec
from songpop.labels.forward import ForwardKind, select_labels
from songpop.labels.ranking import LABEL_COLUMNS
from songpop.warehouse.connection import open_database
from songpop.warehouse.frames import registered
from tests.songpop.features.make_weeks import FEED, WEEK


def forward_labels(
    rows: pl.DataFrame, later: pl.DataFrame, spec: FormatSpec, kind: ForwardKind
) -> pl.DataFrame:
    """Return the labels of the *rows* of WEEK, by those of a *later* week; it may have none."""
    weeks = WEEK, later.item(0, "week") if later.height else WEEK + dt.timedelta(weeks=4)
    with open_database() as con:
        con.execute("create schema core")
        with registered(con, "rows_of_both", pl.concat([rows, later])):
            con.execute("create table core.track_weeks as from rows_of_both")
        return select_labels(con, FEED, weeks, spec, kind).pl().select(LABEL_COLUMNS)
