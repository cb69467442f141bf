"""Invariants in SQL: every file in sql/checks returns the rows that break it, none if it holds."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

import duckdb

from songpop.errors import CheckError, expected
from songpop.warehouse.sqlfiles import list_sql, read_sql

Scope = Literal["week", "warehouse"]
"""week: the checks that take $feed and $week; warehouse: every check, over all weeks."""

Severity = Literal["error", "note"]

_SHOWN_COUNT = 5
_BATCH_ROWS = 10_000
_WIDEST_CELL = 60
_EVERY_WEEK: Mapping[str, object] = {"feed": None, "week": None}


@dataclass(frozen=True)
class Finding:
    """One invariant that does not hold, or one fact that a person should know."""

    severity: Severity
    """``error``: an invariant is broken; ``note``: nothing is wrong, something awaits a person."""
    check: str
    """Which check found it: the name of a file in sql/checks, or a part of the doctor."""
    subject: str
    """What it is about: a table, a file, a (feed, week), a model version."""
    message: str
    """In the house form, with the remedy."""


def run_checks(
    con: duckdb.DuckDBPyConnection, scope: Scope, params: Mapping[str, object] | None = None
) -> list[Finding]:
    """Run the checks of *scope*; return one finding for each that does not hold.

    Args:
        con: a connection to the private file, inside or outside a transaction.
        scope: which checks; those of a week also run, over all weeks, for the warehouse.
        params: ``feed`` and ``week`` for the scope ``week``; the other scope takes none.

    Returns:
        Findings of severity ``error`` in the order of the checks' names.
    """
    findings = [
        _run_check(con, name, params if scope == "week" else _EVERY_WEEK)
        for name in list_sql("checks")
        if scope == "warehouse" or _takes_week(name)
    ]
    return [finding for finding in findings if finding is not None]


def assert_checks(
    con: duckdb.DuckDBPyConnection, scope: Scope, params: Mapping[str, object] | None = None
) -> None:
    """Run the checks of *scope*.

    Args:
        con: as for ``run_checks``.
        scope: as for ``run_checks``.
        params: as for ``run_checks``.

    Raises:
        CheckError: a check does not hold; the message has a line for each, which names the
            check, the number of offending rows and at most five of them.
    """
    if findings := run_checks(con, scope, params):
        raise CheckError("\n".join(finding.message for finding in findings))


def assert_tables(con: duckdb.DuckDBPyConnection, tables: Iterable[str]) -> None:
    """Run the checks of some tables, over all of their rows.

    Args:
        con: as for ``run_checks``.
        tables: like ``raw.platform_exports``.

    Raises:
        CheckError: as for ``assert_checks``.
    """
    wanted = set(tables)
    names = [
        name
        for name in list_sql("checks")
        if name.removeprefix("checks/").rpartition(".")[0] in wanted
    ]
    findings = [finding for name in names if (finding := _run_check(con, name, _EVERY_WEEK))]
    if findings:
        raise CheckError("\n".join(finding.message for finding in findings))


def _takes_week(name: str) -> bool:
    return "$week" in read_sql(name)


def _run_check(
    con: duckdb.DuckDBPyConnection, name: str, params: Mapping[str, object] | None
) -> Finding | None:
    result = con.execute(read_sql(name), params if _takes_week(name) else None)
    shown = result.fetchmany(_SHOWN_COUNT)
    if not shown:
        return None
    columns = [column[0] for column in result.description]
    count = len(shown)
    while batch := result.fetchmany(_BATCH_ROWS):
        count += len(batch)
    check = name.removeprefix("checks/")
    offenders = "; ".join(_describe_row(columns, row) for row in shown)
    more = "; …" if count > len(shown) else ""
    holds, remedy = read_header(name)
    message = expected(f"check {check}", holds, f"{count} offending: {offenders}{more}", remedy)
    return Finding("error", check, check.rpartition(".")[0], message)


def _describe_row(columns: list[str], row: tuple[Any, ...]) -> str:
    return " ".join(
        f"{name}={_describe_cell(value)}" for name, value in zip(columns, row, strict=True)
    )


def _describe_cell(value: object) -> str:
    # Feed names, file names and keys come from outside: what does not print is shown escaped.
    text = str(value) if str(value).isprintable() else ascii(value)
    return text if len(text) <= _WIDEST_CELL else text[: _WIDEST_CELL - 1] + "…"


@cache
def read_header(name: str) -> tuple[str, str]:
    """Return what a check's header says: which invariant holds, and what to do if it does not.

    Raises:
        CheckError: the header lacks ``-- holds:`` or ``-- remedy:``.
    """
    text = read_sql(name)
    found = [re.search(rf"^-- {key}: +(.+)$", text, re.MULTILINE) for key in ("holds", "remedy")]
    if any(match is None for match in found):
        message = expected(
            f"sql/{name}.sql", "holds: and remedy: in its header", "none", "add them"
        )
        raise CheckError(message)
    holds, remedy = (match.group(1) for match in found if match is not None)
    return holds, remedy
