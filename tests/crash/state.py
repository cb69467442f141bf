"""Everything that a warehouse holds and shows, apart from run ids and times."""

import hashlib
import re
from pathlib import Path

import duckdb

from songpop.warehouse.fingerprint import fingerprint
from songpop.warehouse.paths import WarehousePaths
from songpop.warehouse.sqlfiles import read_sql

State = dict[str, object]
"""What stands under a name: a table's fingerprint, or a file's SHA-256."""

_PARTS_OF_THE_RUN = "(.*_)?(run_id|at|modified_ns|hash_sum|file_sha256)"
"""Columns that say which run wrote a row, and when, or are a hash of such."""
_STAMP = re.compile(rb'<meta name="stamp" content="[^"]*">')
"""By which a page is known to be of the newest runs."""
_EXCLUDED = re.compile(r"EXCLUDE \(([^()]*)\)")
_FOLDERS = ("models", "reports", "landing", "private/own")
"""Of files that are the same byte for byte."""


def read_state(root: Path) -> State:
    """Return what the warehouse below *root* holds, and what its readers see."""
    paths = WarehousePaths(root / "warehouse")
    state = {f"private {name}": value for name, value in _read_database(paths.private).items()}
    state |= read_snapshot(paths.snapshot) | _read_parquet(paths)
    for folder in _FOLDERS:
        state |= {
            str(path.relative_to(paths.root)): _hash(path)
            for path in (paths.root / folder).rglob("*")
            if path.is_file()
        }
    return state | {f"private/{name}": _hash(paths.lock.with_name(name)) for name in _marks(paths)}


def _marks(paths: WarehousePaths) -> list[str]:
    """Return the files beside the private one that say something about it."""
    beside = paths.private.parent.iterdir()
    return [
        path.name for path in beside if path.is_file() and path not in {paths.private, paths.lock}
    ]


def read_snapshot(path: Path) -> State:
    """Return what readers of a snapshot see."""
    return {f"snapshot {name}": value for name, value in _read_database(path).items()}


def list_leftovers(root: Path) -> list[str]:
    """Return the files below *root* that should live no longer than a run."""
    paths = WarehousePaths(root / "warehouse")
    hidden = [path for path in paths.root.rglob("*") if path.name.startswith(".")]
    logs = list(paths.root.rglob("*.wal"))
    scratch = [path for path in paths.scratch.rglob("*") if path.is_file()]
    return sorted(str(path.relative_to(paths.root)) for path in (*hidden, *logs, *scratch))


def differences(wanted: State, got: State) -> list[str]:
    """Return the names under which two states differ."""
    return [
        f"{name}: {_shorten(wanted.get(name))}, not {_shorten(got.get(name))}"
        for name in sorted({*wanted, *got})
        if wanted.get(name) != got.get(name)
    ]


def _hash(path: Path) -> str:
    return hashlib.sha256(_STAMP.sub(b"", path.read_bytes())).hexdigest()


def _read_database(path: Path) -> State:
    with duckdb.connect(str(path), read_only=True) as con:
        names = [".".join(row) for row in con.execute(read_sql("marts/list_tables")).fetchall()]
        tables: State = {name: fingerprint(_without_run(con.table(name))) for name in names}
        views = con.execute(
            "select schema_name, view_name, sql from duckdb_views() where not internal"
        )
        return tables | {
            f"view {schema}.{name}": in_one_order(sql) for schema, name, sql in views.fetchall()
        }


def in_one_order(sql: str) -> str:
    """Return a view's text with the names that each ``EXCLUDE`` leaves out in one order.

    DuckDB holds them as a set, and writes them in another order each time that the file is copied.
    """
    return _EXCLUDED.sub(lambda found: f"EXCLUDE ({sorted(found[1].split(', '))})", sql)


def _read_parquet(paths: WarehousePaths) -> State:
    with duckdb.connect() as con:
        return {
            str(path.relative_to(paths.root)): fingerprint(
                _without_run(con.read_parquet(str(path), hive_partitioning=False))
            )
            for path in paths.published.rglob("*.parquet")
        }


def _without_run(relation: duckdb.DuckDBPyRelation) -> duckdb.DuckDBPyRelation:
    return relation.select(
        duckdb.SQLExpression(f"columns(c -> not regexp_full_match(c, '{_PARTS_OF_THE_RUN}'))")
    )


def _shorten(value: object) -> str:
    return "nothing" if value is None else str(value)[:60]
