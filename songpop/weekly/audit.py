"""Pages that are missing, or tell another run of their week than the published tables."""

from itertools import groupby

from songpop.errors import SongpopError, expected, list_names
from songpop.warehouse.checks import Finding
from songpop.warehouse.paths import WarehousePaths
from songpop.warehouse.query import explain_damage, open_snapshot
from songpop.weekly.facts import WeekEntry
from songpop.weekly.read import list_entries
from songpop.weekly.write import is_due


def audit_pages(paths: WarehousePaths) -> list[Finding]:
    """Return a note for each feed with a page that its newest scored week lacks, or an older one.

    Other weeks need none. A snapshot that cannot be opened is for others to tell.
    """
    try:
        with open_snapshot(paths) as con, explain_damage(paths):
            entries = list_entries(con)
    except SongpopError:
        return []
    findings: list[Finding] = []
    for feed, own in groupby(entries, key=lambda entry: entry.feed):
        due = _list_due(paths, list(own))
        if due:
            subject = f"pages of feed {feed}"
            remedy = f"run `songpop report --feed {feed} --week {due[0]}`"
            wanted = "those of the published weeks"
            got = f"a missing or older one for {list_names(due)}"
            findings.append(
                Finding("note", "pages", subject, expected(subject, wanted, got, remedy))
            )
    return findings


def _list_due(paths: WarehousePaths, entries: list[WeekEntry]) -> list[str]:
    scored = next((entry for entry in entries if entry.is_scored), None)
    return [
        str(entry.week)
        for entry in entries
        if not entry.is_hidden and is_due(paths, entry, may_lack=entry is not scored)
    ]
