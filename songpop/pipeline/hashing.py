"""The SHA-256 of landed files, remembered from scan to scan."""

import duckdb
import polars as pl

from songpop.errors import LandingError
from songpop.ingest.landed import LandedFile, hash_landed, printable
from songpop.warehouse.frames import registered
from songpop.warehouse.sqlfiles import read_sql
from songpop.warehouse.transaction import transaction


def hash_files(
    con: duckdb.DuckDBPyConnection, files: tuple[LandedFile, ...], problems: list[str]
) -> list[tuple[LandedFile, str]]:
    """Return each file with its SHA-256; files unchanged since the last scan are not read."""
    rows = con.execute(read_sql("load/list_landing_files")).fetchall()
    before = {(path, size, modified): sha256 for path, size, modified, sha256 in rows}
    hashed: list[tuple[LandedFile, str]] = []
    for file in files:
        found = before.get((printable(file.path), file.size_bytes, file.modified_ns))
        try:
            hashed.append((file, found or hash_landed(file)))
        except LandingError as error:
            problems.append(str(error))
    _remember(con, hashed)
    return hashed


def _remember(con: duckdb.DuckDBPyConnection, hashed: list[tuple[LandedFile, str]]) -> None:
    scanned = pl.DataFrame(
        [(printable(file.path), file.size_bytes, file.modified_ns, sha) for file, sha in hashed],
        schema={
            "path": pl.String,
            "size_bytes": pl.Int64,
            "modified_ns": pl.Int64,
            "sha256": pl.String,
        },
        orient="row",
    )
    with transaction(con):
        con.execute(read_sql("load/delete_landing_files"))
        with registered(con, "scanned_files", scanned):
            con.execute(read_sql("load/insert_landing_files"))
