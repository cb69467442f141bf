"""Small warehouses and rows for tests, built by the code under test."""

import datetime as dt
from collections.abc import Mapping, Sequence
from pathlib import Path

import duckdb

from songpop.formats.registry import load_formats
from songpop.settings import Settings
from songpop.warehouse.migrate import add_metric_columns, migrate

NOW = dt.datetime(2024, 7, 1, 6, 0, tzinfo=dt.UTC)
FIRST_WEEK = dt.date(2024, 1, 4)


def week_number(number: int) -> dt.date:
    """Return the last day of the *number*-th week, counted from 1."""
    return FIRST_WEEK + dt.timedelta(weeks=number - 1)


def make_warehouse() -> duckdb.DuckDBPyConnection:
    """Return an empty in-memory warehouse with every migration applied."""
    con = duckdb.connect()
    migrate(con, NOW)
    add_metric_columns(con, load_formats().values())
    return con


def make_settings(root: Path, **overrides: object) -> Settings:
    """Return settings for a warehouse below *root*."""
    return Settings(warehouse=root / "warehouse", **overrides)  # type: ignore[arg-type] - any field


NO_PLATFORMS: dict[str, object] = {
    "files": [],
    "waiting": [],
    "doubtful_matches": 0,
    "own_feed": None,
    "own_weeks_unloaded": [],
}
"""What a run's report says of platforms' exports where there were none."""


ChartRow = tuple[str, int]
"""Track and its streams that week."""


def write_chart(folder: Path, week: dt.date, rows: Sequence[ChartRow], region: str = "us") -> Path:
    """Write a Spotify chart of ten columns; the rows rank in the order of their streams."""
    folder.mkdir(parents=True, exist_ok=True)
    header = (
        "rank,uri,artist_names,track_name,source,peak_rank,previous_rank,weeks_on_chart,"
        "streams,End Date"
    )
    ordered = sorted(rows, key=lambda row: (-row[1], row[0]))
    lines = [
        f"{rank},{spotify_uri(name)},Artist {name[:1]},Song {name},Label,"
        f"{rank},-1,1,{streams},{week}"
        for rank, (name, streams) in enumerate(ordered, start=1)
    ]
    path = folder / f"regional-{region}-weekly-{week}.csv"
    path.write_text("\n".join([header, *lines, ""]), encoding="utf-8")
    return path


def spotify_uri(name: str) -> str:
    """Return a well-formed URI for a track called *name*."""
    return f"spotify:track:{name:0>22}"


def write_charts(
    folder: Path, weeks: Mapping[int, Sequence[ChartRow]], region: str = "us"
) -> list[Path]:
    """Write one chart a week number."""
    return [write_chart(folder, week_number(w), rows, region) for w, rows in weeks.items()]
