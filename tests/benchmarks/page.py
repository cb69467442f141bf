"""What the weekly page costs: its size, its time, and the metrics that set lists are made from."""

import statistics
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import duckdb

from songpop.formats.registry import load_formats
from songpop.warehouse.paths import WarehousePaths
from songpop.warehouse.publish import mark_revised, publish
from songpop.warehouse.published import published_tables
from songpop.weekly import read
from songpop.weekly.facts import Row
from songpop.weekly.write import rebuild_pages
from tests.benchmarks.limits import ExceededError
from tests.builders import week_number
from tests.songpop.touring.make_tour import make_tour
from tests.songpop.warehouse.make_warehouse import NOW, add_model, open_warehouse

SMALL_TRACKS_COUNT: Final = 4_600
WEEKS_COUNT: Final = 17
"""Thirteen whose outcome is known, three that wait for theirs, and the one of the page: as much as
it ever shows."""
MOST_BYTES: Final = 2_000_000
MOST_SECONDS: Final = 60.0
"""A page takes seconds at any size of feed, not minutes."""

_FEED: Final = "bench"
_VERSION: Final = "bench-1"
_SLOWEST_COUNT: Final = 3
_HORIZON_WEEKS: Final = 4
_TRACKS: Final = """
    create table bench_tracks as
    select
        'US' || lpad(n::varchar, 10, '0') as track_id,
        'Song number ' || n as title,
        -- The first artists have some 50 songs of 4,600 and some 300 of a million, most a few.
        'Artist ' || floor(power(hash(n) / 18446744073709551616, 1.5) * $tracks / 5)::bigint
            as artist_name,
        hash(n, 1) % 1_000_000 / 1e6 as level,
        row_number() over (order by level, n) / $tracks as size_percentile
    from range($tracks) as r (n)
"""
_WEEK: Final = """
    insert into mart.weekly_scores by name
    with scored as (
        select
            *,
            least(greatest(level + 0.1 * (hash(track_id, $week) % 1000 / 1e3 - 0.5), 0), 1) as score
        from bench_tracks
    )
    select
        'bench' as feed, $week as week, track_id, title, artist_name, score,
        score / 2 as outcome_low, (1 + score) / 2 as outcome_high,
        if(score >= 0.5, 'high', 'low') as potential, false as is_provisional,
        row_number() over (order by score desc, track_id) as rank,
        1 - (rank - 1) / $tracks as percentile,
        'Spotify Streams' as reason_1, 1.2 as reason_1_contribution,
        'Shazam Counts' as reason_2, 0.8 as reason_2_contribution,
        'Release Date' as reason_3, -0.2 as reason_3_contribution,
        'bench-1' as model_version, 'run' as run_id, $now as scored_at,
        'raises: more Spotify streams than ' || (100 * score)::int
        || ' % of tracks of its age, where known' as reason_1_text,
        'raises: more Shazams per day since release than ' || (100 * score)::int
        || ' % of this week''s tracks, where known' as reason_2_text,
        'lowers: released earlier than 60 % of this week''s tracks' as reason_3_text
    from scored
"""
_LABELS: Final = """
    insert into ml.labels by name
    select
        'bench' as feed, $week as week, track_id, 'level' as label,
        level + 0.2 * (hash(track_id, $later) % 1000 / 1e3 - 0.5) > 0.5 as is_high,
        level as outcome_percentile, $later as matured_week,
        if(is_high, 1, -1) * 0.1 as margin, size_percentile
    from bench_tracks
"""
_LOADED: Final = """
    insert into core.weeks by name
    select
        'bench' as feed, $week as week, 'chartmetric' as format, $tracks as rows_count,
        'c' as content_sha256, 'c' as scored_content_sha256, false as is_stale,
        'bench-1' as model_version, 'run' as run_id, $now as loaded_at, $now as scored_at
"""


