import re
from pathlib import Path

import duckdb
import pytest

from songpop.errors import BusyError, CheckError, InputError
from songpop.warehouse.lock import writer_lock
from songpop.warehouse.paths import WarehousePaths
from songpop.warehouse.reader import open_private
from songpop.warehouse.writer import connect
from tests.songpop.warehouse.make_warehouse import make_healthy


def test_private_file_is_read_and_cannot_be_written(tmp_path: Path) -> None:
    paths, writer = make_healthy(tmp_path)
    writer.close()

    with open_private(paths, "test", 0) as con:
        assert con.execute("select count(*) from mart.weekly_scores").fetchall() == [(9,)]
        with pytest.raises(duckdb.InvalidInputException, match="read-only"):
            con.execute("delete from mart.weekly_scores")


def test_running_writer_is_named(tmp_path: Path) -> None:
    paths, writer = make_healthy(tmp_path)
    writer.close()

    with (
        writer_lock(paths.lock, "songpop backfill", 0),
        pytest.raises(BusyError, match=r"expected no other writer, got songpop backfill \(process"),
        open_private(paths, "songpop doctor", 0),
    ):
        pytest.fail("read beside a writer")


def test_writer_that_comes_meanwhile_is_told_who_reads(tmp_path: Path) -> None:
    paths, writer = make_healthy(tmp_path)
    writer.close()

    with (
        open_private(paths, "songpop doctor", 0),
        pytest.raises(BusyError, match=r"got songpop doctor \(process"),
        writer_lock(paths.lock, "songpop run", 0),
    ):
        pytest.fail("wrote beside the doctor")


def test_damaged_file_is_named_and_the_place_is_free_again(tmp_path: Path) -> None:
    paths, writer = make_healthy(tmp_path)
    writer.close()
    paths.private.write_bytes(b"noise" * 10_000)
    pattern = r"private/songpop\.duckdb: expected a readable database, got .*; restore it from a b"

    for _ in range(2):
        with pytest.raises(CheckError, match=pattern), open_private(paths, "test", 0):
            pytest.fail("opened noise")


def test_file_that_may_not_be_opened_is_no_damage(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    paths, writer = make_healthy(tmp_path)
    writer.close()

    def refuse(*args: object, **options: object) -> None:
        del args, options
        raise duckdb.IOException('IO Error: Cannot open file "a": Permission denied')

    monkeypatch.setattr("songpop.warehouse.reader.open_database", refuse)
    monkeypatch.setattr("songpop.warehouse.writer.open_database", refuse)
    pattern = r"songpop.duckdb: expected permission to open it, got IO .*; check its permissions"

    with pytest.raises(CheckError, match=pattern), open_private(paths, "test", 0):
        pytest.fail("opened")
    with pytest.raises(CheckError, match=pattern):
        connect(paths, "100MB")


def test_answer_too_big_for_the_memory_is_no_damage(tmp_path: Path) -> None:
    paths, writer = make_healthy(tmp_path)
    writer.close()
    pattern = r"expected room in memory, got .*; the tables are as they were"

    with pytest.raises(CheckError, match=pattern), open_private(paths, "test", 0) as con:
        con.execute(
            "set memory_limit = '20MB'; set temp_directory = ''; "
            "select count(distinct range) from range(10_000_000)"
        )


def test_statement_that_is_wrong_by_itself_is_no_damage(tmp_path: Path) -> None:
    paths, writer = make_healthy(tmp_path)
    writer.close()

    with (
        pytest.raises(duckdb.ConversionException),
        open_private(paths, "test", 0) as con,
    ):
        con.execute("select 'x'::integer")


def test_folder_without_a_warehouse_is_the_mistake_of_a_person(tmp_path: Path) -> None:
    pattern = r"expected a warehouse, got none; run `songpop run` first, or pass --warehouse"

    with (
        pytest.raises(InputError, match=pattern),
        open_private(WarehousePaths(tmp_path), "test", 0),
    ):
        pytest.fail("opened nothing")
    assert list(tmp_path.iterdir()) == []


def test_private_file_that_lacks_what_is_asked_for_is_older(tmp_path: Path) -> None:
    paths, writer = make_healthy(tmp_path)
    writer.close()

    message = (
        f"^{re.escape(str(paths.private))}: expected the tables of this songpop, got Binder Error: "
        '.*"nothing" not found.*; run `songpop run`, which brings an older warehouse up to date$'
    )
    with (
        pytest.raises(CheckError, match=message),
        open_private(paths, "test", 0) as con,
    ):
        con.execute("select nothing from raw.exports")
