"""Which feed and which week an export belongs to (DESIGN, "Which feed, which week")."""

import datetime as dt
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

import polars as pl

from songpop.errors import LandingError, expected
from songpop.formats.spec import FormatSpec
from songpop.ingest.dates import EARLIEST_DATE, LATEST_WEEK, parse_dates
from songpop.ingest.landed import LandedFile
from songpop.ingest.recognise import Recognised, recognise
from songpop.settings import IngestSettings

WeekSource = Literal["content", "name", "option"]

_FEED: Final = re.compile(r"[a-z0-9][a-z0-9_-]{0,79}")
_REMEDIES: Final[dict[WeekSource, tuple[str, str]]] = {
    "content": (" in its rows", "mend the dates of its rows, or export it again"),
    "name": ("", "rename the file"),
    "option": ("", "pass another --week"),
}
"""Where a week that cannot be was found, and what to do."""
_DEFAULTS: Final = IngestSettings.model_validate({})


@dataclass(frozen=True, slots=True)
class Identity:
    """The place of one export."""

    feed: str
    region: str | None
    week: dt.date
    """Last day of the period."""
    week_source: WeekSource
    recognised: Recognised

    @property
    def format_name(self) -> str:
        """Name of the export's format."""
        return self.recognised.spec.name

    @property
    def layout_name(self) -> str:
        """Name of the export's layout."""
        return self.recognised.layout.name


@dataclass(frozen=True, slots=True)
class _Named:
    """What a file's name says."""

    region: str | None = None
    week: dt.date | None = None


def identify(
    file: LandedFile,
    formats: Mapping[str, FormatSpec],
    *,
    feed: str | None = None,
    week: dt.date | None = None,
    settings: IngestSettings = _DEFAULTS,
    latest: dt.date = LATEST_WEEK,
) -> Identity:
    """Recognise *file* and find its feed and week.

    Args:
        file: the export.
        formats: the declared formats, by name.
        feed: ``--feed``. The name that a format itself gives (``spotify_charts_us``) supplies an
            unknown region and otherwise changes nothing: the caller selects by the feed that is
            returned. Any other name renames, plus ``_<region>`` where a region is known.
        week: ``--week``; it dates files whose week neither content nor name tell.
        settings: limits.
        latest: last week that can be meant, since weeks that are to come are typing errors.

    Raises:
        FormatError: no declared format has the file's header.
        LandingError: feed or week stay unknown or are impossible, or content contradicts the name.
    """
    identity = _identify(file, formats, feed, week, settings)
    if not EARLIEST_DATE <= identity.week <= latest:
        wanted = f"a week between {EARLIEST_DATE} and {latest}"
        got, remedy = _REMEDIES[identity.week_source]
        raise LandingError(expected(file.shown, wanted, f"{identity.week}{got}", remedy))
    return identity


def _identify(
    file: LandedFile,
    formats: Mapping[str, FormatSpec],
    feed: str | None,
    week: dt.date | None,
    settings: IngestSettings,
) -> Identity:
    recognised = recognise(file, formats, settings)
    named = _read_name(file, recognised.spec)
    content = _week_in_content(recognised)
    if content is not None and named.week is not None and content != named.week:
        wanted = f"the week of its name, {named.week}"
        remedy = "rename the file or mend its content"
        raise LandingError(expected(file.shown, wanted, f"{content} in its rows", remedy))
    region, full_feed = _name_feed(file, recognised.spec, named.region, feed, formats)
    if content is not None:
        return Identity(full_feed, region, content, "content", recognised)
    if named.week is not None:
        return Identity(full_feed, region, named.week, "name", recognised)
    if week is not None:
        return Identity(full_feed, region, week, "option", recognised)
    wanted = "a week in its content or its name"
    raise LandingError(expected(file.shown, wanted, "none", "pass --week"))


def place_in_name(file: LandedFile, spec: FormatSpec) -> tuple[str | None, dt.date | None]:
    """Return the region and the week that a file's name gives under one format; nulls for none."""
    try:
        named = _read_name(file, spec)
    except LandingError:
        return None, None
    return named.region, named.week


def _read_name(file: LandedFile, spec: FormatSpec) -> _Named:
    match = re.search(spec.week_in_name, file.path.name) if spec.week_in_name else None
    if match is None:
        return _Named()
    found = match.groupdict()
    week = _read_date(file, found.get("week"))
    end = _read_date(file, found.get("exclusive_end"))
    if end is not None:
        # The old names give the period as first day and first day of the next.
        if week is not None and end <= week:
            wanted = f"a period that ends after {week}"
            raise LandingError(expected(file.shown, wanted, str(end), "rename the file"))
        week = end - dt.timedelta(days=1)
    return _Named(found.get("region"), week)


def _read_date(file: LandedFile, text: str | None) -> dt.date | None:
    if text is None:
        return None
    try:
        return dt.date.fromisoformat(text)
    except ValueError as error:
        message = expected(file.shown, "a date in its name", text, "rename the file")
        raise LandingError(message) from error


def _week_in_content(recognised: Recognised) -> dt.date | None:
    """Return the week that most of the first rows name; null where the layout has none."""
    name = recognised.spec.week_in_content
    if name is None or name not in recognised.columns:
        return None
    index = recognised.columns.index(name)
    texts = pl.DataFrame({"text": [row[index] for row in recognised.sample]}, {"text": pl.String})
    weeks = texts.select(parse_dates(pl.col("text"), recognised.layout.date_formats))
    counts = Counter(weeks.to_series().drop_nulls().to_list())
    return max(counts, key=lambda week: (counts[week], week), default=None)


def _name_feed(
    file: LandedFile,
    spec: FormatSpec,
    region: str | None,
    feed: str | None,
    formats: Mapping[str, FormatSpec],
) -> tuple[str | None, str]:
    """Return the region and the feed."""
    if feed is not None and not _FEED.fullmatch(feed):
        wanted = "lower-case letters, digits, _ and -"
        raise LandingError(expected("--feed", wanted, repr(feed[:80]), "choose another name"))
    is_natural = feed is not None and any(
        feed.startswith(f"{other.name}_") if other.has_regions else feed == other.name
        for other in formats.values()
    )
    if not spec.has_regions:
        return None, spec.name if feed is None or is_natural else feed
    if region is None and feed is not None:
        prefix = f"{spec.name}_"
        if not is_natural:
            return None, feed
        region = feed.removeprefix(prefix) if feed.startswith(prefix) else None
    if region is None:
        remedy = f"pass --feed {spec.name}_<region>"
        raise LandingError(expected(file.shown, "a region in its name", "none", remedy))
    base = spec.name if feed is None or is_natural or feed == spec.name else feed
    full = f"{base}_{region}"
    if not _FEED.fullmatch(full):
        wanted = "a region of lower-case letters and digits in its name"
        raise LandingError(expected(file.shown, wanted, repr(region[:80]), "rename the file"))
    return region, full
