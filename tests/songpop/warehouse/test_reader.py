import re
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import duckdb
import pytest

from songpop.errors import BusyError, CheckError, InputError
from songpop.warehouse.lake import LakeLocation
from songpop.warehouse.lock import writer_lock
from songpop.warehouse.paths import WarehousePaths
from songpop.warehouse.reader import describe_damage, open_private
from songpop.warehouse.writer import connect
from tests.songpop.warehouse.make_warehouse import make_healthy


def test_private_file_is_read_and_cannot_be_written(tmp_path: Path) -> None:
    paths, writer = make_healthy(tmp_path)
    writer.close()

    with open_private(paths, "test", 0) as con:
        assert con.execute("select count(*) from mart.weekly_scores").fetchall() == [(9,)]
        with pytest.raises(duckdb.InvalidInputException, match="read-only"):
            con.execute("delete from mart.weekly_scores")


def test_running_writer_is_waited_for_as_long_as_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    paths, writer = make_healthy(tmp_path)
    writer.close()
    asked: list[object] = []

    @contextmanager
    def note(*args: object) -> Generator[None]:
        asked.append(args)
        yield

    monkeypatch.setattr("songpop.warehouse.reader.writer_lock", note)

    with open_private(paths, "test", 2.5):
        pass
    assert asked == [(paths.lock, "test", 2.5)]


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
    pattern = (
        f"^{re.escape(str(paths.private))}: expected a readable database, got .*; restore it from "
        "a backup, or move it away and run `songpop backfill` on all exports$"
    )

    for _ in range(2):
        with pytest.raises(CheckError, match=pattern), open_private(paths, "test", 0):
            pytest.fail("opened noise")


def test_lake_that_cannot_be_read_is_damage_of_its_own(tmp_path: Path) -> None:
    paths = WarehousePaths(tmp_path)
    paths.lake.parent.mkdir()
    paths.lake.touch()

    message = describe_damage(paths, duckdb.IOException("IO Error: gone\nmore"))

    assert message == (
        f"{paths.lake}: expected a readable database, got IO Error: gone; check that its server "
        "and its storage answer; else bring the lake's files back, or restore a backup"
    )


def test_lake_is_read_where_there_is_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    paths, writer = make_healthy(tmp_path)
    writer.close()
    location = LakeLocation(catalog="ducklake:elsewhere", data="/data")
    paths.lake.write_text(location.model_dump_json())
    asked: list[object] = []

    def attach(con: duckdb.DuckDBPyConnection, place: LakeLocation, *, read_only: bool) -> None:
        asked.append((con.execute("select current_database()").fetchall(), place, read_only))

    monkeypatch.setattr("songpop.warehouse.reader.attach_lake", attach)

    with open_private(paths, "test", 0) as con:
        assert con.execute("show all tables").fetchall() == []
    assert asked == [([("memory",)], location, True)]


@pytest.mark.parametrize(
    "error",
    [
        duckdb.IOException("Error: a\nmore"),
        duckdb.SerializationException("Error: a\nmore"),
        duckdb.InternalException("Error: a\nmore"),
        duckdb.FatalException("Error: a\nmore"),
    ],
)
def test_what_breaks_in_the_midst_of_reading_is_damage(tmp_path: Path, error: Exception) -> None:
    paths, writer = make_healthy(tmp_path)
    writer.close()
    pattern = r"songpop\.duckdb: expected a readable database, got Error: a; restore it from a"

    with pytest.raises(CheckError, match=pattern), open_private(paths, "test", 0) as con:
        raise error

    with pytest.raises(duckdb.ConnectionException):
        con.execute("select 1")


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
    message = (
        f"{paths.private}: expected permission to open it, got IO Error: Cannot open file "
        '"a": Permission denied; check its permissions and its folder\'s; '
        "nothing is said of the file itself"
    )
    pattern = f"^{re.escape(message)}$"

    with pytest.raises(CheckError, match=pattern), open_private(paths, "test", 0):
        pytest.fail("opened")
    with pytest.raises(CheckError, match=pattern):
        connect(paths, "100MB")


def test_answer_too_big_for_the_memory_is_no_damage(tmp_path: Path) -> None:
    paths, writer = make_healthy(tmp_path)
    writer.close()
    pattern = (
        f"^{re.escape(str(paths.private))}: expected room in memory, got Out of Memory Error: .*; "
        "free memory on this machine, or ask for less; the tables are as they were$"
    )

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
    pattern = "expected a warehouse, got none; run `songpop run` first, or pass --warehouse"

    with (
        pytest.raises(InputError, match=f"^{re.escape(str(tmp_path))}: {pattern}$"),
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
