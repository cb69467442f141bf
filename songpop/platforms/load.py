"""Files of platforms into the warehouse: read one by one, stored in one transaction."""

import datetime as dt
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Final

import duckdb

from songpop.errors import LandingError, WaitingError, expected
from songpop.platforms.artists import settle_artists
from songpop.platforms.dates import example_of
from songpop.platforms.facts import period_of
from songpop.platforms.identity import count_outdone, settle_tracks
from songpop.platforms.outcome import LoadedFile, PlatformFile, PlatformsResult
from songpop.platforms.said import Said, complete, stem_of
from songpop.platforms.stage import StagedFile, stage_file
from songpop.schemas import OwnSpellings, PlatformFacts, Quarantine, validate
from songpop.settings import PlatformSettings, Settings
from songpop.warehouse.checks import assert_tables
from songpop.warehouse.frames import registered
from songpop.warehouse.publish import mark_revised
from songpop.warehouse.sqlfiles import read_sql
from songpop.warehouse.transaction import transaction

TABLES: Final = (
    "raw.platform_exports",
    "raw.platform_quarantine",
    "core.platform_facts",
    "core.own_spellings",
    "core.own_tracks",
    "core.track_matches",
)
"""What a load changes, and checks before it commits."""
WEEKDAYS: Final = {
    name: place
    for place, name in enumerate(
        ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"), start=1
    )
}
_DOWNLOAD: Final = re.compile(r"\((\d{1,6})\)$")
"""What browsers add to the name of a file that they download once more."""


@dataclass(frozen=True, slots=True)
class Loading:
    """Who loads, and when."""

    run_id: str
    now: dt.datetime
    said: Said = field(default_factory=Said)


def load_exports(
    con: duckdb.DuckDBPyConnection,
    found: Iterable[PlatformFile],
    settings: Settings,
    loading: Loading,
) -> PlatformsResult:
    """Load files in the order of their last change; of one time, later downloads last.

    Args:
        con: the writer's connection, outside a transaction.
        found: files that the warehouse does not know, or that are to be tried again.
        settings: limits, and the artist of files that name none.
        loading: by whom, when, and what the person said.

    Raises:
        CheckError: an invariant does not hold; nothing was stored.
    """
    said = _with_defaults(loading.said, settings.platforms)
    staged: list[tuple[PlatformFile, LoadedFile, StagedFile | None]] = []
    waiting: list[str] = []
    problems: list[str] = []
    outdone: dict[str, int] = {}
    for one in sorted(found, key=_age):
        try:
            staged.append(_read(one, said, settings, loading.now))
        except WaitingError as error:
            waiting.append(str(error))
        except LandingError as error:
            problems.append(str(error))
    if staged:
        with transaction(con):
            for one, loaded, rows in staged:
                _store(con, one, loaded, rows, loading)
            con.execute(read_sql("platforms/set_weeks"), _weekday(settings.platforms))
            settle_artists(con)
            settle_tracks(con, loading.now)
            outdone = count_outdone(con)
            assert_tables(con, TABLES)
            mark_revised(con, [])
    return PlatformsResult(
        files=tuple(
            replace(loaded, outdone=outdone.get(one.sha256, 0)) for one, loaded, _ in staged
        ),
        waiting=tuple(waiting),
        problems=tuple(problems),
        doubtful_count=count_doubtful(con),
    )


def count_doubtful(con: duckdb.DuckDBPyConnection) -> int:
    """Return how many pairs of songs wait for a person."""
    row = con.execute(read_sql("platforms/count_doubtful")).fetchone()
    return 0 if row is None else int(row[0])


def list_known(con: duckdb.DuckDBPyConnection) -> Mapping[str, str]:
    """Return the status of every file that came, by SHA-256."""
    return dict(con.execute(read_sql("platforms/known_exports")).fetchall())


def renew_weeks(con: duckdb.DuckDBPyConnection, settings: Settings) -> None:
    """Let weeks end on the day that the settings say; readers get it where that is news."""
    with transaction(con):
        changed = con.execute(
            read_sql("platforms/set_weeks"), _weekday(settings.platforms)
        ).fetchone()
        if changed is not None and changed[0]:
            mark_revised(con, [])


