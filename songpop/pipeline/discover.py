"""Which landed files are new, and to which feed and week each belongs."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from songpop.errors import FormatError, InputError, LandingError, expected, list_names
from songpop.ingest.dates import MOST_DAYS_AHEAD
from songpop.ingest.identity import identify, place_in_name
from songpop.ingest.landing import LandedFile, Landing, find_exports
from songpop.pipeline.hashing import hash_files
from songpop.pipeline.plan import is_part_of
from songpop.pipeline.platforms import find_export, is_by_chance
from songpop.pipeline.session import ArrivingExport, Session
from songpop.platforms.feed import OWN_FEED
from songpop.platforms.load import list_known
from songpop.platforms.outcome import PlatformFile
from songpop.platforms.recognise import SUFFIXES
from songpop.warehouse.sqlfiles import read_sql


@dataclass(frozen=True)
class Discovery:
    """What the landing folder holds."""

    arriving: tuple[ArrivingExport, ...]
    """New exports in the order in which they came."""
    known_count: int
    ignored: tuple[str, ...]
    """Names of files that are no exports: hidden, temporary, other suffixes."""
    problems: tuple[str, ...]
    """One message for each file that a person has to put right."""
    platforms: tuple[PlatformFile, ...] = ()
    """New exports of platforms, which belong to no feed."""


@dataclass(frozen=True)
class Hints:
    """What the person said about the files: a feed's name, and the week of undated ones."""

    feed: str | None = None
    week: dt.date | None = None


def discover(session: Session, hints: Hints) -> Discovery:
    """Scan the landing folder.

    Files whose SHA-256 the warehouse knows add nothing. A file that cannot be placed is a
    problem, named with its remedy, and does not keep the others from being loaded.
    """
    landing = session.settings.landing
    if landing is not None and not landing.is_dir():
        message = expected(f"landing folder {landing}", "a folder", "none", "create or mount it")
        raise LandingError(message)
    scan = _scan(session, SUFFIXES, with_own=hints.feed in {None, OWN_FEED})
    found = _Found(_list_known(session), problems=list(scan.refused))
    for file, sha256 in hash_files(session.con, scan.files, found.problems):
        if (known := found.known.get(sha256)) is not None:
            claim = _claim_another_place(session, file, known)
            found.problems += [claim] if claim is not None and known.is_kept else []
            if claim is None or known.is_kept:
                found.known_count += 1
                continue
        try:
            _place(session, file, sha256, hints, found)
        except InputError as error:
            found.problems.append(str(error))
    clashes = _find_undated_clashes(found.arriving)
    return Discovery(
        arriving=tuple(export for export in found.arriving if export.file.path not in clashes),
        known_count=found.known_count,
        ignored=tuple(sorted([*scan.ignored, *found.ignored])),
        problems=(*found.problems, *clashes.values()),
        platforms=tuple(found.platforms),
    )


@dataclass(frozen=True)
class _Known:
    """Where the very bytes of a file belong already; nulls where nobody could tell."""

    feed: str | None = None
    region: str | None = None
    week: dt.date | None = None
    format_name: str | None = None
    is_kept: bool = True
    """Whether rows may be of it: it was neither refused nor unloaded."""


@dataclass
class _Found:
    """What a scan has found so far."""

    known: dict[str, _Known]
    """Each file that the warehouse knows, by SHA-256."""
    problems: list[str]
    known_count: int = 0
    arriving: list[ArrivingExport] = field(default_factory=list[ArrivingExport])
    platforms: list[PlatformFile] = field(default_factory=list[PlatformFile])
    ignored: list[str] = field(default_factory=list[str])


def _list_known(session: Session) -> dict[str, _Known]:
    rows = session.con.execute(read_sql("load/known_exports")).fetchall()
    exports = {sha256: _Known(*place) for sha256, *place in rows}
    return {**dict.fromkeys(list_known(session.con), _Known()), **exports}


def _place(session: Session, file: LandedFile, sha256: str, hints: Hints, found: _Found) -> None:
    """Put a new file where it belongs: to a feed, to the platforms, or to what is ignored.

    Raises:
        InputError: a person has to put it right.
    """
    try:
        placed = _identify(session, file, sha256, hints)
    except FormatError:
        own = find_export(session, file, sha256)
        if own is None and is_by_chance(session, file):
            found.ignored.append(file.shown)
            return
        if own is None:
            raise
        if own.sha256 in found.known:
            found.known_count += 1
        elif hints.feed is None:
            found.platforms.append(own)
            found.known[own.sha256] = _Known()
        return
    found.arriving.extend(placed)
    for export in placed:
        place = export.identity
        found.known[sha256] = _Known(place.feed, place.region, place.week, place.format_name)


