from pathlib import Path

import duckdb
import pytest

from songpop.warehouse.audit_publication import audit_publication
from songpop.warehouse.checks import Finding
from songpop.warehouse.paths import WarehousePaths
from songpop.warehouse.publish import mark_revised
from songpop.warehouse.snapshot import wal_beside
from tests.builders import week_number
from tests.songpop.warehouse.make_warehouse import make_healthy, rescore

WEEK = week_number(6)
REPUBLISH = "run `songpop repair`, which publishes everything anew"
PUBLISH = "run `songpop run`, which publishes it"


def edit_snapshot(paths: WarehousePaths, statement: str) -> None:
    paths.snapshot.chmod(0o644)
    with duckdb.connect(str(paths.snapshot)) as con:
        con.execute(statement)
    paths.snapshot.chmod(0o444)


def flip_quietly(path: Path) -> None:
    """Turn a byte around in the name of the program that wrote a Parquet file."""
    content = bytearray(path.read_bytes())
    content[content.rindex(b"DuckDB")] ^= 0xFF
    path.write_bytes(content)


def messages_of(
    con: duckdb.DuckDBPyConnection, paths: WarehousePaths, severity: str = "error"
) -> list[str]:
    findings = audit_publication(con, paths)
    con.close()
    return [finding.message for finding in findings if finding.severity == severity]


def test_what_was_just_published_has_no_findings(tmp_path: Path) -> None:
    paths, con = make_healthy(tmp_path)

    assert audit_publication(con, paths) == []
    con.close()


@pytest.mark.parametrize(
    ("statement", "message"),
    [
        (
            f"update mart.weekly_scores set score = 0.71 where rank = 1 and week = '{WEEK}'",
            f"mart.weekly_scores us {WEEK} in ",
        ),
        ("delete from mart.weekly_scores where rank = 3", "expected 3 rows, got 2 rows"),
        (
            "insert into mart.weekly_scores select 'kr', * exclude (feed) from mart.weekly_scores",
            "mart.weekly_scores kr ",
        ),
        ("update ml.labels set is_high = not is_high", "ml.labels us "),
        ("update ml.models set status = 'retired'", "ml.models in "),
        ("delete from raw.exports", "raw.exports in "),
        ("update mart.weeks set is_stale = true", "mart.weeks in "),
        ("delete from mart.parquet_files", "expected its SHA-256 in mart.parquet_files, got none"),
        ("update mart.parquet_files set file_sha256 = 'x'", "expected SHA-256 x…, got "),
    ],
)
def test_edited_snapshot_is_found(tmp_path: Path, statement: str, message: str) -> None:
    paths, con = make_healthy(tmp_path)
    edit_snapshot(paths, statement)

    messages = messages_of(con, paths)

    assert any(message in found for found in messages), messages
    assert all("`songpop repair`" in found for found in messages)


@pytest.mark.parametrize("table", ["mart.parquet_files", "ml.drift", "mart.publication"])
def test_snapshot_that_lacks_a_table_is_to_be_made_anew(tmp_path: Path, table: str) -> None:
    paths, con = make_healthy(tmp_path)
    edit_snapshot(paths, f"drop table {table} cascade")

    (finding,) = audit_publication(con, paths)

    assert (finding.severity, finding.subject) == ("error", str(paths.snapshot))
    wanted = "expected a readable database, got Catalog Error: Table with name "
    assert finding.message.startswith(f"{paths.snapshot}: {wanted}")
    assert finding.message.endswith(f"; {REPUBLISH}")
    con.close()


@pytest.mark.parametrize(
    ("statement", "subject", "difference"),
    [
        (
            f"update mart.weekly_scores set score = 0.71 where rank = 1 and week = '{WEEK}'",
            f"mart.weekly_scores us {WEEK} in {{snapshot}}",
            "expected 3 rows, got altered ones",
        ),
        ("delete from ml.drift", "ml.drift in {snapshot}", "expected 1 rows, got 0 rows"),
        ("drop view mart.movers", "view mart.movers in {snapshot}", "expected a view, got none"),
    ],
)
def test_edited_table_is_the_only_finding_by_its_name(
    tmp_path: Path, statement: str, subject: str, difference: str
) -> None:
    paths, con = make_healthy(tmp_path)
    edit_snapshot(paths, statement)

    (finding,) = audit_publication(con, paths)

    name = subject.format(snapshot=paths.snapshot)
    assert finding == Finding("error", "snapshot", name, f"{name}: {difference}; {REPUBLISH}")
    con.close()


