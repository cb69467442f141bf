"""Facts of a page, as a published week would give them."""

import datetime as dt
from dataclasses import replace

from songpop.weekly.facts import Changes, Model, Row, ScoredFacts, WeekEntry, WeekFacts

WEEK = dt.date(2024, 6, 27)
BEFORE = dt.date(2024, 6, 20)
HOSTILE = "<script>alert(1)</script>\"><img src=x onerror=alert(2)>\u202e\x1b[31m'&"


def make_entry(**fields: object) -> WeekEntry:
    """Return a scored week; *fields* override."""
    entry = WeekEntry(
        feed="charts_us",
        week=WEEK,
        rows_count=3,
        drift_decision="quiet",
        stale_because=None,
        latest_status="loaded",
        rows_read=3,
        loaded=3,
        duplicate=0,
        quarantined=0,
        damaged_text_count=0,
        falling_counter_count=0,
        model_version="charts_us-1",
        model_warning=None,
        drift_reasons=["quiet: nothing comes near"],
        tracks_count=3,
        high_count=2,
        is_provisional=False,
        is_hidden=False,
        stamp="run 1",
    )
    return replace(entry, **fields)


def make_track(name: str = "a", **fields: object) -> Row:
    """Return a row of ``list_tracks``; *fields* override."""
    return {
        "track_id": name,
        "rank": 1,
        "title": f"Song {name}",
        "artist_name": f"Artist {name}",
        "score": 0.9,
        "outcome_low": 0.6,
        "outcome_high": 0.95,
        "potential": "high",
        "reason_1": "raises: more streams than 98 % of tracks of its age",
        "reason_2": "lowers: released earlier than 60 % of this week's tracks",
        "reason_3": None,
        "previous_rank": 3,
        "previous_score": 0.55,
        **fields,
    }


def make_song(name: str = "a", **fields: object) -> Row:
    """Return a row of ``list_set_lists``; *fields* override."""
    return {
        "artist_name": "Artist a",
        "artist_rank": 1,
        "title": f"Song {name}",
        "role": "anthem",
        "reason": "streams this week ahead of 3 of 3 others",
        "momentum": 0.5,
        "songs_count": 4,
        **fields,
    }


def make_matured(**fields: object) -> Row:
    """Return a row of ``list_matured``; *fields* override."""
    return {
        "week": dt.date(2024, 5, 30),
        "model_version": "charts_us-1",
        "kind": "network",
        "label": "level",
        "is_provisional": False,
        "rows_count": 200,
        "base_rate": 0.25,
        "log_loss": 0.4,
        "accuracy": 0.85,
        "auc": 0.9,
        "persistence_accuracy": 0.8,
        "persistence_auc": 0.85,
        **fields,
    }


def make_model(**fields: object) -> Model:
    """Return a network that looks four weeks ahead; *fields* override."""
    model = Model(
        kind="network",
        label="level",
        horizon_weeks=4,
        trained_week=dt.date(2024, 4, 18),
        rows_count=3200,
        weeks_count=16,
        test=None,
        models=[],
        comparisons=[],
    )
    return replace(model, **fields)


def make_scored(**fields: object) -> ScoredFacts:
    """Return what is known of three scored tracks; *fields* override."""
    tracks = [
        make_track("a"),
        make_track("b", rank=2, score=0.7, previous_score=0.8),
        make_track("c", rank=3, score=0.1, previous_score=None, potential="low"),
    ]
    scored = ScoredFacts(
        changes=Changes(3, 2, 1, 2, 0, 1, 0, 1, 1, 3),
        model=make_model(),
        is_same_model=True,
        tracks=tracks,
        risers=[tracks[0]],
        fallers=[tracks[1]],
        artists=[
            {
                "artist_name": "Artist a",
                "tracks_count": 2,
                "high_count": 1,
                "high_ratio": 0.5,
                "best_title": "Song a",
                "best_score": 0.9,
                "best_rank": 1,
            }
        ],
        set_lists=[[make_song("a"), make_song("b", artist_rank=2, role="deep cut")]],
        history={"a": [(BEFORE, 0.55), (WEEK, 0.9)]},
        steps={BEFORE: [1] * 20, WEEK: [0] * 2 + [1] + [0] * 11 + [1] + [0] * 3 + [1, 0]},
        matured=[make_matured()],
        outcomes=[
            {
                "step": 0,
                "tracks_count": 150,
                "high_count": 15,
                "inside_count": 120,
                "score_mean": 0.1,
            },
            {
                "step": 4,
                "tracks_count": 50,
                "high_count": 35,
                "inside_count": 40,
                "score_mean": 0.9,
            },
        ],
    )
    return replace(scored, **fields)


def make_facts(scored: ScoredFacts | None = None, **fields: object) -> WeekFacts:
    """Return the facts of a scored week; *fields* override those of its entry."""
    return WeekFacts(
        entry=make_entry(**fields),
        previous_week=BEFORE,
        exports=[make_export()],
        checks=[make_check()],
        scored=scored or make_scored(),
    )


def make_unscored(**fields: object) -> WeekFacts:
    """Return the facts of a week without scores; *fields* override those of its entry."""
    none: dict[str, object] = {"model_version": None, "tracks_count": 0, "high_count": 0}
    entry = make_entry(**{**none, **fields})
    return replace(make_facts(), entry=entry, scored=None)


def make_export(**fields: object) -> Row:
    """Return a row of ``list_exports``; *fields* override."""
    return {
        "file_name": "chart.csv",
        "arrival": "first",
        "status": "loaded",
        "reason": None,
        "rows_read": 3,
        "loaded": 3,
        "duplicate": 0,
        "quarantined": 0,
        **fields,
    }


def make_check(**fields: object) -> Row:
    """Return a row of ``list_checks``; *fields* override."""
    return {
        "check_name": "level",
        "column_name": "streams_week_count",
        "verdict": "pass",
        "statistic": 0.1,
        "threshold": 0.2,
        "details": "values higher than in training",
        **fields,
    }