def _age(one: PlatformFile) -> tuple[int, int]:
    """Return when a file was changed, and which download of its name it is."""
    match = _DOWNLOAD.search(stem_of(one.file))
    return one.file.modified_ns, 0 if match is None else int(match.group(1))


def _weekday(settings: PlatformSettings) -> dict[str, object]:
    return {"weekday": WEEKDAYS[settings.week_ends_on]}


def _with_defaults(said: Said, settings: PlatformSettings) -> Said:
    artist = said.artist if said.artist is not None else settings.artist
    return Said(artist, said.week, said.year, said.date_order)


def _read(
    one: PlatformFile, said: Said, settings: Settings, now: dt.datetime
) -> tuple[PlatformFile, LoadedFile, StagedFile | None]:
    spec = one.export.spec
    if spec.not_loaded is not None:
        reason = f"{spec.title}: {spec.not_loaded}"
        refused = LoadedFile(
            one.file.name,
            spec.name,
            spec.platform,
            "not loaded",
            reason,
            None,
            None,
            shell_word=one.file.shell_word,
        )
        return one, refused, None
    _check_order(one, said)
    given = complete(one.file, one.export, said, now.date())
    staged = stage_file(one.file, one.export, given, settings.ingest)
    first, last = period_of(staged.facts)
    loaded = LoadedFile(
        file_name=one.file.name,
        format=spec.name,
        platform=spec.platform,
        status="loaded" if staged.refused_because is None else "refused",
        reason=staged.refused_words,
        title=given.title,
        artist=given.artist,
        rows_read=staged.rows_read,
        loaded=staged.loaded,
        duplicate=staged.duplicate,
        quarantined=staged.quarantined,
        first_day=first,
        last_day=last,
        shell_word=one.file.shell_word,
    )
    return one, loaded, staged


def _check_order(one: PlatformFile, said: Said) -> None:
    """Refuse an order of day and month for a file whose format has one."""
    spec = one.export.spec
    if said.date_order is None or spec.grain == "steps":
        return
    shown = f"{spec.title}, whose dates are {example_of(spec.date_formats)}"
    if "date" not in spec.columns:
        shown = f"{spec.title}, whose rows have no dates"
    remedy = "load it without --date-order"
    wanted = "dates whose order of day and month is open"
    raise LandingError(expected(one.file.shown, wanted, shown, remedy))


def _store(
    con: duckdb.DuckDBPyConnection,
    one: PlatformFile,
    loaded: LoadedFile,
    staged: StagedFile | None,
    loading: Loading,
) -> None:
    key = {"sha256": one.sha256}
    forget(con, one.sha256)
    con.execute(
        read_sql("platforms/insert_export"),
        {
            **key,
            **{name: getattr(loaded, name) for name in _STORED},
            "layout": one.export.header.layout.name,
            "is_public": one.export.spec.is_public,
            "size_bytes": one.file.size_bytes,
            "encoding": None if staged is None else staged.encoding,
            "run_id": loading.run_id,
            "loaded_at": loading.now,
        },
    )
    if staged is None:
        return
    for name, frame, statement, schema in (
        ("bad_rows", staged.bad, "insert_quarantine", Quarantine),
        ("staged_facts", staged.facts, "insert_facts", PlatformFacts),
        ("staged_spellings", staged.spellings, "insert_spellings", OwnSpellings),
    ):
        valid = validate(schema.to_schema(), frame, f"{name} of {one.file.name}")
        with registered(con, name, valid):
            con.execute(read_sql(f"platforms/{statement}"), key)


_STORED: Final = (
    "file_name",
    "format",
    "platform",
    "title",
    "artist",
    "rows_read",
    "loaded",
    "duplicate",
    "quarantined",
    "first_day",
    "last_day",
    "status",
    "reason",
)


def forget(con: duckdb.DuckDBPyConnection, sha256: str) -> None:
    """Delete a file's record and all that came of it; call it inside a transaction."""
    for name in ("exports", "quarantine", "facts", "spellings"):
        con.execute(read_sql(f"platforms/forget_{name}"), {"sha256": sha256})