def test_all_that_is_wrong_with_a_snapshot_as_a_file_is_told_in_whole(tmp_path: Path) -> None:
    paths, con = make_healthy(tmp_path)
    name, log = str(paths.snapshot), str(wal_beside(paths.snapshot))
    edit_snapshot(paths, "update mart.publication set layout_sha256 = 'older', revision = 0")
    paths.snapshot.chmod(0o600)
    Path(log).write_bytes(b"")
    paths.publish_anew.write_text("")

    findings = audit_publication(con, paths)

    asked = "expected nothing to be made anew, got all of it asked for, by a restore or a repair"
    assert findings == [
        Finding(
            "error",
            "snapshot",
            log,
            f"{log}: expected no log beside the snapshot, got one; {REPUBLISH}",
        ),
        Finding("note", "snapshot", name, f"{name}: {asked}; {PUBLISH}"),
        Finding(
            "error",
            "snapshot",
            name,
            f"{name}: expected mode 0444, got 0600; run `chmod 444 {name}`",
        ),
        Finding(
            "error",
            "snapshot",
            name,
            f"{name}: expected revision 1, got revision 0 (weekly parts to publish: 5); {PUBLISH}",
        ),
        Finding(
            "note",
            "snapshot",
            name,
            f"{name}: expected the tables and weeks that this songpop publishes, got others; "
            f"{PUBLISH}",
        ),
    ]
    con.close()


def test_file_of_a_week_whose_labels_alone_await_publication_is_compared(tmp_path: Path) -> None:
    paths, con = make_healthy(tmp_path)
    con.execute("update ml.labels set is_high = not is_high")
    mark_revised(con, [("us", week_number(2))])
    flip_quietly(paths.parquet("us", week_number(2)))

    behind, altered = audit_publication(con, paths)

    assert "got revision 1 (weekly parts to publish: 1)" in behind.message
    assert altered.subject == str(paths.parquet("us", week_number(2)))
    con.close()


def test_small_tables_are_not_compared_with_a_snapshot_that_is_behind(tmp_path: Path) -> None:
    paths, con = make_healthy(tmp_path)
    con.execute("delete from ml.drift")
    mark_revised(con, [])

    (behind,) = audit_publication(con, paths)

    name = str(paths.snapshot)
    got = "got revision 1 (weekly parts to publish: 0)"
    message = f"{name}: expected revision 2, {got}; {PUBLISH}"
    assert behind == Finding("error", "snapshot", name, message)
    con.close()


def test_snapshot_without_its_state_awaits_all_there_is(tmp_path: Path) -> None:
    paths, con = make_healthy(tmp_path)
    edit_snapshot(paths, "delete from mart.publication")

    state, layout = audit_publication(con, paths)

    assert "expected revision 1, got revision -1 (weekly parts to publish: 5); " in state.message
    assert layout.severity == "note"
    con.close()


def test_byte_of_a_parquet_file_that_changes_no_value_is_found(tmp_path: Path) -> None:
    paths, con = make_healthy(tmp_path)
    flip_quietly(paths.parquet("us", WEEK))

    (message,) = messages_of(con, paths)

    assert f"week={WEEK}.parquet: expected SHA-256 " in message
    assert "`songpop repair`" in message


def test_digests_are_not_asked_of_the_snapshot_of_another_songpop(tmp_path: Path) -> None:
    paths, con = make_healthy(tmp_path)
    edit_snapshot(
        paths,
        "drop table mart.parquet_files; update mart.publication set layout_sha256 = 'older'",
    )

    assert messages_of(con, paths) == []


