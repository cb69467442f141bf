"""What a file in ``formats/platforms`` may say."""

import re
from collections.abc import Iterable
from typing import Final, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from songpop.formats.constraints import check_known, check_unique
from songpop.formats.spec import ColumnSpec

Role = Literal[
    "date", "statement", "title", "artist", "isrc", "release", "kind", "store", "country", "part"
]
Grain = Literal["day", "week", "month", "steps"]
Combined = Literal["sum", "last", "mean"]

_NAME: Final = r"^[a-z][a-z0-9_]*$"
MOST: Final = 10**11
"""Largest number that is believed: ten for every person on Earth, of one song in one period."""

_ALWAYS_IN: Final[frozenset[str]] = frozenset({"date"})


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class MetricSpec(_Frozen):
    """A number of a row that is kept."""

    name: str = Field(pattern=_NAME, max_length=60)
    headers: tuple[str, ...] = Field(min_length=1)
    """Aliases; compared without case and without surrounding blanks."""
    unit: str = Field(min_length=1)
    combined: Combined = "sum"
    """What days, and rows of one key, come to: flows add up, of a stock (followers) the last one
    counts, and numbers of people, who may be the same every day, are averaged."""
    is_rank: bool = False
    may_be_negative: bool = False
    """Whether what was taken back is a negative number (refunds in sales reports)."""
    type: Literal["integer", "decimal"] = "integer"

    @property
    def column(self) -> ColumnSpec:
        """The metric as a column, by whose rule its cells are read."""
        kind = "rank" if self.is_rank else "gauge"
        return ColumnSpec(
            name=self.name,
            headers=self.headers,
            kind=kind,
            type=self.type,
            label=self.name,
            maximum=None if self.is_rank else MOST,
        )


class LayoutSpec(_Frozen):
    """One header that the format goes by."""

    name: str = Field(min_length=1)
    headers: tuple[str, ...] = Field(min_length=1)
    """All of them, in any order; compared without case and without surrounding blanks."""
    parts_of: str | None = None
    """What the parts in its tables divide, where another layout divides otherwise."""


class PlatformSpec(_Frozen):
    """One format of a platform's exports."""

    name: str = Field(pattern=_NAME, max_length=60)
    title: str = Field(min_length=1)
    """How people call it, in lists and messages."""
    platform: str = Field(pattern=_NAME)
    layouts: tuple[LayoutSpec, ...] = Field(min_length=1)
    not_loaded: str | None = None
    """Why songpop knows the format and does not load it; null: it does."""
    subject: Literal["track", "artist"] = "track"
    grain: Grain = "day"
    """What a row is about. ``steps``: days or months, as the steps between its dates say."""
    sums_to: Literal["week", "month"] = "week"
    adds_up: bool = False
    """Whether rows of one key are parts of one number, as in sales reports; else they clash."""
    is_public: bool = False
    """Whether it is a chart of everybody's songs rather than an export of one's own."""
    has_sections: bool = False
    """Whether tables with headers of their own follow each other, each below a line that names the
    part of the whole that it holds."""
    whole: tuple[str, ...] = ()
    """Names of parts that are the whole itself."""
    columns: dict[Role, tuple[str, ...]] = {}
    """Headers of the columns that say what a row is about; of several, a layout has one."""
    ignored: tuple[str, ...] = ()
    """Headers that are known and never stored: money, addresses, numbers of invoices."""
    track_kinds: tuple[str, ...] = ()
    """Cells of ``kind`` in rows about a track; empty: all of them."""
    date_formats: tuple[str, ...] = ("%Y-%m-%d",)
    """strptime formats, tried in order; without a year it is told by the order of the rows."""
    metrics: tuple[MetricSpec, ...] = ()
    title_in_name: str | None = None
    """Pattern of file names whose group ``title`` is the song's."""
    window_in_name: str | None = None
    """Pattern of the names of files that hold seven days; others are refused."""
    preamble: str | None = None
    """Pattern of the lines before the header, with the groups ``artist``, ``date``, ``window``."""
    needs_preamble: bool = True
    """Whether only files with such lines are of the format."""
    preamble_date_format: str = "%d %B %Y"

    @property
    def names_artist(self) -> bool:
        """Whether the file says whose it is."""
        return "artist" in self.columns or "(?P<artist>" in (self.preamble or "")

    @property
    def meanings(self) -> dict[str, str]:
        """Role, metric or an empty text (known, ignored) of each header in its compared form."""
        named = {**self.columns, **{metric.name: metric.headers for metric in self.metrics}}
        known = {fold(h): name for name, headers in named.items() for h in headers}
        return {**{fold(header): "" for header in self.ignored}, **known}

    @model_validator(mode="after")
    def _check(self) -> Self:
        check_unique("layouts", [layout.name for layout in self.layouts])
        for pattern in (self.title_in_name, self.window_in_name, self.preamble):
            _check_pattern(pattern)
        if self.not_loaded is None:
            self._check_columns()
        return self

    def _check_columns(self) -> None:
        if not self.metrics:
            raise ValueError("at least one metric")
        roles: Iterable[str] = self.columns
        check_unique("columns and metrics", [*roles, *(metric.name for metric in self.metrics)])
        meanings = self.meanings
        for layout in self.layouts:
            check_known(
                f"headers of layout {layout.name}", map(fold, layout.headers), set(meanings)
            )
            found = [meanings[fold(header)] for header in layout.headers]
            check_unique(f"meanings in layout {layout.name}", [name for name in found if name])
            if missing := (_ALWAYS_IN & set(self.columns)) - set(found):
                raise ValueError(f"a column for {', '.join(missing)} in layout {layout.name}")
        has_title = {"title", "isrc"} & set(self.columns) or self.title_in_name is not None
        if self.subject == "track" and not has_title:
            raise ValueError("a title: as a column, or in the file's name (title_in_name)")


def fold(header: str) -> str:
    """Return a header as it is compared: small letters, single blanks, none around."""
    return " ".join(header.split()).casefold()


def _check_pattern(pattern: str | None) -> None:
    try:
        re.compile(pattern or "")
    except re.error as error:
        raise ValueError(f"a regular expression ({error})") from error
