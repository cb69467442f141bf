"""A small healthy warehouse on disk, of literal rows, for tests that break it."""

import atexit
import datetime as dt
import hashlib
import json
import shutil
import tempfile
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import duckdb

from songpop.formats.registry import load_formats
from songpop.warehouse.migrate import migrate
from songpop.warehouse.paths import WarehousePaths
from songpop.warehouse.publish import mark_revised, publish
from songpop.warehouse.views import create_private_views
from songpop.warehouse.writer import bring_up_to_date
from tests.builders import NOW, week_number

US_SCORES = {2: (0.9, 0.6, 0.1), 3: (0.8, 0.7, 0.2), 6: (0.7, 0.5, 0.3)}
"""Scores of the tracks a, b and c by week number; the other weeks have none."""


def open_warehouse(root: Path) -> tuple[WarehousePaths, duckdb.DuckDBPyConnection]:
    """Return an empty warehouse below *root* and its private file, open for writing."""
    paths = WarehousePaths(root / "warehouse")
    paths.scratch.mkdir(parents=True, exist_ok=True)
    con = duckdb.connect(str(paths.private))
    migrate(con, NOW)
    create_private_views(con)
    return paths, con


def make_healthy(root: Path) -> tuple[WarehousePaths, duckdb.DuckDBPyConnection]:
    """Return a published warehouse: feed us with six weeks, three scored, and gb with one, not.

    Model ``us-1`` scored weeks 2 and 3, ``us-2`` week 6; the labels of week 2 matured in week 6.
    """
    paths = WarehousePaths(root / "warehouse")
    shutil.copytree(_healthy_template(), paths.root)
    return paths, duckdb.connect(str(paths.private))


@cache
def _healthy_template() -> Path:
    """Return a healthy warehouse that is built once a process, to be copied."""
    root = Path(tempfile.mkdtemp())
    atexit.register(shutil.rmtree, root, ignore_errors=True)
    paths, con = open_warehouse(root)
    bring_up_to_date(con, load_formats(), NOW)
    add_model(con, paths, "us-1", from_week=2)
    add_model(con, paths, "us-2", from_week=6)
    con.execute(
        "update ml.models set status = 'retired', retired_because = 'the first' "
        "where version = 'us-1'"
    )
    for number in range(1, 7):
        version = "us-2" if number == 6 else "us-1"
        add_week(con, "us", number, "abc", scores=US_SCORES.get(number), version=version)
    add_week(con, "gb", 6, "ab")
    add_labels(con, "us", 2, "abc", highs="ab")
    con.execute(
        "insert into core.falling_counters values ('us', $week, 'a', 'streams_count', 9, 8)",
        {"week": week_number(6)},
    )
    con.execute("update raw.exports set falling_counter_count = 1 where sha256 = 'sha-us-6'")
    add_refused_export(con)
    add_profiles(con)
    con.execute(
        """
        insert into ml.drift by name
        select
            'us' as feed, $week::date as week, 'level' as check_name,
            'streams_count' as column_name, 0.1 as statistic, 0.2 as threshold, 0.5 as p_value,
            'pass' as verdict, false as is_strong, 1 as direction, 'training weeks' as reference,
            'values higher' as details
        """,
        {"week": week_number(6)},
    )
    con.execute(
        """
        insert into ml.drift_weeks values
        ('us', $week, 'quiet', ['nothing moved'], 'nothing', 'run')
        """,
        {"week": week_number(6)},
    )
    con.execute(
        "insert into core.accepted_weeks values ('us', $week, ['sha-us-2'], 'seen by hand', $now)",
        {"week": week_number(2), "now": NOW},
    )
    con.execute(
        "insert into ml.hand_decisions values ('us', $week, 'us-1', null, 'tested', $now)",
        {"week": week_number(2), "now": NOW},
    )
    add_backtest(con)
    add_superseded(con)
    add_platform_export(con)
    mark_revised(con, [("us", week_number(number)) for number in (2, 3, 6)])
    publish(con, paths)
    con.close()
    return paths.root


def add_platform_export(con: duckdb.DuckDBPyConnection) -> None:
    """Store a platform's export: a week and a month of one song, and of its artist.

    Another spelling may be the same song, too.
    """
    con.execute(
        """
        insert into raw.platform_exports values (
            'own', 'Song.csv', 'spotify_song', 'timeline', 'spotify', false, 'Song', 'Artist', 9,
            'utf-8', 8, 7, 0, 1, date '2024-01-05', date '2024-01-11', 'loaded', null, 1, 'run',
            timestamptz '2024-07-01 06:00:00+00'
        );
        insert into raw.platform_quarantine values ('own', 9, 'streams', 'negative', '-1');
        insert into core.platform_facts
        select
            'own', day + 2, 'track', 'own:1', 'day', 'week', date '2024-01-05' + day::integer,
            date '2024-01-11', null, null, null, null, 'streams', 'streams', 'sum', 1
        from range(7) as days (day);
        insert into core.platform_facts
        select * replace ('artist' as subject, 'Artist' as subject_id) from core.platform_facts;
        insert into core.platform_facts values (
            'own', 2, 'track', 'own:1', 'month', 'month', date '2024-01-31', null, null, null, null,
            null, 'units', 'units', 'sum', 7
        );
        insert into core.own_spellings values
        ('own', 'own:1', null, 'Artist', 'Song', 'artist', 'song', 'artist', 'song', ''),
        ('own', 'own:2', null, 'Artist', 'Sóng', 'artist', 'sóng', 'artist', 'song', '');
        insert into core.own_tracks values
        ('own:1', null, 'Artist', 'Song', true, 'own:1'),
        ('own:2', null, 'Artist', 'Sóng', true, 'own:2');
        insert into core.track_matches values (
            'own:1', 'own:2', 'written differently', null, 'open', null, null, null,
            timestamptz '2024-07-01 06:00:00+00'
        );
        """
    )