def test_publication_that_is_asked_for_is_a_note_and_its_files_may_be_new(tmp_path: Path) -> None:
    paths, con = make_healthy(tmp_path)
    flip_quietly(paths.parquet("us", WEEK))
    paths.publish_anew.write_text("")

    (found,) = audit_publication(con, paths)

    wanted = "expected nothing to be made anew, got all of it asked for, by a restore or a repair; "
    assert (found.severity, wanted in found.message) == ("note", True)


def test_edited_private_row_is_found_in_snapshot_and_parquet(tmp_path: Path) -> None:
    paths, con = make_healthy(tmp_path)
    con.execute("update mart.weekly_scores set title = 'other' where week = ? and rank = 1", [WEEK])

    messages = messages_of(con, paths)

    assert len(messages) == 2
    assert f"mart.weekly_scores us {WEEK} in " in messages[0]
    assert f"week={WEEK}.parquet: expected us {WEEK} with 3 rows, got altered" in messages[1]


def test_week_that_awaits_publication_is_one_error_and_not_compared(tmp_path: Path) -> None:
    paths, con = make_healthy(tmp_path)
    rescore(con, 6, "second")

    messages = messages_of(con, paths)

    assert len(messages) == 1
    assert (
        f"{paths.snapshot}: expected revision 2, got revision 1 (weekly parts to publish: 1); "
        "run `songpop run`"
    ) in messages[0]


def test_snapshot_of_a_later_state_than_the_private_file_is_found(tmp_path: Path) -> None:
    paths, con = make_healthy(tmp_path)
    con.execute("update mart.publication set revision = 0")

    [finding] = audit_publication(con, paths)

    assert (finding.severity, finding.check) == ("error", "private file")
    assert finding.message.startswith(
        f"{paths.private}: expected revision 1, which was committed, got the earlier revision 0; "
    )
    assert "run `songpop restore latest`" in finding.message


def test_snapshot_of_the_history_that_a_restore_replaced_is_to_be_published(tmp_path: Path) -> None:
    paths, con = make_healthy(tmp_path)
    con.execute("update mart.publication set revision = 0")
    paths.publish_anew.touch()
    paths.committed.unlink()

    (found,) = messages_of(con, paths)

    got = "got the later revision 1"
    assert found == f"{paths.snapshot}: expected revision 0, {got}; {PUBLISH}"


@pytest.mark.parametrize("damage", ["absent", "truncated", "noise"])
def test_snapshot_that_cannot_be_read_is_found(tmp_path: Path, damage: str) -> None:
    paths, con = make_healthy(tmp_path)
    content = paths.snapshot.read_bytes()
    paths.snapshot.unlink()
    if damage != "absent":
        paths.snapshot.write_bytes(content[:300_000] if damage == "truncated" else b"noise" * 9_000)
        paths.snapshot.chmod(0o444)

    (finding,) = audit_publication(con, paths)

    remedy = "`songpop run`" if damage == "absent" else "`songpop repair`"
    wanted = "a published warehouse" if damage == "absent" else "a readable database"
    assert (finding.check, finding.subject) == ("snapshot", str(paths.snapshot))
    assert finding.message.startswith(f"{paths.snapshot}: expected {wanted}, got ")
    assert remedy in finding.message
    con.close()


def test_every_block_of_the_snapshot_is_read(tmp_path: Path) -> None:
    paths, con = make_healthy(tmp_path)
    content = paths.snapshot.read_bytes()
    paths.snapshot.chmod(0o644)
    with duckdb.connect(str(paths.snapshot), read_only=True) as reader:
        used = reader.execute(
            "select distinct block_id from pragma_storage_info('mart.weekly_scores') "
            "where block_id >= 0"
        ).fetchall()
    for (block,) in used:
        damaged = bytearray(content)
        damaged[3 * 4096 + block * 262_144 + 20_000] ^= 0xFF
        paths.snapshot.write_bytes(damaged)

        findings = audit_publication(con, paths)

        assert any("Corrupt database file" in finding.message for finding in findings)
    assert used
    con.close()
