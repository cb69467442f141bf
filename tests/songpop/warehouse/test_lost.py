"""Commits that are lost with the private file's log: readers keep what they have."""

import datetime as dt
import os
import shutil
from pathlib import Path

import pytest

from songpop.errors import CheckError, InputError
from songpop.maintenance.repair import repair
from songpop.pipeline.plan import Selection
from songpop.pipeline.runner import Caller, run_weeks
from songpop.warehouse.doctor import examine
from songpop.warehouse.paths import WarehousePaths
from songpop.warehouse.publish import mark_revised, publish
from songpop.warehouse.published import read_published, wal_beside
from songpop.warehouse.writer import connect
from tests.builders import NOW, make_settings
from tests.songpop.warehouse.make_warehouse import make_healthy

LOST = r"songpop\.duckdb: expected revision 2, which was committed, got the earlier revision 1; "


def make_killed(root: Path, *, publishes: bool) -> WarehousePaths:
    """Return a warehouse whose writer was killed after a second commit, which is in its log."""
    paths, con = make_healthy(root)
    con.close()
    pid = os.fork()
    if not pid:
        con = connect(paths, "256MB")
        con.begin()
        mark_revised(con, [])
        con.commit()
        if publishes:
            publish(con, paths)
        else:
            paths.committed.write_text("2")
        os._exit(0)
    os.waitpid(pid, 0)
    return paths


def damage(wal: Path, how: str) -> None:
    content = wal.read_bytes()
    place = {"first": 0, "middle": len(content) // 2}.get(how)
    if how == "removed":
        wal.unlink()
    elif place is None:
        wal.write_bytes(content[: {"emptied": 0, "cut": len(content) - 1}[how]])
    else:
        wal.write_bytes(content[:place] + bytes([content[place] ^ 255]) + content[place + 1 :])


@pytest.mark.parametrize("publishes", [True, False])
@pytest.mark.parametrize("how", ["removed", "emptied", "cut", "first", "middle"])
def test_commits_that_are_lost_with_a_log_are_found_and_never_taken_from_readers(
    tmp_path: Path, how: str, *, publishes: bool
) -> None:
    paths = make_killed(tmp_path, publishes=publishes)
    assert [finding for finding in examine(paths) if finding.check == "private file"] == []
    damage(wal_beside(paths.private), how)
    shown = read_published(paths.snapshot)

    errors = [finding for finding in examine(paths) if finding.severity == "error"]
    assert any(finding.check == "private file" for finding in errors)
    with pytest.raises(CheckError, match=r"songpop\.duckdb: expected "):
        repair(make_settings(tmp_path), NOW)
    assert read_published(paths.snapshot) == shown


def test_lost_commits_are_named_with_both_ways_out(tmp_path: Path) -> None:
    paths = make_killed(tmp_path, publishes=True)
    wal_beside(paths.private).unlink()

    with connect(paths, "256MB") as con:
        with pytest.raises(CheckError, match=LOST + r".*run `songpop restore latest`; to go on"):
            publish(con, paths)
        paths.committed.unlink()
        paths.snapshot.unlink()
        assert publish(con, paths).revision == 1


def test_a_copy_of_an_earlier_day_is_no_state_to_publish(tmp_path: Path) -> None:
    paths, con = make_healthy(tmp_path)
    con.close()
    shutil.copy(paths.private, tmp_path / "earlier")
    with connect(paths, "256MB") as con:
        con.begin()
        mark_revised(con, [("us", dt.date(2030, 1, 1))])
        con.commit()
        publish(con, paths)
    shutil.copy(tmp_path / "earlier", paths.private)

    with connect(paths, "256MB") as con, pytest.raises(CheckError, match=LOST):
        publish(con, paths)


def test_a_warehouse_whose_private_file_is_gone_is_not_begun_anew(tmp_path: Path) -> None:
    paths, con = make_healthy(tmp_path)
    con.close()
    paths.private.unlink()
    settings, shown = make_settings(tmp_path), paths.snapshot.read_bytes()

    with pytest.raises(CheckError, match="expected the writer's database, got none") as caught:
        run_weeks(settings, "run", Selection(), Caller("run", NOW))
    assert "run `songpop restore latest`" in str(caught.value)
    with pytest.raises(InputError, match="run `songpop restore latest`"):
        repair(settings, NOW)
    assert not paths.private.exists()
    assert paths.snapshot.read_bytes() == shown