def add_superseded(con: duckdb.DuckDBPyConnection) -> None:
    """Store that week 6 was scored by us-1 before it was by us-2."""
    con.execute(
        """
        insert into mart.superseded_scores values
        ('us', $week, 'a', 0.6, 'high', 1, 'us-1', 'earlier run', $now, $now, 'the first')
        """,
        {"week": week_number(6), "now": NOW},
    )


def add_backtest(con: duckdb.DuckDBPyConnection) -> None:
    """Store a backtest with one row in each of its tables."""
    con.execute(
        """
        insert into ml.backtests values (
            'stored', 'us', ['us'], 'level', 4, date '2024-01-04', date '2024-01-11', 13, 4, 1, 10,
            '{}', timestamptz '2024-07-01 06:00:00+00'
        );
        insert into ml.backtest_figures values (
            'stored', 'us', null, 'network', 'all rows', 10, 0.5, 0.4, 0.1, 0.1, 0.9, 0.9, 0.9, 0.9,
            0.9, 1.8, 1.8
        );
        insert into ml.backtest_differences values (
            'stored', 'us', null, 'boosting', -0.1, -0.2, 0.1, 0.01, 0.0, 0.02
        );
        insert into ml.backtest_intervals values (
            'stored', 'us', 'slice', 'all rows', 10, 0.8, 0.4
        );
        """
    )


def add_profiles(con: duckdb.DuckDBPyConnection) -> None:
    """Profile week 6 of us: three tracks, their scores, and what week 2 showed in it."""
    con.execute(
        """
        insert into core.week_profiles
        values ('us', $week, null, true, 3, 3, 0, [0, 0, 0, 0, 0, 3])
        """,
        {"week": week_number(6)},
    )
    con.execute(
        """
        insert into core.column_profiles values
        ('us', $week, 'streams_count', 0, 1, 0, 0, 0, 0, 0, null, [7], [2], [], [], [1.0])
        """,
        {"week": week_number(6)},
    )
    con.execute(
        "insert into core.score_profiles values ('us', $week, 'us-2', [120], [3], 0.6)",
        {"week": week_number(6)},
    )
    con.execute(
        "insert into core.matured_losses values ('us', $then, $week, 'us-1', 0.01, 0.1, 3)",
        {"then": week_number(2), "week": week_number(6)},
    )


def add_week(
    con: duckdb.DuckDBPyConnection,
    feed: str,
    number: int,
    tracks: str,
    *,
    scores: Sequence[float] | None = None,
    version: str = "us-1",
) -> None:
    """Load one export with *tracks*, one a letter, and score them where *scores* are given."""
    week = week_number(number)
    sha256 = f"sha-{feed}-{number}"
    add_export(con, sha256, feed, week, loaded=len(tracks))
    con.executemany(
        """
        insert into core.track_weeks (feed, week, track_id, sha256, line, title, artist_name)
        values (?, ?, ?, ?, ?, ?, ?)
        """,
        [
            (feed, week, track, sha256, line, f"Song {track}", f"Artist {track}")
            for line, track in enumerate(tracks, start=2)
        ],
    )
    con.execute(
        """
        insert into core.track_history
        select $feed, unnest($tracks), $week
        except all
        select feed, track_id, $week from core.track_history
        """,
        {"feed": feed, "tracks": list(tracks), "week": week},
    )
    con.execute(
        """
        insert into core.weeks
        values ($feed, $week, 'chart', $count, 'c', 'c', false, null, $version, 'run', $now, $now)
        """,
        {
            "feed": feed,
            "week": week,
            "count": len(tracks),
            "version": None if scores is None else version,
            "now": NOW,
        },
    )
    con.execute(
        "insert into ml.runs values ('run', $feed, $week, 'scored', $now, $now)",
        {"feed": feed, "week": week, "now": NOW},
    )
    if scores is not None:
        add_scores(con, feed, number, dict(zip(tracks, scores, strict=True)), version)


