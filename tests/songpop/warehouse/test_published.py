from pathlib import Path

import duckdb
import pytest

from songpop.warehouse import published
from songpop.warehouse.published import (
    Published,
    layout_sha256,
    published_tables,
    read_published,
    wal_beside,
)
from songpop.warehouse.sqlfiles import read_sql
from tests.songpop.warehouse.make_warehouse import make_healthy

TABLES = [*published_tables("weekly"), *published_tables("whole")]


def relation_of(con: duckdb.DuckDBPyConnection, name: str) -> duckdb.DuckDBPyRelation:
    return con.sql(f"from {name}")


def test_every_column_of_a_published_table_is_published(tmp_path: Path) -> None:
    paths, con = make_healthy(tmp_path)

    with duckdb.connect(str(paths.snapshot), read_only=True) as snapshot:
        for name in TABLES:
            assert relation_of(snapshot, name).columns == relation_of(con, name).columns
            assert relation_of(snapshot, name).types == relation_of(con, name).types
    con.close()


@pytest.mark.parametrize("damage", ["absent", "empty", "noise", "truncated", "folder", "no table"])
def test_snapshot_that_cannot_be_read_shows_nothing(tmp_path: Path, damage: str) -> None:
    path = tmp_path / "songpop.duckdb"
    if damage == "folder":
        path.mkdir()
    elif damage in {"truncated", "no table"}:
        with duckdb.connect(str(path)) as con:
            con.execute("create table t as from range(100_000)")
        if damage == "truncated":
            path.write_bytes(path.read_bytes()[:5_000])
    elif damage != "absent":
        path.write_bytes(b"" if damage == "empty" else b"noise" * 5_000)

    assert read_published(path) is None


def test_snapshot_says_which_revision_it_shows_and_in_which_form(tmp_path: Path) -> None:
    paths, con = make_healthy(tmp_path)

    assert read_published(paths.snapshot) == Published(1, layout_sha256())
    con.close()


def test_snapshot_that_does_not_know_its_state_shows_nothing(tmp_path: Path) -> None:
    path = tmp_path / "songpop.duckdb"
    with duckdb.connect(str(path)) as con:
        con.execute("create schema mart")
        con.execute("create table mart.publication (revision bigint, layout_sha256 varchar)")

    assert read_published(path) is None


def test_log_beside_the_snapshot_makes_it_unusable(tmp_path: Path) -> None:
    paths, con = make_healthy(tmp_path)
    wal_beside(paths.snapshot).write_bytes(b"log")

    assert wal_beside(paths.snapshot).name == "songpop.duckdb.wal"
    assert read_published(paths.snapshot) is None
    con.close()


@pytest.mark.parametrize(
    "name",
    [
        "migrations/0001_raw",
        "marts/weekly/ml.labels",
        "marts/whole/mart.artist_weeks",
        "marts/snapshot/mart.parquet_files",
        "views/mart.movers",
    ],
)
def test_layout_changes_with_every_file_that_makes_it(
    monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    before = layout_sha256()

    def read_edited(other: str) -> str:
        return read_sql(other) + (" " if other == name else "")

    monkeypatch.setattr(published, "read_sql", read_edited)

    assert layout_sha256.__wrapped__() != before


def test_published_tables_are_named_by_their_files() -> None:
    assert list(published_tables("weekly")) == [
        "mart.superseded_scores",
        "mart.weekly_scores",
        "ml.labels",
    ]
    assert "raw.exports" in published_tables("whole")
