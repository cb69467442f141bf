"""One table's rows typed: what each says of which song, when and where, and why others cannot."""

import datetime as dt
from dataclasses import dataclass
from typing import Final

import polars as pl

from songpop.errors import WaitingError, expected
from songpop.ingest.numbers import number_rule
from songpop.ingest.rule import BAD_SCHEMA
from songpop.ingest.rule import cell_name as name_of_cell
from songpop.platforms import dates
from songpop.platforms.spec import MetricSpec, PlatformSpec
from songpop.platforms.tables import Table

TEXTS: Final = ("title", "artist", "isrc", "store", "country", "part")
"""Columns of text that every row has."""
SONG_NAMES: Final = ("title", "artist", "isrc")
"""Those of them that say which song it is."""

_ROLES: Final = (*TEXTS, "release", "kind")
_CONTROL: Final = r"[\x00-\x1F\x7F]"
# A tab or a line end within quotes is part of a name, as it is in feeds.
_IN_NAMES: Final = r"[\x00-\x08\x0B\x0C\x0E-\x1F\x7F]"
_DAYS: Final = {"day": pl.Date, "statement": pl.Date}


@dataclass(frozen=True, slots=True)
class Given:
    """What a file does not say about all of its rows."""

    subject: str
    """The file, for messages."""
    today: dt.date
    title: str | None = None
    artist: str | None = None
    period_end: dt.date | None = None
    """Of a file that is about one week."""
    year: int | None = None
    """Of the last row of a file whose dates have none."""
    date_order: str | None = None
    """``day-first`` or ``month-first``; null: the sequence of the dates tells."""


@dataclass(frozen=True)
class TypedTable:
    """The fate of a table's rows."""

    grain: str
    good: pl.DataFrame
    """line, day, statement, the texts, and one column a metric."""
    bad: pl.DataFrame
    """In the form of BAD_SCHEMA: one row a reason."""
    shown: pl.DataFrame
    """line and raw_text of every row that could be divided into cells."""


def type_table(table: Table, spec: PlatformSpec, given: Given) -> TypedTable:
    """Type the cells of a table.

    Args:
        table: its cells.
        spec: its format.
        given: what the rows do not say.

    Returns:
        Rows that are readable in every cell that is kept, and the others with their reasons.

    Raises:
        WaitingError: the dates leave open which days they are.
    """
    cells = _with_roles(table, spec, given)
    days, grain = _read_days(table, spec, given)
    frame = cells.join(days, on="line", how="left", maintain_order="left")
    if "date" not in spec.columns:
        frame = frame.with_columns(day=pl.lit(given.period_end, pl.Date))
    frame = _read_metrics(_read_statement(frame, spec), spec)
    bad = pl.concat([_list_bad(frame, spec), table.cut.select("line", "column_name", "reason")])
    shown = _show_rows(table)
    texts = pl.concat([shown, table.cut.select("line", "raw_text").unique("line")])
    listed = bad.join(texts, on="line", how="left").select(BAD_SCHEMA.keys())
    good = frame.join(bad.select("line"), on="line", how="anti", maintain_order="left")
    metrics = [metric.name for metric in _present(spec, table)]
    columns = ["line", "day", "statement", *TEXTS, *metrics]
    listed = listed.sort("line", maintain_order=True)
    return TypedTable(grain, good.select(columns), listed, shown)


def _present(spec: PlatformSpec, table: Table) -> list[MetricSpec]:
    return [metric for metric in spec.metrics if metric.name in table.header.names]


def _with_roles(table: Table, spec: PlatformSpec, given: Given) -> pl.DataFrame:
    """Return the cells with every role, the file's own title, artist and part where it has one."""
    stated = {"title": given.title, "artist": given.artist, "part": table.part}
    present = table.header.names
    roles = [
        pl.col(role).str.strip_chars().replace("", None)
        if role in present
        else pl.lit(stated.get(role), pl.String).alias(role)
        for role in _ROLES
    ]
    kept = [metric.name for metric in _present(spec, table)]
    raw_dates = [name for name in ("date", "statement") if name in present]
    return table.cells.select("line", *roles, *raw_dates, *kept)


def _read_days(table: Table, spec: PlatformSpec, given: Given) -> tuple[pl.DataFrame, str]:
    """Return line, day and why it is none (date_reason) of each row, and the table's grain."""
    grain = "day" if spec.grain == "steps" else spec.grain
    if "date" not in spec.columns:
        return table.cells.select("line", date_reason=pl.lit(None, pl.String)), grain
    cells = table.cells.select("line", text=pl.col("date").str.strip_chars().replace("", None))
    texts = [text for text in cells["text"].to_list() if text is not None]
    formats = _choose_formats(spec, given, texts)
    day_of = _name_days(spec, given, texts, formats)
    reasons = {text: dates.judge_day(text, day, formats, given.today) for text, day in day_of}
    known = pl.DataFrame(
        [(text, day, reasons[text]) for text, day in dict(day_of).items()],
        {"text": pl.String, "day": pl.Date, "date_reason": pl.String},
        orient="row",
    )
    days = [day for _, day in day_of if day is not None]
    if spec.grain == "steps" and days:
        grain = dates.find_grain(given.subject, days)
    missing = pl.when(pl.col("text").is_null()).then(pl.lit("unreadable_date"))
    joined = cells.join(known, on="text", how="left", maintain_order="left")
    return joined.select("line", "day", date_reason=pl.coalesce(missing, "date_reason")), grain


