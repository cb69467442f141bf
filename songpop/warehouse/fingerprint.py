"""Whether two relations hold the same rows, in whatever order."""

import datetime as dt
from collections.abc import Iterable, Iterator

import duckdb

Fingerprints = dict[tuple[object, ...], tuple[int, int]]
"""Number of rows and the sum of their 64-bit hashes, by the values of the keys."""


def fingerprint(relation: duckdb.DuckDBPyRelation, *keys: str) -> Fingerprints:
    """Return the fingerprint of *relation*, one for each combination of its *keys*.

    A row's hash takes in all columns, ordered by name. The sum does not depend on the order of
    the rows and, unlike an exclusive or, counts repeated ones. Different rows give equal sums by
    chance once in 2^64: it guards against damage, not against forgery.

    Args:
        relation: a table, a select or a Parquet file.
        keys: columns to group by; none gives one fingerprint, under the key ``()``.
    """
    grouped = ", ".join(keys)
    measures = _measures(relation.columns)
    wanted = f"{grouped}, {measures}" if grouped else measures
    rows = relation.aggregate(wanted, grouped).fetchall()
    return {row[:-2]: (int(row[-2]), int(row[-1])) for row in rows}


def fingerprint_week(
    con: duckdb.DuckDBPyConnection, table_name: str, feed: str, week: dt.date
) -> tuple[int, int]:
    """Return the number of rows that one week has in a table, and the sum of their hashes.

    Args:
        con: a connection to the private file or the snapshot.
        table_name: one of the published tables, by week.
        feed: the feed.
        week: the day that ends the week.
    """
    measures = _measures(con.table(table_name).columns)
    row = con.execute(
        f"select {measures} from {table_name} where feed = $feed and week = $week",  # noqa: S608 - the names of our own tables
        {"feed": feed, "week": week},
    ).fetchone()
    return (0, 0) if row is None else (int(row[0]), int(row[1]))


def _measures(columns: Iterable[str]) -> str:
    names = ", ".join(f'"{name}"' for name in sorted(columns))
    return f"count(*) as rows_count, coalesce(sum(hash({names})), 0) as hash_sum"


def compare(
    wanted: Fingerprints, got: Fingerprints
) -> Iterator[tuple[tuple[object, ...], str, str]]:
    """Yield each key whose fingerprints differ, with what was expected and what is there."""
    for key in sorted({*wanted, *got}, key=str):
        if wanted.get(key) != got.get(key):
            want, have = wanted.get(key, (0, 0)), got.get(key, (0, 0))
            is_altered = want[0] == have[0]
            yield key, f"{want[0]} rows", "altered ones" if is_altered else f"{have[0]} rows"
