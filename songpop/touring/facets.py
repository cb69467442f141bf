"""What each metric of a format says about a song on tour, as the format files declare it."""

from collections.abc import Iterable
from typing import Final, NamedTuple

import duckdb

from songpop.formats.spec import ColumnSpec, FormatSpec
from songpop.warehouse.sqlfiles import read_sql
from songpop.warehouse.transaction import transaction

_OF_NAME: Final = {"peak_rank": "peak"}
_OF_UNIT: Final = {
    "spins": "radio",
    "tags": "shazam",
    "streams per week": "demand",
    "weeks": "staying",
}


class Facet(NamedTuple):
    """One metric's part in a set list."""

    format: str
    metric: str
    component: str
    """Of ``mart.song_components``."""
    source: str
    """Metrics of one source count together as one; a platform, where the format names it."""
    direction: int
    """-1 where smaller is better, as of a rank."""


def list_facets(formats: Iterable[FormatSpec]) -> list[Facet]:
    """Return the facets of every metric that has one, by format and metric.

    A metric's name decides, then its unit; any other metric of a platform is part of ``breadth``.
    One of no platform and no such unit says nothing, like a score of the exporter's own.
    """
    found = [
        Facet(spec.name, column.name, component, column.platform or column.name, _direction(column))
        for spec in formats
        for column in spec.metrics
        if (component := _component(column)) is not None
    ]
    return sorted(found)


def declare_facets(con: duckdb.DuckDBPyConnection, formats: Iterable[FormatSpec]) -> None:
    """Make ``core.metric_facets`` say what *formats* declare; readers get it where that is news.

    Args:
        con: the writer's connection, outside a transaction.
        formats: all that are known.
    """
    wanted = list_facets(formats)
    present = con.execute(read_sql("touring/list_facets")).fetchall()
    if present == wanted:
        return
    with transaction(con):
        con.execute(read_sql("touring/delete_facets"))
        for facet in wanted:
            con.execute(read_sql("touring/insert_facet"), facet._asdict())
        if present:
            # The first declaration comes with a layout that is published anew by itself.
            con.execute(read_sql("marts/bump_revision"))


def _component(column: ColumnSpec) -> str | None:
    named = _OF_NAME.get(column.name) or _OF_UNIT.get(column.unit)
    return named or ("breadth" if column.platform else None)


def _direction(column: ColumnSpec) -> int:
    return -1 if column.kind == "rank" else 1
