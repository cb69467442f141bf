import datetime as dt
import hashlib
import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from songpop.errors import InputError, SongpopError
from songpop.warehouse import durable, parquet, publish, snapshot
from songpop.warehouse.audit_publication import audit_publication
from songpop.warehouse.doctor import examine_open
from songpop.warehouse.paths import WarehousePaths
from songpop.warehouse.publish import PublishResult, mark_revised
from songpop.warehouse.published import Published, layout_sha256, read_published, wal_beside
from songpop.warehouse.revision import ChangedPart, list_changed, read_revision
from tests.builders import week_number
from tests.songpop.warehouse.make_warehouse import (
    add_scores,
    add_week,
    make_healthy,
    open_warehouse,
    rescore,
)

WEEK_2, WEEK_6 = week_number(2), week_number(6)


def errors_of(con: duckdb.DuckDBPyConnection, paths: WarehousePaths) -> list[str]:
    return [f.message for f in examine_open(con, paths) if f.severity == "error"]


def shown_runs(paths: WarehousePaths) -> dict[str, str]:
    """Return the run id that the snapshot shows for each scored week."""
    with duckdb.connect(str(paths.snapshot), read_only=True) as con:
        rows = con.execute("select distinct week::varchar, run_id from mart.weekly_scores")
        return dict(rows.fetchall())


def shown_digests(paths: WarehousePaths) -> dict[tuple[str, dt.date], str]:
    with duckdb.connect(str(paths.snapshot), read_only=True) as con:
        rows = con.execute("from mart.parquet_files").fetchall()
    return {(feed, week): sha256 for feed, week, sha256 in rows}


def digests_on_disk(paths: WarehousePaths) -> dict[tuple[str, dt.date], str]:
    files = paths.published.glob("feed=*/week=*.parquet")
    return {
        (
            path.parent.name.removeprefix("feed="),
            dt.date.fromisoformat(path.stem.removeprefix("week=")),
        ): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in files
    }


def test_each_call_bumps_the_revision_and_marks_only_what_differs(tmp_path: Path) -> None:
    _, con = make_healthy(tmp_path)
    before = read_revision(con)
    con.execute("update mart.weekly_scores set run_id = 'new' where week = ?", [WEEK_6])
    con.execute("update ml.labels set is_high = not is_high")

    revision = mark_revised(con, [("us", WEEK_6), ("us", WEEK_6), ("us", WEEK_2), ("kr", WEEK_2)])

    assert revision == before + 1
    assert list_changed(con, before) == [
        ChangedPart("mart.weekly_scores", "us", WEEK_6, 3),
        ChangedPart("ml.labels", "us", WEEK_2, 3),
    ]
    assert len(list_changed(con, 0)) == 5
    assert mark_revised(con, [("us", WEEK_6)]) == before + 2
    assert list_changed(con, before + 1) == []
    con.close()


def test_part_that_lost_its_rows_is_marked_once(tmp_path: Path) -> None:
    _, con = make_healthy(tmp_path)
    before = read_revision(con)
    con.execute("delete from ml.labels")

    for _ in range(2):
        mark_revised(con, [("us", WEEK_2)])

    assert list_changed(con, before) == [ChangedPart("ml.labels", "us", WEEK_2, 0)]
    assert list_changed(con, before + 1) == []
    con.close()


def test_matured_labels_do_not_publish_their_weeks_scores_again(tmp_path: Path) -> None:
    paths, con = make_healthy(tmp_path)
    con.execute("update ml.labels set is_high = not is_high")
    mark_revised(con, [("us", WEEK_2)])
    before = paths.parquet("us", WEEK_2).stat()

    result = publish.publish(con, paths)

    assert result == PublishResult(2, is_rebuilt=False)
    assert paths.parquet("us", WEEK_2).stat() == before
    assert errors_of(con, paths) == []
    con.close()


def test_revision_that_is_rolled_back_was_never_there(tmp_path: Path) -> None:
    paths, con = make_healthy(tmp_path)
    before = read_revision(con)
    con.begin()
    mark_revised(con, [("us", WEEK_6)])
    con.rollback()

    assert publish.publish(con, paths) == PublishResult(before, is_rebuilt=False)
    con.close()