def make_published(
    root: Path, tracks_count: int
) -> tuple[WarehousePaths, duckdb.DuckDBPyConnection]:
    """Return a published warehouse with *tracks_count* tracks in each of its weeks."""
    paths, con = open_warehouse(root)
    make_tour(con)
    add_model(con, paths, _VERSION, from_week=1, feed=_FEED)
    con.execute(_TRACKS, {"tracks": tracks_count})
    weeks = [week_number(number) for number in range(1, WEEKS_COUNT + 1)]
    for week in weeks:
        con.execute(_WEEK, {"week": week, "tracks": tracks_count, "now": NOW})
        con.execute(_LOADED, {"week": week, "tracks": tracks_count, "now": NOW})
    for week, later in zip(weeks, weeks[_HORIZON_WEEKS:], strict=False):
        con.execute(_LABELS, {"week": week, "later": later})
    con.execute(_metrics(), {"week": weeks[-1]})
    con.execute("drop table bench_tracks")
    con.begin()
    mark_revised(con, [(_FEED, week) for week in weeks])
    con.commit()
    publish(con, paths)
    return paths, con


def _metrics() -> str:
    """Return the statement that loads the last week, a fifth of each metric missing."""
    names = [column.name for column in load_formats()["chartmetric"].metrics]
    values = ", ".join(
        f"if(hash(track_id, {place}) % 5 = 0, null, (exp(9 * level) * (1 + hash(track_id, "
        f"{place}) % 97))::bigint) as {name}"
        for place, name in enumerate(names)
    )
    return (
        "insert into core.track_weeks by name select 'bench' as feed, $week as week, track_id, "
        f"'sha' as sha256, row_number() over () as line, title, artist_name, {values} "
        "from bench_tracks"
    )


def compare_page(
    folder: Path, tracks_count: int, runs_count: int, heading: Sequence[str] = ()
) -> list[str]:
    """Return the table of a page's size and time, and what set lists add to a publication.

    Raises:
        ExceededError: a page is larger, or takes longer, than is promised.
    """
    lines = [
        *heading,
        "| tracks a week | page kB | page s | slowest queries s | metrics s | metrics MB |",
        "|---:|---:|---:|---|---:|---:|",
    ]
    beyond: list[str] = []
    for count in (SMALL_TRACKS_COUNT, tracks_count):
        paths, con = make_published(folder / str(count), count)
        size, seconds, slowest = _measure_page(paths, runs_count)
        metrics_seconds, metrics_bytes = _measure_metrics(con, folder / f"{count}.duckdb")
        con.close()
        lines.append(
            f"| {count:,} | {size / 1e3:.0f} | {seconds:.2f} | {slowest} | {metrics_seconds:.2f} "
            f"| {metrics_bytes / 1e6:.1f} |"
        )
        if size > MOST_BYTES or seconds > MOST_SECONDS:
            beyond.append(f"{count:,} tracks: {size:,} bytes in {seconds:.1f} s")
    if beyond:
        told = f"a page is over {MOST_BYTES:,} bytes or {MOST_SECONDS:.0f} s: {'; '.join(beyond)}"
        raise ExceededError(told, lines)
    return lines


def _measure_page(paths: WarehousePaths, runs_count: int) -> tuple[int, float, str]:
    """Return a page's bytes, its median seconds after one uncounted, and its slowest queries."""
    seconds: list[float] = []
    spent: dict[str, float] = {}
    page = rebuild_pages(paths, _FEED, week_number(WEEKS_COUNT))[0]
    ask = read.ask

    def timed(con: duckdb.DuckDBPyConnection, name: str, **params: object) -> list[Row]:
        start = time.perf_counter()
        rows = ask(con, name, **params)
        spent[name] = spent.get(name, 0) + time.perf_counter() - start
        return rows

    try:
        read.ask = timed
        for _ in range(runs_count):
            start = time.perf_counter()
            rebuild_pages(paths, _FEED, week_number(WEEKS_COUNT))
            seconds.append(time.perf_counter() - start)
    finally:
        read.ask = ask
    slowest = sorted(spent.items(), key=lambda item: -item[1])[:_SLOWEST_COUNT]
    told = ", ".join(f"{name} {total / runs_count:.2f}" for name, total in slowest)
    return page.stat().st_size, statistics.median(seconds), told


def _measure_metrics(con: duckdb.DuckDBPyConnection, aside: Path) -> tuple[float, int]:
    """Return the seconds and bytes of copying the newest week's metrics and what they mean."""
    selects = published_tables("whole")
    con.execute(f"attach '{aside}' as aside")
    start = time.perf_counter()
    for name in ("mart.current_metrics", "mart.metric_facets"):
        table = name.partition(".")[2]
        con.execute(f"create table aside.{table} as {selects[name]}")
    con.execute("checkpoint aside")
    seconds = time.perf_counter() - start
    con.execute("detach aside")
    return seconds, aside.stat().st_size
