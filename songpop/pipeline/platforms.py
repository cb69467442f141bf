"""The files of platforms in the landing folder: told apart from the feeds' and loaded first."""

import datetime as dt
from collections.abc import Sequence

from songpop.errors import FormatError
from songpop.ingest.landed import LandedFile
from songpop.ingest.recognise import is_text
from songpop.pipeline.session import Session
from songpop.pipeline.unload import unload_week
from songpop.pipeline.weeks import read_week_state
from songpop.platforms.feed import OWN_FEED, OwnWeeks, retire_week, write_own_weeks
from songpop.platforms.load import Loading, load_exports
from songpop.platforms.outcome import PlatformFile, PlatformsResult
from songpop.platforms.recognise import (
    NOTE_SUFFIX,
    SUFFIXES,
    describe_nearest,
    recognise_export,
)
from songpop.platforms.registry import load_platforms
from songpop.platforms.said import Said, identify_file
from songpop.warehouse.publish import publish


def find_export(session: Session, file: LandedFile, sha256: str) -> PlatformFile | None:
    """Return a file that no feed's format has as a platform's export; null where it is none.

    Raises:
        FormatError: its header is nearly that of a platform's format; the message says how it
            differs.
    """
    platforms = load_platforms(session.settings.formats_dir)
    try:
        export = recognise_export(file, platforms, session.settings.ingest)
    except FormatError:
        # What is wrong with it was said already, when the feeds' formats were tried.
        return None
    if export is None:
        nearest = describe_nearest(file, platforms, session.settings.ingest)
        if nearest is not None:
            raise FormatError(nearest)
        return None
    return PlatformFile(file, export, identify_file(file, export, sha256))


def is_by_chance(session: Session, file: LandedFile) -> bool:
    """Whether a file was only looked at because platforms call their exports so, too.

    A .txt file may be anything; one that is a table by its name, and no text, is a bad export.
    """
    name = file.path.name.casefold()
    of_feeds = [suffix for spec in session.formats.values() for suffix in spec.suffixes]
    if not name.endswith(SUFFIXES) or name.endswith(tuple(map(str.casefold, of_feeds))):
        return False
    return name.endswith(NOTE_SUFFIX) or is_text(file, session.settings.ingest)


def load_platform_exports(
    session: Session, found: Sequence[PlatformFile], week: dt.date | None
) -> PlatformsResult:
    """Load what was found, in one transaction, and publish it.

    Args:
        session: the warehouse, held for writing.
        found: files that it does not know.
        week: ``--week``, which dates files about a week that name none.
    """
    if not found:
        return PlatformsResult()
    loading = Loading(session.run_id, session.now, Said(week=week))
    result = load_exports(session.con, found, session.settings, loading)
    publish(session.con, session.paths)
    return result


def make_own_weeks(session: Session, feed: str | None) -> OwnWeeks:
    """Write the weekly tables of own songs that changed, unless another feed was asked for.

    A week that has no song any more is unloaded, as a person would unload it; its table goes last,
    so that a run that dies before is made up for by the next.
    """
    if feed not in {None, OWN_FEED}:
        return OwnWeeks()
    con, paths = session.con, session.paths
    own_weeks = write_own_weeks(con, paths, session.settings.platforms.min_tracks)
    for week in own_weeks.emptied:
        if read_week_state(con, OWN_FEED, week) is not None:
            unload_week(session, OWN_FEED, week)
        retire_week(paths, week)
    return own_weeks