def _choose_formats(spec: PlatformSpec, given: Given, texts: list[str]) -> tuple[str, ...]:
    if spec.grain != "steps":
        return spec.date_formats
    readable = [text for text in texts if dates.has_form(text, spec.date_formats)]
    if not readable:
        return spec.date_formats
    dates.check_rows(given.subject, readable)
    if given.date_order is not None:
        first = "%d" if given.date_order == "day-first" else "%m"
        return tuple(form for form in spec.date_formats if form.startswith(first))
    return (dates.choose_order(given.subject, readable, spec.date_formats),)


def _name_days(
    spec: PlatformSpec, given: Given, texts: list[str], formats: tuple[str, ...]
) -> list[tuple[str, dt.date | None]]:
    if not any("%Y" in form or "%y" in form for form in formats):
        last = dates.last_on_or_before(given.subject, given.today, given.year)
        days = dates.add_years(given.subject, texts, formats, last)
        _check_one_year(spec, given, texts)
        return list(zip(texts, days, strict=True))
    return [(text, dates.parse_day(text, formats)) for text in dict.fromkeys(texts)]


def _check_one_year(spec: PlatformSpec, given: Given, texts: list[str]) -> None:
    if len(set(texts)) < len(texts):
        wanted = f"each day once in {spec.title}, whose dates have no year"
        remedy = "export at most a year at a time"
        raise WaitingError(expected(given.subject, wanted, "a day twice", remedy))


def _read_statement(frame: pl.DataFrame, spec: PlatformSpec) -> pl.DataFrame:
    """Add the day on which a sale was reported; null where the format has none."""
    if "statement" not in frame.columns:
        return frame.with_columns(statement=pl.lit(None, pl.Date), no_statement=pl.lit(value=False))
    texts = frame["statement"].drop_nulls().unique().to_list()
    days = {text: dates.parse_day(text.strip(), spec.date_formats) for text in texts}
    return frame.with_columns(
        statement=pl.col("statement").replace_strict(days, default=None, return_dtype=pl.Date),
        no_statement=pl.col("statement").is_not_null()
        & ~pl.col("statement").is_in([text for text, day in days.items() if day is not None]),
    )


def _read_metrics(frame: pl.DataFrame, spec: PlatformSpec) -> pl.DataFrame:
    """Turn the cells of each metric into numbers, with a column of reasons beside."""
    for metric in spec.metrics:
        if metric.name not in frame.columns:
            continue
        cell = name_of_cell(metric.name)
        text = pl.col(metric.name).str.strip_chars().replace("", None)
        frame = frame.with_columns(text.alias(cell))
        sign = pl.lit(1)
        unsigned = pl.col(cell)
        if metric.may_be_negative:
            sign = pl.when(pl.col(cell).str.starts_with("-")).then(-1).otherwise(1)
            unsigned = pl.col(cell).str.strip_prefix("-")
        rule = number_rule(metric.column, unsigned)
        frame = frame.with_columns(rule.value.alias(metric.name))
        why = pl.when(rule.is_bad).then(rule.reason).alias(f"{metric.name}__reason")
        frame = frame.with_columns(why)
        frame = frame.with_columns((pl.col(metric.name) * sign).alias(metric.name))
    return frame


def _list_bad(frame: pl.DataFrame, spec: PlatformSpec) -> pl.DataFrame:
    """Return line, column_name and reason of each cell that cannot be kept."""
    is_other = pl.lit(value=False)
    if spec.track_kinds:
        is_other = pl.col("kind").is_in(spec.track_kinds).not_().fill_null(value=False)
    nameless = pl.lit(value=False)
    if spec.subject == "track":
        nameless = pl.col("title").is_null() & pl.col("isrc").is_null()
        is_other = is_other | (nameless & pl.col("release").is_not_null())
    cases = [
        ("kind", pl.when(is_other).then(pl.lit("not_a_track"))),
        ("title", pl.when(nameless & is_other.not_()).then(pl.lit("empty_key"))),
        ("date", pl.col("date_reason")),
        ("statement", pl.when("no_statement").then(pl.lit("unreadable_date"))),
        *(
            (text, pl.when(pl.col(text).str.contains(_IN_NAMES)).then(pl.lit("control_character")))
            for text in TEXTS
        ),
        *(
            (metric.name, pl.col(f"{metric.name}__reason"))
            for metric in spec.metrics
            if metric.name in frame.columns
        ),
    ]
    parts = [
        frame.select("line", pl.lit(name).alias("column_name"), reason.alias("reason"))
        for name, reason in cases
    ]
    found = pl.concat(parts).drop_nulls("reason")
    # A row that is about no track need not be readable otherwise.
    others = found.filter(reason="not_a_track").select("line")
    rest = found.join(others, on="line", how="anti").filter(pl.col("reason") != "not_a_track")
    return pl.concat([found.filter(reason="not_a_track"), rest])


def _show_rows(table: Table) -> pl.DataFrame:
    """Return line and text of each row, without the columns that are never stored."""
    shown = [name for name in table.header.names if not name.startswith("ignored_")]
    cells = [pl.col(name).fill_null("").str.slice(0, 1_000) for name in shown]
    text = pl.concat_str(cells, separator=",").str.replace_all(_CONTROL, "\\x..", literal=False)
    return table.cells.select("line", raw_text=text.str.slice(0, 1_000))