def test_feed_that_cannot_name_a_folder_is_refused_before_anything_is_written(
    tmp_path: Path,
) -> None:
    _, con = make_healthy(tmp_path)
    before = read_revision(con)

    with pytest.raises(InputError, match=r"feed '\.\./us': expected lower-case letters"):
        mark_revised(con, [("us", WEEK_6), ("../us", WEEK_6)])

    assert read_revision(con) == before
    con.close()


def test_first_publication_makes_everything(tmp_path: Path) -> None:
    paths, con = open_warehouse(tmp_path)

    assert publish.publish(con, paths) == PublishResult(0, is_rebuilt=True)
    assert shown_runs(paths) == {}
    assert errors_of(con, paths) == []
    con.close()


def test_nothing_new_publishes_nothing(tmp_path: Path) -> None:
    paths, con = make_healthy(tmp_path)
    before = paths.snapshot.stat()

    result = publish.publish(con, paths)

    assert result == PublishResult(1, is_rebuilt=False)
    after = paths.snapshot.stat()
    assert (after.st_ino, after.st_mtime_ns) == (before.st_ino, before.st_mtime_ns)
    con.close()


def test_only_what_changed_is_written(tmp_path: Path) -> None:
    paths, con = make_healthy(tmp_path)
    before = paths.parquet("us", WEEK_2).stat()
    rescore(con, 6, "second")

    result = publish.publish(con, paths)

    assert result == PublishResult(2, is_rebuilt=False, written=(("us", WEEK_6),))
    assert paths.parquet("us", WEEK_2).stat() == before
    assert shown_runs(paths)[str(WEEK_6)] == "second"
    assert errors_of(con, paths) == []
    con.close()


def test_several_revisions_are_published_at_once(tmp_path: Path) -> None:
    paths, con = make_healthy(tmp_path)
    rescore(con, 2, "second")
    rescore(con, 6, "third")

    result = publish.publish(con, paths)

    assert (result.revision, len(result.written)) == (3, 2)
    assert shown_runs(paths)[str(WEEK_2)] == "second"
    assert errors_of(con, paths) == []
    con.close()


def test_change_without_a_week_renews_the_small_tables(tmp_path: Path) -> None:
    paths, con = make_healthy(tmp_path)
    con.execute("update raw.exports set reason = 'told' where status = 'refused'")
    mark_revised(con, [])

    result = publish.publish(con, paths)

    assert result == PublishResult(2, is_rebuilt=False)
    assert errors_of(con, paths) == []
    con.close()


def test_week_that_lost_its_scores_vanishes_from_snapshot_and_files(tmp_path: Path) -> None:
    paths, con = make_healthy(tmp_path)
    con.execute("delete from mart.weekly_scores where week = ?", [WEEK_6])
    con.execute("delete from core.score_profiles where week = ?", [WEEK_6])
    con.execute("update core.weeks set model_version = null where week = ?", [WEEK_6])
    mark_revised(con, [("us", WEEK_6)])

    result = publish.publish(con, paths)

    assert result.removed == (("us", WEEK_6),)
    assert not paths.parquet("us", WEEK_6).exists()
    assert str(WEEK_6) not in shown_runs(paths)
    assert errors_of(con, paths) == []
    con.close()


