from pathlib import Path

from songpop.warehouse.checks import Finding
from songpop.warehouse.doctor import examine
from tests.builders import week_number
from tests.songpop.warehouse.make_warehouse import make_healthy


def examine_after(tmp_path: Path, *statements: str) -> list[Finding]:
    paths, con = make_healthy(tmp_path)
    for statement in statements:
        con.execute(statement)
    con.close()
    return examine(paths)


def test_healthy_warehouse_has_only_the_note_about_the_refused_export(tmp_path: Path) -> None:
    findings = examine_after(tmp_path)

    assert findings == [
        Finding(
            "note",
            "refused exports",
            "feed gb",
            "feed gb: expected no refused export, got 1: bad.csv; see `songpop quarantine list`; "
            "mend and land them again, or `songpop accept` them",
        )
    ]


def test_stale_weeks_are_a_note_with_the_command_that_mends_them(tmp_path: Path) -> None:
    findings = examine_after(
        tmp_path, "update core.weeks set is_stale = true, stale_because = 'x' where feed = 'us'"
    )
    note = next(finding for finding in findings if finding.check == "stale weeks")

    weeks = ", ".join(str(week_number(number)) for number in range(1, 6))
    assert note == Finding(
        "note",
        "stale weeks",
        "feed us",
        f"feed us: expected no stale week, got 6: {weeks}, …; "
        f"run `songpop backfill --feed us --from {week_number(1)}`",
    )


def test_week_of_unusual_size_is_a_note(tmp_path: Path) -> None:
    findings = examine_after(
        tmp_path,
        f"update core.weeks set rows_count = 9 where feed = 'us' and week = '{week_number(6)}'",
    )

    (note,) = [finding for finding in findings if finding.check == "volume"]
    wanted = "expected as many rows a week as usual, within 30 %, got 1"
    message = f"feed us: {wanted}: {week_number(6)}; check the exports of these weeks"
    assert note == Finding("note", "volume", "feed us", message)


def test_missing_week_is_a_note_with_the_week_before_it(tmp_path: Path) -> None:
    findings = examine_after(
        tmp_path, f"delete from core.weeks where feed = 'us' and week = '{week_number(4)}'"
    )

    (note,) = [finding for finding in findings if finding.check == "freshness"]
    before = week_number(3)
    wanted = "expected a week every seven days, up to the newest of all feeds, got 1"
    remedy = f"land what followed {before}, then run `songpop backfill --feed us --from {before}`"
    assert note == Finding("note", "freshness", "feed us", f"feed us: {wanted}: {before}; {remedy}")


def test_quarantined_week_is_no_missing_one_and_is_told_with_the_way_out(tmp_path: Path) -> None:
    held = week_number(7)
    findings = examine_after(
        tmp_path,
        f"""
        insert into ml.drift_weeks by name
        select feed, '{held}'::date as week, 'quarantine' as decision, ['units'] as reasons
        from (values ('us'), ('gb')) as feeds (feed)
        """,
        f"update raw.exports set week = '{held}' where sha256 = 'bad'",
    )

    notes = {note.subject: note.message for note in findings if note.check == "quarantined weeks"}
    assert notes["feed gb"] == (
        f"feed gb: expected no quarantined week, got 1: {held}; see `songpop quarantine list "
        f"--feed gb`; mend and land them again, or, if it is true, `songpop accept gb {held}`"
    )
    assert not [note for note in findings if note.check == "refused exports"]
    assert "feed us" not in {note.subject for note in findings if note.check == "freshness"}