def add_scores(
    con: duckdb.DuckDBPyConnection,
    feed: str,
    number: int,
    scores: dict[str, float],
    version: str = "us-1",
) -> None:
    """Score a week's tracks."""
    ordered = sorted(scores.items(), key=lambda item: (-item[1], item[0]))
    con.executemany(
        """
        insert into mart.weekly_scores
        values (?, ?, ?, ?, ?, ?, ?, ?, ?, false, ?, ?,
            'Streams', 0.5, 'Age', -0.2, null, null, ?, 'run', ?,
            'raises: more Streams', 'lowers: released earlier', null, null)
        """,
        [
            (
                feed,
                week_number(number),
                track,
                f"Song {track}",
                f"Artist {track}",
                score,
                score / 2,
                (1 + score) / 2,
                "high" if score >= 0.5 else "low",
                rank,
                1 - (rank - 1) / len(ordered),
                version,
                NOW,
            )
            for rank, (track, score) in enumerate(ordered, start=1)
        ],
    )


def add_labels(
    con: duckdb.DuckDBPyConnection, feed: str, number: int, tracks: str, highs: str
) -> None:
    """Store the labels of a week, matured four weeks later; the first track is the largest."""
    count = len(tracks)
    later = week_number(number + 4)
    con.executemany(
        "insert into ml.labels values (?, ?, ?, 'level', ?, 0.5, ?, null, ?)",
        [
            (feed, week_number(number), track, track in highs, later, (count - place) / count)
            for place, track in enumerate(tracks)
        ],
    )


def add_export(
    con: duckdb.DuckDBPyConnection, sha256: str, feed: str, week: dt.date, **columns: object
) -> None:
    """Record an export; *columns* override that it was loaded and had no rows."""
    row = {"loaded": 0, "quarantined": 0, "status": "loaded", "reason": None}
    row |= {"damaged": 0, "falling": 0, **columns}
    con.execute(
        """
        insert into raw.exports by name
        select
            $sha256 as sha256, $feed as feed, $week as week, 'chart' as format,
            $sha256 || '.csv' as file_name, 1 as size_bytes,
            $loaded + $quarantined as rows_read, $loaded as loaded, 0 as duplicate,
            $quarantined as quarantined, $status as status, $reason as reason,
            0 as changed_text_count, 0 as changed_metric_count,
            $damaged as damaged_text_count, $falling as falling_counter_count,
            (select count(*) + 1 from raw.exports where feed = $feed and week = $week)
                as arrival_number,
            'run' as run_id, $now as loaded_at
        """,
        {"sha256": sha256, "feed": feed, "week": week, "now": NOW, **row},
    )


def add_refused_export(con: duckdb.DuckDBPyConnection) -> None:
    """Record an export of gb that was refused, with both of its lines in the quarantine."""
    add_export(
        con, "bad", "gb", week_number(5), quarantined=2, status="refused", reason="bad share"
    )
    con.execute(
        """
        insert into raw.quarantine values
        ('bad', 2, 'streams_count', 'not a number', 'x'),
        ('bad', 2, 'rank', 'negative', 'x'),
        ('bad', 3, null, 'too few cells', 'y')
        """
    )


def add_model(
    con: duckdb.DuckDBPyConnection,
    paths: WarehousePaths,
    version: str,
    *,
    from_week: int,
    feed: str = "us",
) -> None:
    """Register and promote a model, with an artefact of one file."""
    folder = paths.models / feed / version
    folder.mkdir(parents=True, exist_ok=True)
    weights = f"weights of {version}".encode()
    (folder / "member_0.bin").write_bytes(weights)
    manifest = json.dumps({"files": {"member_0.bin": hashlib.sha256(weights).hexdigest()}})
    (folder / "manifest.json").write_text(manifest, encoding="utf-8")
    week = week_number(from_week)
    con.execute(
        """
        insert into ml.models values (
            $version, $feed, 'network', 'level', 4, 'champion', $week, 'first', 'the first',
            [$week], ['sha'], $week, 3, '{}', '{}', '{}', $sha256, 'run', $now, null, null, null,
            null, null
        )
        """,
        {
            "version": version,
            "feed": feed,
            "week": week,
            "sha256": hashlib.sha256(manifest.encode()).hexdigest(),
            "now": NOW,
        },
    )
    con.execute(
        "insert into ml.champions values ($feed, $week, $version, 'the first', 'gate')",
        {"feed": feed, "week": week, "version": version},
    )


def rescore(con: duckdb.DuckDBPyConnection, number: int, run_id: str, feed: str = "us") -> int:
    """Give a week's scores another run id, as a run of the same week would; return the revision."""
    key = {"feed": feed, "week": week_number(number)}
    con.begin()
    con.execute(
        "update mart.weekly_scores set run_id = $run_id where feed = $feed and week = $week",
        {**key, "run_id": run_id},
    )
    revision = mark_revised(con, [(feed, week_number(number))])
    con.commit()
    return revision


def damage_blocks(paths: WarehousePaths, table: str) -> None:
    """Change a byte in every block of the snapshot that holds rows of *table*."""
    with duckdb.connect(str(paths.snapshot), read_only=True) as con:
        blocks = con.execute(
            f"select distinct block_id from pragma_storage_info('{table}') where block_id >= 0"
        ).fetchall()
    content = bytearray(paths.snapshot.read_bytes())
    for (block,) in blocks:
        content[3 * 4096 + block * 262_144 + 20_000] ^= 0xFF
    paths.snapshot.chmod(0o644)
    paths.snapshot.write_bytes(content)