@pytest.mark.parametrize("damage", ["deleted", "truncated", "noise", "header", "other layout"])
def test_unusable_snapshot_is_made_anew_from_all_weeks(tmp_path: Path, damage: str) -> None:
    paths, con = make_healthy(tmp_path)
    content = paths.snapshot.read_bytes()
    paths.snapshot.unlink()
    if damage == "truncated":
        paths.snapshot.write_bytes(content[: len(content) // 3])
    elif damage == "noise":
        paths.snapshot.write_bytes(b"noise" * 10_000)
    elif damage == "header":
        paths.snapshot.write_bytes(bytes(8_192) + content[8_192:])
    elif damage != "deleted":
        paths.snapshot.write_bytes(content)
        with duckdb.connect(str(paths.snapshot)) as other:
            other.execute("update mart.publication set layout_sha256 = 'older'")
    stray = paths.parquet("stray", WEEK_2)
    stray.parent.mkdir(parents=True)
    stray.write_bytes(b"")

    result = publish.publish(con, paths)

    assert result.is_rebuilt
    assert len(result.written) == 3
    assert errors_of(con, paths) == []
    con.close()


def test_snapshot_whose_blocks_are_damaged_is_made_anew(tmp_path: Path) -> None:
    paths, con = make_healthy(tmp_path)
    rescore(con, 6, "second")
    content = bytearray(paths.snapshot.read_bytes())
    # The block of the scored rows: what is needed to say the revision stays readable.
    with duckdb.connect(str(paths.snapshot), read_only=True) as reader:
        blocks = reader.execute(
            "select distinct block_id from pragma_storage_info('mart.weekly_scores') "
            "where block_id >= 0"
        ).fetchall()
    for (block,) in blocks:
        start = 3 * 4096 + block * 262_144
        content[start + 1_000 : start + 1_100] = bytes(100)
    paths.snapshot.chmod(0o644)
    paths.snapshot.write_bytes(content)

    result = publish.publish(con, paths)

    assert result.revision == 2
    assert errors_of(con, paths) == []
    con.close()


def test_digests_follow_the_files_that_were_written_and_removed(tmp_path: Path) -> None:
    paths, con = make_healthy(tmp_path)
    before = shown_digests(paths)
    assert before == digests_on_disk(paths)
    rescore(con, 6, "second")
    con.execute("delete from mart.weekly_scores where week = ?", [WEEK_2])
    mark_revised(con, [("us", WEEK_2)])

    publish.publish(con, paths)

    after = shown_digests(paths)
    assert after == digests_on_disk(paths)
    assert set(before) - set(after) == {("us", WEEK_2)}
    assert after["us", WEEK_6] != before["us", WEEK_6]
    assert after["us", week_number(3)] == before["us", week_number(3)]
    con.close()


def test_snapshot_of_before_the_digests_is_no_error_and_made_anew(tmp_path: Path) -> None:
    paths, con = make_healthy(tmp_path)
    paths.snapshot.chmod(0o644)
    with duckdb.connect(str(paths.snapshot)) as older:
        older.execute("drop table mart.parquet_files")
        older.execute("update mart.publication set layout_sha256 = 'older'")
    paths.snapshot.chmod(0o444)
    assert errors_of(con, paths) == []

    result = publish.publish(con, paths)

    assert result.is_rebuilt
    assert shown_digests(paths) == digests_on_disk(paths)
    assert errors_of(con, paths) == []
    con.close()


@pytest.mark.parametrize(
    ("owner", "name", "call"),
    [
        (publish, "write_parquet", 1),
        (publish, "write_parquet", 2),
        (publish, "write_snapshot", 1),
        (snapshot, "replace_durably", 1),
        (publish, "remove_durably", 1),
    ],
)
def test_files_that_a_killed_rebuild_wrote_otherwise_are_published_by_the_next_call(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, owner: object, name: str, call: int
) -> None:
    paths, con = make_healthy(tmp_path)
    monkeypatch.setattr(parquet, "_OPTIONS", "format parquet, compression snappy")
    kill_at(monkeypatch, owner, name, call)
    with pytest.raises(KilledError):
        publish.publish(con, paths, rebuild=True)
    monkeypatch.undo()

    assert errors_of(con, paths) == []  # rows are whole, whichever bytes hold them
    (note,) = audit_publication(con, paths)
    assert "all of it asked for, by a restore or a repair; run `songpop run`" in note.message
    assert publish.publish(con, paths).is_rebuilt
    assert shown_digests(paths) == digests_on_disk(paths)
    assert errors_of(con, paths) == []
    con.close()


def test_rebuild_can_be_asked_for(tmp_path: Path) -> None:
    paths, con = make_healthy(tmp_path)
    paths.parquet("us", WEEK_2).unlink()

    result = publish.publish(con, paths, rebuild=True)

    assert result.is_rebuilt
    assert errors_of(con, paths) == []
    con.close()


def test_full_disk_is_an_error_in_words_and_readers_keep_what_they_had(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    paths, con = make_healthy(tmp_path)
    rescore(con, 6, "second")

    def fail(path: Path) -> None:
        raise OSError(28, "No space left on device", str(path))

    monkeypatch.setattr(durable, "_sync", fail)
    pattern = r"publication of .*: expected room and permission to write, got .*No space left.*; p"
    with pytest.raises(SongpopError, match=pattern):
        publish.publish(con, paths)
    monkeypatch.undo()

    assert shown_runs(paths)[str(WEEK_6)] == "run"
    publish.publish(con, paths)
    assert errors_of(con, paths) == []
    con.close()


class KilledError(BaseException):
    """Stands for SIGKILL: nothing catches it."""


def kill_at(monkeypatch: pytest.MonkeyPatch, owner: object, name: str, call: int) -> None:
    """Let the *call*-th use of a function raise instead of working."""
    original: Callable[..., object] = getattr(owner, name)
    used = 0

    def count(*args: object, **options: object) -> object:
        nonlocal used
        used += 1
        if used == call:
            raise KilledError
        return original(*args, **options)

    monkeypatch.setattr(owner, name, count)


STEPS = [
    (publish, "write_parquet", 1, False),
    (publish, "write_parquet", 2, False),
    (publish, "write_parquet", 2, True),
    (publish, "remove_parquet", 1, False),
    (publish, "remove_strays", 1, True),
    (publish, "write_snapshot", 1, False),
    (snapshot, "_replace_whole_tables", 1, False),
    (snapshot, "create_views", 1, True),
    (snapshot, "replace_durably", 1, False),
    (snapshot, "replace_durably", 1, True),
    (parquet, "replace_durably", 1, False),
    # Two Parquet files and the snapshot, each synced before and after its rename, and the folder
    # that one file was removed from.
    *((durable, "_sync", call, False) for call in range(1, 8)),
]


@pytest.mark.parametrize(("owner", "name", "call", "rebuild"), STEPS)
def test_kill_at_any_step_leaves_old_or_new_and_the_next_call_does_the_rest(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    owner: object,
    name: str,
    call: int,
    rebuild: bool,  # noqa: FBT001 - a parameter of the test
) -> None:
    paths, con = make_healthy(tmp_path)
    old = shown_runs(paths)
    rescore(con, 2, "second")
    con.execute("delete from mart.weekly_scores where week = ?", [week_number(3)])
    con.execute("update core.weeks set model_version = null where week = ?", [week_number(3)])
    mark_revised(con, [("us", week_number(3))])
    rescore(con, 6, "second")
    new = {str(WEEK_2): "second", str(WEEK_6): "second"}

    kill_at(monkeypatch, owner, name, call)
    with pytest.raises(KilledError):
        publish.publish(con, paths, rebuild=rebuild)
    monkeypatch.undo()

    assert shown_runs(paths) in (old, new)
    assert not wal_beside(paths.snapshot).exists()
    publish.publish(con, paths)
    assert shown_runs(paths) == new
    assert errors_of(con, paths) == []
    con.close()


READER = """
import json, sys, time
from pathlib import Path
import duckdb
path, stop = sys.argv[1], Path(sys.argv[2])
reads, last, problems = 0, -1, []
while not stop.exists():
    try:
        with duckdb.connect(path, read_only=True) as con:
            revision, = con.execute("select revision from mart.publication").fetchone()
            for _ in range(2):
                rows = con.execute(
                    "select week, count(*), count(distinct run_id), min(run_id) "
                    "from mart.weekly_scores group by week order by week").fetchall()
                current = con.execute("select count(*) from mart.current_scores").fetchone()
                if [row[1:3] for row in rows] != [(50, 1)] * 2 or current != (50,):
                    problems.append(f"mixed: {rows}")
                if {row[3] for row in rows} != {f"r{revision:04d}"}:
                    problems.append(f"weeks of different revisions at {revision}: {rows}")
        if revision < last:
            problems.append(f"backwards: {last} to {revision}")
        last, reads = revision, reads + 1
    except Exception as error:
        problems.append(repr(error))
print(json.dumps({"reads": reads, "last": last, "problems": problems[:5]}))
"""


def publish_both(con: duckdb.DuckDBPyConnection, paths: WarehousePaths) -> None:
    """Change both weeks in one revision, whose number is their run id."""
    con.begin()
    revision = mark_revised(con, [("us", WEEK_2), ("us", WEEK_6)])
    con.execute("update mart.weekly_scores set run_id = ?", [f"r{revision:04d}"])
    con.commit()
    publish.publish(con, paths)


def make_two_weeks(root: Path) -> tuple[WarehousePaths, duckdb.DuckDBPyConnection]:
    paths, con = open_warehouse(root)
    for number in (2, 6):
        add_week(con, "us", number, "".join(map(chr, range(200, 250))), scores=[0.5] * 50)
    publish_both(con, paths)
    return paths, con


@pytest.mark.slow
def test_reader_in_a_loop_sees_no_error_no_mixture_and_no_way_back(tmp_path: Path) -> None:
    paths, con = make_two_weeks(tmp_path)
    stop = tmp_path / "stop"
    command = [sys.executable, "-c", READER, str(paths.snapshot), str(stop)]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as reader:
        for _ in range(50):
            publish_both(con, paths)
        stop.touch()
        output, _ = reader.communicate(timeout=60)

    seen = json.loads(output)
    assert seen["problems"] == []
    assert seen["reads"] >= 20
    assert seen["last"] <= 51
    assert read_published(paths.snapshot) == Published(51, layout_sha256())
    con.close()


WRITER = """
import sys
from pathlib import Path
import duckdb
sys.path.insert(0, {root!r})
from songpop.warehouse.paths import WarehousePaths
from tests.songpop.warehouse.test_publish import publish_both
paths = WarehousePaths(Path(sys.argv[1]))
con = duckdb.connect(str(paths.private))
print("open", flush=True)
while True:
    publish_both(con, paths)
"""


@pytest.mark.slow
def test_killed_process_leaves_nothing_to_clean_up_by_hand(tmp_path: Path) -> None:
    paths, con = make_two_weeks(tmp_path)
    con.close()
    script = WRITER.format(root=str(Path(__file__).parents[3]))
    rng = random.Random(1)  # noqa: S311 - moments of kills, not secrets
    last = 0
    for _ in range(5):
        command = [sys.executable, "-c", script, str(paths.root)]
        with subprocess.Popen(command, stdout=subprocess.PIPE) as writer:
            assert writer.stdout is not None
            assert writer.stdout.readline() == b"open\n"
            time.sleep(rng.uniform(0.05, 0.4))
            os.kill(writer.pid, signal.SIGKILL)

        shown = read_published(paths.snapshot)
        assert shown is not None
        assert shown.revision >= last
        with duckdb.connect(str(paths.private)) as con:
            last = read_revision(con)
            assert shown.revision <= last
            publish.publish(con, paths)
            assert set(shown_runs(paths).values()) == {f"r{last:04d}"}
            audits = [message for message in errors_of(con, paths) if "check " not in message]
            assert audits == []
    assert last > 1


def test_scores_of_another_feed_are_untouched(tmp_path: Path) -> None:
    paths, con = make_healthy(tmp_path)
    add_scores(con, "gb", 6, {"a": 0.5, "b": 0.4}, version="us-2")
    mark_revised(con, [("gb", WEEK_6)])

    result = publish.publish(con, paths)

    assert result.written == (("gb", WEEK_6),)
    with duckdb.connect(str(paths.snapshot), read_only=True) as reader:
        rows = reader.execute(
            "select feed, count(*) from mart.weekly_scores where week = ? group by feed "
            "order by feed",
            [WEEK_6],
        ).fetchall()
    assert rows == [("gb", 2), ("us", 3)]
    con.close()
