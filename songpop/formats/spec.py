"""What a format file may say: how to recognise an export and what each column means."""

import re
from typing import Final, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from songpop.formats.constraints import check_groups, check_known, check_pattern, check_unique

ColumnKind = Literal["key", "text", "date", "flag", "counter", "gauge", "rank", "week", "ignored"]

METRIC_KINDS: Final = ("counter", "gauge", "rank")
TEXT_COLUMNS: Final = ("title", "artist_name", "album_name", "label_name")
FIXED_COLUMNS: Final = (
    "feed",
    "week",
    "track_id",
    "sha256",
    "line",
    "flags",
    *TEXT_COLUMNS,
    "release_date",
    "is_explicit",
)
"""Columns of core.track_weeks that every format shares; no metric may take their names."""

# Every kind but the metrics has its place in core.track_weeks, hence its names.
_NAMES_OF_KIND: Final[dict[str, tuple[str, ...]]] = {
    "key": ("track_id",),
    "text": TEXT_COLUMNS,
    "date": ("release_date",),
    "flag": ("is_explicit",),
    "week": ("week",),
}
_BIGINT_MAXIMUM: Final = 2**63 - 1


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class ColumnSpec(_Frozen):
    """One column: the headers it goes by, its kind, and which cells are readable."""

    name: str = Field(pattern=r"^[a-z][a-z0-9]*(_[a-z0-9]+)*$", max_length=60)
    headers: tuple[str, ...] = Field(min_length=1)
    """Aliases; compared without case and without surrounding blanks."""
    kind: ColumnKind
    type: Literal["integer", "decimal"] = "integer"
    """What a metric's cells hold; other kinds ignore it."""
    unit: str = ""
    label: str = Field(min_length=1)
    """How people call it, in reasons and reports."""
    platform: str = ""
    """Whose number it is, to tell which platform drifts; empty where the format is one's own."""
    leaks_snapshot: bool = False
    """True for the snapshot label's source and its aliases: never a feature of that model."""
    maximum: float | None = Field(None, gt=0)
    """Largest possible value of a metric, in its unit; null means that of the type."""
    null_values: tuple[str, ...] = ()
    """Cells that mean "the export says nothing", beside the empty one."""
    extract: str | None = None
    """Pattern with one group; a cell that does not match it is unreadable."""
    template: str = "{}"
    """Where the extracted group goes."""

    @property
    def is_metric(self) -> bool:
        """Whether the column is a number that features are built from."""
        return self.kind in METRIC_KINDS

    @property
    def sql_type(self) -> str:
        """Type of the column in core.track_weeks."""
        if self.is_metric:
            return "DOUBLE" if self.type == "decimal" else "BIGINT"
        return {"date": "DATE", "week": "DATE", "flag": "BOOLEAN"}.get(self.kind, "VARCHAR")

    @property
    def minimum(self) -> int:
        """Smallest possible value of a metric: ranks count from 1."""
        return 1 if self.kind == "rank" else 0

    @property
    def largest(self) -> float:
        """Largest value of a metric that is accepted."""
        if self.maximum is not None:
            return self.maximum
        return _BIGINT_MAXIMUM if self.type == "integer" else float("inf")

    @model_validator(mode="after")
    def _check(self) -> Self:
        allowed = _NAMES_OF_KIND.get(self.kind)
        if allowed and self.name not in allowed:
            raise ValueError(f"a {self.kind} column named {' or '.join(allowed)}")
        if self.is_metric and (self.name in FIXED_COLUMNS or "__" in self.name):
            raise ValueError("a metric whose name is not one of core.track_weeks' own")
        if self.extract is not None:
            check_pattern(self.extract, groups=1)
        if self.template.count("{}") != 1:
            raise ValueError("a template with one {}")
        return self


class LayoutSpec(_Frozen):
    """One way in which a format's columns are written to a file."""

    name: str = Field(min_length=1)
    delimiter: str = Field(",", min_length=1, max_length=1)
    encodings: tuple[Literal["utf-8", "latin-1"], ...] = Field(("utf-8",), min_length=1)
    """Tried in order; latin-1 reads any byte, so it comes last."""
    date_formats: tuple[str, ...] = ("%Y-%m-%d",)
    """strptime formats of the date and week columns, four-digit years only."""
    columns: tuple[str, ...] = ()
    """Names of the columns in this layout; empty means all of the format."""

    @field_validator("delimiter")
    @classmethod
    def _check_delimiter(cls, value: str) -> str:
        if value in '"\r\n\\' or not value.isascii():
            raise ValueError("a delimiter that is one ASCII character, no quote and no line end")
        return value

    @field_validator("date_formats")
    @classmethod
    def _check_dates(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for text in value:
            if sorted(re.findall(r"%.", text)) != ["%Y", "%d", "%m"]:
                raise ValueError("date formats made of %Y, %m and %d")
        return value


class FormatSpec(_Frozen):
    """One format of exports: its layouts, its columns, and how it names feed and week."""

    name: str = Field(pattern=r"^[a-z][a-z0-9_]*$", max_length=60)
    title: str = Field(min_length=1)
    cadence_days: int = Field(7, ge=1, le=366)
    has_regions: bool = False
    size_metric: str
    """Metric by which the forward labels rank tracks."""
    snapshot_source: str | None = None
    """Metric that the snapshot label cuts at its median; null means no snapshot model."""
    week_in_name: str | None = None
    """Pattern of file names with the groups week, region and exclusive_end, each optional."""
    week_in_content: str | None = None
    """Name of the column that holds the week, in the layouts that have it."""
    is_exported: bool = True
    """False for what songpop writes itself, which no message asks a person for."""
    is_whole_week: bool = False
    """Whether each export is the whole of its week, so that a second one replaces the first
    whatever their keys."""
    suffixes: tuple[str, ...] = ()
    """Further file suffixes (say ``.tsv``) beside .csv, .csv.gz, .csv.zst and .parquet."""
    layouts: tuple[LayoutSpec, ...] = Field(min_length=1)
    columns: tuple[ColumnSpec, ...] = Field(min_length=1)

    @property
    def metrics(self) -> tuple[ColumnSpec, ...]:
        """Columns of kind counter, gauge or rank, in declared order."""
        return tuple(column for column in self.columns if column.is_metric)

    def column(self, name: str) -> ColumnSpec:
        """Return the column *name*.

        Raises:
            KeyError: the format has no such column.
        """
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(name)

    def columns_of(self, layout: LayoutSpec) -> tuple[ColumnSpec, ...]:
        """Return the columns that *layout* holds, in the layout's order."""
        if not layout.columns:
            return self.columns
        return tuple(self.column(name) for name in layout.columns)

    @model_validator(mode="after")
    def _check(self) -> Self:
        names = [column.name for column in self.columns]
        check_unique("columns", names)
        check_unique("layouts", [layout.name for layout in self.layouts])
        check_unique("headers", [h.strip().casefold() for c in self.columns for h in c.headers])
        metrics = {column.name for column in self.metrics}
        check_known("size_metric", [self.size_metric], metrics)
        check_known("snapshot_source", [self.snapshot_source], metrics)
        weeks = {column.name for column in self.columns if column.kind == "week"}
        check_known("week_in_content", [self.week_in_content], weeks)
        for layout in self.layouts:
            check_known(f"columns of layout {layout.name}", layout.columns, set(names))
            check_unique(f"columns of layout {layout.name}", layout.columns)
            check_known(f"layout {layout.name}", ["track_id"], {*(layout.columns or names)})
        if self.week_in_name is not None:
            check_groups(self.week_in_name)
        return self
