"""What makes a publication begin anew, and what it says where it cannot be made."""

import datetime as dt
import shutil
from pathlib import Path

import duckdb
import pytest

from songpop.errors import SongpopError
from songpop.warehouse import publish as module
from songpop.warehouse.paths import WarehousePaths
from songpop.warehouse.publish import PublishResult, publish
from songpop.warehouse.published import Published, layout_sha256, read_published
from tests.builders import week_number
from tests.songpop.warehouse.make_warehouse import make_healthy, rescore

SCORED = tuple(("us", week_number(number)) for number in (2, 3, 6))


@pytest.mark.parametrize(
    ("change", "is_rebuilt"),
    [
        ("revision = 0", False),
        ("layout_sha256 = 'older'", True),
    ],
)
def test_snapshot_of_an_earlier_state_in_the_same_form_alone_is_extended(
    tmp_path: Path, change: str, *, is_rebuilt: bool
) -> None:
    paths, con = make_healthy(tmp_path)
    assert rescore(con, 6, "second") == 2
    paths.snapshot.chmod(0o644)
    with duckdb.connect(str(paths.snapshot)) as present:
        present.execute(f"update mart.publication set {change}")
    stray = paths.parquet("stray", week_number(2))
    stray.parent.mkdir(parents=True)
    stray.write_bytes(b"")

    result = publish(con, paths)

    all_of_it = is_rebuilt or change == "revision = 0"
    assert result == PublishResult(2, is_rebuilt, SCORED if all_of_it else SCORED[2:])
    assert stray.exists() is not is_rebuilt
    assert read_published(paths.snapshot) == Published(2, layout_sha256())
    con.close()


def test_mark_stands_while_files_are_made_anew_and_goes_at_the_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    paths, con = make_healthy(tmp_path)
    write, seen = module.write_parquet, list[str]()

    def note(
        con: duckdb.DuckDBPyConnection, paths: WarehousePaths, feed: str, week: dt.date
    ) -> str:
        seen.append(paths.publish_anew.read_text())
        return write(con, paths, feed, week)

    monkeypatch.setattr(module, "write_parquet", note)

    assert publish(con, paths, rebuild=True) == PublishResult(1, is_rebuilt=True, written=SCORED)
    assert seen == ["what is published is being made anew\n"] * 3
    assert not paths.publish_anew.exists()
    con.close()


def test_mark_that_a_restore_left_makes_all_anew_once(tmp_path: Path) -> None:
    paths, con = make_healthy(tmp_path)
    paths.publish_anew.write_text("")

    assert publish(con, paths) == PublishResult(1, is_rebuilt=True, written=SCORED)
    assert publish(con, paths) == PublishResult(1, is_rebuilt=False)
    con.close()


def test_folder_for_files_aside_is_made_where_it_is_missing(tmp_path: Path) -> None:
    paths, con = make_healthy(tmp_path)
    shutil.rmtree(paths.scratch)

    assert publish(con, paths, rebuild=True).is_rebuilt
    con.close()


@pytest.mark.parametrize(
    ("error", "got"),
    [
        (duckdb.IOException("IO Error: Could not write\nmore"), "IO Error: Could not write"),
        (OSError(28, "No space left on device"), "[Errno 28] No space left on device"),
    ],
)
def test_what_kept_a_publication_is_told_with_what_readers_have_meanwhile(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: Exception, got: str
) -> None:
    paths, con = make_healthy(tmp_path)
    rescore(con, 6, "second")

    def fail(*args: object) -> str:
        del args
        raise error

    monkeypatch.setattr(module, "write_parquet", fail)

    with pytest.raises(SongpopError) as told:
        publish(con, paths)

    remedy = "put that right and run `songpop run`: nothing is lost, readers have the week before"
    assert str(told.value) == (
        f"publication of {paths.root}: expected room and permission to write, got {got}; {remedy}"
    )
    con.close()