def find_retryable(
    session: Session, feed: str | None, name: str | None, wanted_week: dt.date | None = None
) -> Discovery:
    """Find the refused and unloaded exports whose files lie in the landing folder.

    Each keeps the feed and week that it was recorded under, unless its name is now that of another;
    its record is replaced in the transaction that loads it, so nothing is forgotten if that fails.

    Args:
        session: the warehouse, held for writing.
        feed: one feed; null means every feed.
        name: one file name; null means every file.
        wanted_week: one week; null means every week.
    """
    scan = _scan(session)
    problems: list[str] = []
    hashed = {sha256: file for file, sha256 in hash_files(session.con, scan.files, problems)}
    rows = session.con.execute(read_sql("load/list_retryable"), {"feed": None}).fetchall()
    arriving: list[ArrivingExport] = []
    for sha256, recorded_feed, region, week, file_name, _ in rows:
        file = hashed.get(sha256)
        is_wanted = feed is None or is_part_of(recorded_feed, feed)
        is_wanted = is_wanted and wanted_week in {None, week}
        if file is None or not is_wanted or name not in {None, file_name}:
            continue
        try:
            identity = identify(
                file,
                session.formats,
                feed=recorded_feed,
                week=week,
                settings=session.settings.ingest,
                latest=_latest_week(session),
            )
        except InputError as error:
            problems.append(str(error))
        else:
            is_renamed = None not in {region, identity.region} and region != identity.region
            feed_now = identity.feed if is_renamed else recorded_feed
            arriving.append(ArrivingExport(file, replace(identity, feed=feed_now), sha256))
    return Discovery(tuple(arriving), 0, (), tuple(problems))


def _scan(session: Session, more: Iterable[str] = (), *, with_own: bool = True) -> Landing:
    """List the landing folder and, behind it, the weekly tables of own songs."""
    suffixes = [suffix for spec in session.formats.values() for suffix in spec.suffixes]
    found = find_exports(session.settings.landing_dir, [*suffixes, *more])
    own = find_exports(session.paths.own).files if with_own else ()
    return replace(found, files=(*found.files, *own))


def reconsider(session: Session, *, with_empty_weeks: bool) -> tuple[ArrivingExport, ...]:
    """Find the exports that were refused as implausible and are to be judged anew.

    Args:
        session: the warehouse, held for writing.
        with_empty_weeks: whether those of weeks without rows are too, as a backfill does: what is
            implausible need not be so once an earlier week was accepted. Otherwise only those
            that somebody accepted.
    """
    rows = session.con.execute(
        read_sql("load/list_reconsidered"), {"with_empty_weeks": with_empty_weeks}
    ).fetchall()
    if not rows:
        return ()
    wanted = {sha256 for (sha256,) in rows}
    found = find_retryable(session, None, None)
    return tuple(export for export in found.arriving if export.sha256 in wanted)


def _claim_another_place(session: Session, file: LandedFile, known: _Known) -> str | None:
    """Return a problem where a known file's name is that of another week or region; else null."""
    remedy = (
        "export it again, or delete it; if what is loaded has the wrong name, "
        f"`songpop unload {known.feed} {known.week}` and run again"
    )
    named = {name: place_in_name(file, spec) for name, spec in session.formats.items()}
    weeks = {week for _, week in named.values() if week is not None}
    if known.week is not None and weeks and known.week not in weeks:
        wanted = "an export of its own for the week of its name"
        got = f"the very bytes that are loaded for {known.week}"
        return expected(file.shown, wanted, got, remedy)
    region, _ = named.get(known.format_name or "", (None, None))
    if None not in {region, known.region} and region != known.region:
        wanted = f"an export of its own for the region of its name, {region}"
        got = f"the very bytes that are loaded for {known.feed}"
        return expected(file.shown, wanted, got, remedy)
    return None


def _identify(
    session: Session, file: LandedFile, sha256: str, hints: Hints
) -> list[ArrivingExport]:
    identity = identify(
        file,
        session.formats,
        feed=hints.feed,
        week=hints.week,
        settings=session.settings.ingest,
        latest=_latest_week(session),
    )
    is_wanted = hints.feed is None or is_part_of(identity.feed, hints.feed)
    return [ArrivingExport(file, identity, sha256)] if is_wanted else []


def _latest_week(session: Session) -> dt.date:
    return session.now.date() + dt.timedelta(days=MOST_DAYS_AHEAD)


def _find_undated_clashes(arriving: list[ArrivingExport]) -> dict[object, str]:
    by_feed: dict[str, list[ArrivingExport]] = {}
    for export in arriving:
        if export.identity.week_source == "option":
            by_feed.setdefault(export.identity.feed, []).append(export)
    return {
        export.file.path: expected(
            f"feed {feed}",
            "one undated file for --week",
            list_names(other.file.path.name for other in exports),
            "name the week in the others' names, or land them one at a time",
        )
        for feed, exports in by_feed.items()
        if len(exports) > 1
        for export in exports
    }
