"""What a warehouse holds, for tests that compare it before and after."""

from pathlib import Path

import duckdb

from songpop.settings import Settings
from songpop.warehouse.doctor import examine
from songpop.warehouse.fingerprint import Fingerprints, fingerprint
from songpop.warehouse.paths import WarehousePaths
from songpop.warehouse.publish import publish
from songpop.warehouse.sqlfiles import read_sql
from tests.builders import NOW
from tests.songpop.warehouse.make_warehouse import make_healthy, rescore

LATER = NOW.replace(month=8)

State = dict[str, Fingerprints]


def make_closed(root: Path, **settings: object) -> tuple[Settings, WarehousePaths]:
    """Return a small healthy warehouse of ``make_healthy``, closed, and its settings."""
    paths, con = make_healthy(root)
    con.close()
    return Settings(warehouse=paths.root, **settings), paths  # type: ignore[arg-type] - any field


def read_state(database: Path) -> State:
    """Return the fingerprint of every table of a database file."""
    with duckdb.connect(str(database), read_only=True) as con:
        names = con.execute(read_sql("marts/list_tables")).fetchall()
        return {f"{row[0]}.{row[1]}": fingerprint(con.table(f"{row[0]}.{row[1]}")) for row in names}


def read_files(folder: Path) -> dict[str, bytes]:
    """Return every file below *folder*, by its path from there."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def errors_of(paths: WarehousePaths) -> list[str]:
    """Return the errors that the doctor finds."""
    return [finding.message for finding in examine(paths) if finding.severity == "error"]


def change_scores(paths: WarehousePaths, run_id: str) -> None:
    """Commit and publish another state: week 6 scored by another run."""
    with duckdb.connect(str(paths.private)) as con:
        rescore(con, 6, run_id)
        publish(con, paths)
