"""What a page tells is what the published tables hold."""

import pytest

from songpop.warehouse.paths import WarehousePaths
from songpop.warehouse.query import open_snapshot, run_query
from songpop.weekly import read as reading
from songpop.weekly.facts import Row, WeekFacts
from songpop.weekly.read import list_entries, read_week
from tests.builders import week_number
from tests.songpop.warehouse.make_warehouse import make_healthy
from tests.songpop.weekly.make_facts import make_matured


@pytest.fixture(scope="module")
def paths(tmp_path_factory: pytest.TempPathFactory) -> WarehousePaths:
    found, con = make_healthy(tmp_path_factory.mktemp("read"))
    con.close()
    return found


def read(paths: WarehousePaths, feed: str, number: int) -> WeekFacts:
    with open_snapshot(paths) as con:
        entries = list_entries(con)
        entry = next(e for e in entries if (e.feed, e.week) == (feed, week_number(number)))
        return read_week(con, entry, entries)


def test_entries_count_what_mart_weekly_scores_holds(paths: WarehousePaths) -> None:
    with open_snapshot(paths) as con:
        found = {
            (entry.feed, entry.week): (entry.tracks_count, entry.high_count)
            for entry in list_entries(con)
            if entry.is_scored
        }
    rows = run_query(
        paths,
        "select feed, week, count(*), count(*) filter (where score >= 0.5) "
        "from mart.weekly_scores group by all",
    ).iter_rows()

    assert found == {(feed, week): (tracks, high) for feed, week, tracks, high in rows}


def test_entries_are_ordered_and_can_be_narrowed(paths: WarehousePaths) -> None:
    with open_snapshot(paths) as con:
        one = list_entries(con, "us", week_number(6))
        weeks = [(entry.feed, entry.week) for entry in list_entries(con)]

    assert [entry.week for entry in one] == [week_number(6)]
    assert weeks == [("gb", week_number(n)) for n in (6, 5)] + [
        ("us", week_number(n)) for n in (6, 5, 4, 3, 2, 1)
    ]


def test_changes_are_against_the_scored_week_before(paths: WarehousePaths) -> None:
    facts = read(paths, "us", 3)
    scored = facts.scored

    assert facts.previous_week == week_number(2)
    assert scored is not None
    assert (scored.changes.high_count, scored.changes.previous_high_count) == (2, 2)
    assert (scored.changes.new_count, scored.changes.gone_count) == (0, 0)
    assert {row["track_id"] for row in scored.risers} == {"b", "c"}
    assert [row["track_id"] for row in scored.fallers] == ["a"]
    assert scored.is_same_model


def test_weeks_of_two_models_move_by_places(paths: WarehousePaths) -> None:
    scored = read(paths, "us", 6).scored

    assert scored is not None
    assert not scored.is_same_model
    assert (scored.risers, scored.fallers) == ([], [])


def test_tracks_are_those_of_the_table_with_their_history(paths: WarehousePaths) -> None:
    scored = read(paths, "us", 6).scored
    rows = run_query(
        paths,
        "select track_id, score, outcome_low, reason_1_text from mart.weekly_scores "
        f"where feed = 'us' and week = '{week_number(6)}' order by rank",
    ).rows()

    assert scored is not None
    assert [
        (row["track_id"], row["score"], row["outcome_low"], row["reason_1"])
        for row in scored.tracks
    ] == rows
    assert scored.history["a"] == [
        (week_number(2), 0.9),
        (week_number(3), 0.8),
        (week_number(6), 0.7),
    ]
    assert sum(scored.steps[week_number(6)]) == 3
    assert scored.steps[week_number(6)][14] == 1


def test_outcomes_are_told_from_the_week_on_in_which_they_were_known(paths: WarehousePaths) -> None:
    early, late = read(paths, "us", 3).scored, read(paths, "us", 6).scored
    performance = run_query(
        paths, "select week, accuracy, auc, persistence_accuracy from mart.model_performance"
    ).rows()

    assert early is not None
    assert late is not None
    assert (early.matured, early.outcomes) == ([], [])
    assert [
        (row["week"], row["accuracy"], row["auc"], row["persistence_accuracy"])
        for row in late.matured
    ] == performance
    assert {row["step"]: (row["tracks_count"], row["high_count"]) for row in late.outcomes} == {
        0: (1, 0),
        3: (1, 1),
        4: (1, 1),
    }


def test_no_more_weeks_are_asked_for_than_tell_enough(
    paths: WarehousePaths, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[object] = []

    def answer(con: object, name: str, **params: object) -> list[Row]:
        if name != "list_matured":
            return ask(con, name, **params)  # type: ignore[arg-type] - as it was given
        asked.append(params["scored_week"])
        return [make_matured(week=params["scored_week"], rows_count=2)]

    ask = reading.ask
    monkeypatch.setattr(reading, "ask", answer)
    monkeypatch.setattr(reading, "ENOUGH_OUTCOMES", 2)
    scored = read(paths, "us", 6).scored

    assert scored is not None
    assert asked == [week_number(3)]
    assert [row["week"] for row in scored.matured] == asked


def test_artists_add_up(paths: WarehousePaths) -> None:
    scored = read(paths, "us", 6).scored

    assert scored is not None
    assert [(row["artist_name"], row["high_ratio"]) for row in scored.artists] == [
        ("Artist a", 1.0),
        ("Artist b", 1.0),
        ("Artist c", 0.0),
    ]
    assert scored.changes.artists_count == 3


def test_week_without_scores_has_its_files_alone(paths: WarehousePaths) -> None:
    facts = read(paths, "gb", 5)

    assert facts.scored is None
    assert [(row["status"], row["reason"]) for row in facts.exports] == [("refused", "bad share")]
