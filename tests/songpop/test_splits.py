import datetime as dt
from itertools import combinations

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from songpop.splits import (
    MAX_BLOCK_WEEKS,
    MIN_FIT_WEEKS,
    ROW_BLOCKS,
    WeekBlocks,
    count_gate_weeks,
    first_unseen_week,
    row_blocks,
    split_before,
    split_weeks,
)

START = dt.date(2023, 1, 5)


def make_weeks(count: int) -> list[dt.date]:
    return [START + dt.timedelta(weeks=i) for i in range(count)]


def numbers_of(blocks: WeekBlocks) -> list[list[int]]:
    """Return the blocks as numbers of weeks, counted from 1."""
    return [
        [(week - START).days // 7 + 1 for week in block]
        for block in (blocks.fit, blocks.stop, blocks.calibrate, blocks.test)
    ]


@pytest.mark.parametrize(
    ("count", "expected"),
    [
        (0, [[], [], [], []]),
        (7, [[1, 2, 3, 4, 5, 6, 7], [], [], []]),
        (8, [[1, 2, 3, 4], [], [8], []]),
        (11, [[1, 2, 3, 4, 5, 6, 7], [], [11], []]),
        (12, [[1, 2, 3, 4], [8], [12], []]),
        (16, [[1, 2, 3, 4], [8], [12], [16]]),
    ],
)
def test_blocks_appear_as_the_history_grows(count: int, expected: list[list[int]]) -> None:
    assert numbers_of(split_weeks(make_weeks(count), 4)) == expected


def test_a_longer_history_gives_each_block_about_fifteen_percent() -> None:
    blocks = split_weeks(make_weeks(74), 4)

    assert [len(block) for block in numbers_of(blocks)] == [38, 9, 9, 9]
    assert blocks.test[-1] == make_weeks(74)[-1]


def test_blocks_of_a_very_long_history_are_a_quarter_of_a_year() -> None:
    blocks = split_weeks(make_weeks(390), 4)

    assert {len(blocks.stop), len(blocks.calibrate), len(blocks.test)} == {MAX_BLOCK_WEEKS}


def test_a_horizon_of_one_week_needs_no_gap() -> None:
    assert numbers_of(split_weeks(make_weeks(7), 1)) == [[1, 2, 3, 4], [5], [6], [7]]


def test_seen_until_is_the_last_week_that_is_not_tested() -> None:
    weeks = make_weeks(16)

    assert split_weeks(weeks, 4).seen_until == weeks[11]
    assert split_weeks(weeks[:7], 4).seen_until == weeks[6]
    assert WeekBlocks().seen_until is None


def test_a_challenger_is_tested_on_the_newest_weeks_that_its_champion_has_not_seen() -> None:
    weeks = make_weeks(29)
    champion = split_weeks(weeks[:16], 4)
    assert champion.seen_until is not None
    unseen = first_unseen_week(champion.seen_until, 4)

    challenger = split_weeks(weeks, 4, test_from=unseen, gate_weeks=8)

    assert unseen == weeks[15]
    assert numbers_of(challenger) == [list(range(1, 11)), [14], [18], list(range(22, 30))]


def test_a_challenger_is_tested_on_fewer_weeks_where_fewer_are_unseen() -> None:
    weeks = make_weeks(20)

    blocks = split_weeks(weeks, 4, test_from=weeks[17], gate_weeks=8)

    assert blocks.test == tuple(weeks[17:])


def test_a_challenger_leaves_early_weeks_to_fit_on() -> None:
    blocks = split_weeks(make_weeks(14), 4, test_from=START, gate_weeks=8)

    assert numbers_of(blocks) == [[1, 2, 3, 4], [], [8], [12, 13, 14]]


def test_a_challenger_is_tested_on_as_many_weeks_as_the_gate_wants() -> None:
    weeks = make_weeks(60)

    blocks = split_weeks(weeks, 4, test_from=weeks[12], gate_weeks=26)

    assert blocks.test == tuple(weeks[34:])
    assert blocks.calibrate
    assert blocks.calibrate[-1] == weeks[30]


@pytest.mark.parametrize(
    ("rows", "count"), [(200, 25), (199, 26), (1_000, 8), (625, 8), (624, 9), (100, 30)]
)
def test_the_gate_wants_the_newest_weeks_that_make_evidence(rows: int, count: int) -> None:
    rows_counts = dict.fromkeys(make_weeks(30), rows)

    assert count_gate_weeks(rows_counts, min_weeks=8, min_rows=5_000) == count


def test_rows_are_counted_from_the_newest_week() -> None:
    weeks = make_weeks(12)
    rows_counts = {week: 10 if week in weeks[:4] else 700 for week in reversed(weeks)}

    assert count_gate_weeks(rows_counts, min_weeks=2, min_rows=2_100) == 3


@pytest.mark.parametrize("count", [8, 16, 40])
def test_a_challenger_has_no_test_where_nothing_is_unseen(count: int) -> None:
    weeks = make_weeks(count)

    blocks = split_weeks(weeks, 4, test_from=weeks[-1] + dt.timedelta(days=1))

    assert blocks.test == ()
    assert blocks.calibrate[-1] == weeks[-1]


def test_a_challenger_has_no_test_where_nothing_can_be_fitted_before() -> None:
    weeks = make_weeks(9)

    assert numbers_of(split_weeks(weeks, 4, test_from=weeks[1])) == [[1, 2, 3, 4, 5], [], [9], []]


@settings(deadline=None)  # a busy machine is no failure
@given(
    st.sets(st.integers(0, 900), max_size=120),
    st.integers(1, 8),
    st.none() | st.integers(0, 900),
    st.integers(0, 30),
)
def test_blocks_are_disjoint_in_order_and_apart_by_the_horizon(
    days: set[int], horizon_weeks: int, unseen_day: int | None, gate_weeks: int
) -> None:
    weeks = [START + dt.timedelta(days=day) for day in days]
    test_from = None if unseen_day is None else START + dt.timedelta(days=unseen_day)

    split = split_weeks(weeks, horizon_weeks, test_from=test_from, gate_weeks=gate_weeks)
    blocks = [block for block in (split.fit, split.stop, split.calibrate, split.test) if block]

    embargo = dt.timedelta(days=7 * horizon_weeks)
    for earlier, later in combinations(blocks, 2):
        assert earlier[-1] + embargo <= later[0]
    assert all(list(block) == sorted(set(block)) for block in blocks)
    assert {week for block in blocks for week in block} <= set(weeks)
    assert bool(split.fit) == bool(weeks)
    if weeks:
        assert blocks[-1][-1] == max(weeks)
    if len(blocks) > 1:
        assert len(split.fit) >= MIN_FIT_WEEKS
        assert split.calibrate
    if test_from is not None:
        assert all(week >= test_from for week in split.test)


@pytest.mark.parametrize(
    ("count", "blocks"),
    [
        (0, [[], [], [], []]),
        (7, [[1, 2, 3, 4, 5, 6, 7], [], [], []]),
        (8, [[1, 2, 3, 4], [], [8], []]),
        (12, [[1, 2, 3, 4], [8], [12], []]),
        (16, [[1, 2, 3, 4, 5, 6, 7, 8], [12], [16], []]),
    ],
)
def test_before_a_test_that_comes_after_them_all_no_week_is_kept_for_one(
    count: int, blocks: list[list[int]]
) -> None:
    assert numbers_of(split_before(make_weeks(count)[::-1], 4)) == blocks


def make_rows(count: int) -> tuple[pl.Series, pl.Series]:
    rows = range(count)
    tracks = pl.Series([f"track {i}" for i in rows], dtype=pl.String)
    artists = pl.Series([f"artist {i // 3}" for i in rows], dtype=pl.String)
    return tracks, artists


def test_row_blocks_have_their_shares_on_average() -> None:
    blocks = row_blocks(*make_rows(30_000), seed=1)
    shares = [blocks.eq(name).sum() / blocks.len() for name in ROW_BLOCKS]

    assert shares == pytest.approx([0.60, 0.13, 0.13, 0.14], abs=0.015)


def test_row_blocks_are_the_same_for_ever() -> None:
    block_of = {
        "SZA": "fit",
        " sza ": "fit",
        "Björk": "fit",
        "Burna Boy": "calibrate",
        "Peso Pluma": "calibrate",
        "ABBA": "fit",
        "Bad Bunny": "fit",
        "Rosalía": "test",
        "Tyla": "fit",
        "Ado": "fit",
    }
    artists = pl.Series(list(block_of))

    assert row_blocks(artists, artists, seed=42).to_list() == list(block_of.values())


def test_another_seed_gives_other_blocks() -> None:
    rows = make_rows(300)

    assert row_blocks(*rows, seed=1).to_list() != row_blocks(*rows, seed=2).to_list()


def test_rows_without_an_artist_are_divided_one_by_one() -> None:
    tracks = pl.Series([f"track {i}" for i in range(200)])
    nobody = pl.Series([None, "", "  ", "\t"] * 50, dtype=pl.String)

    assert row_blocks(tracks, nobody, seed=1).n_unique() == len(ROW_BLOCKS)


@settings(deadline=None)  # a busy machine is no failure
@given(
    st.lists(st.tuples(st.text(max_size=3), st.none() | st.sampled_from(["a", "A ", "b", ""]))),
    st.integers(0, 9),
)
def test_row_blocks_keep_artists_together_whatever_the_order_and_the_other_rows(
    rows: list[tuple[str, str | None]], seed: int
) -> None:
    tracks = pl.Series([track for track, _ in rows], dtype=pl.String)
    artists = pl.Series([artist for _, artist in rows], dtype=pl.String)

    blocks = row_blocks(tracks, artists, seed)

    assert blocks.len() == len(rows)
    assert blocks.to_list() == row_blocks(tracks.reverse(), artists.reverse(), seed)[::-1].to_list()
    for index in range(len(rows)):
        one = slice(index, index + 1)
        assert row_blocks(tracks[one], artists[one], seed).item() == blocks[index]
    by_artist = {(artist or "").strip().lower() for _, artist in rows} - {""}
    for name in by_artist:
        mine = artists.str.strip_chars().str.to_lowercase() == name
        assert blocks.filter(mine).n_unique() == 1
