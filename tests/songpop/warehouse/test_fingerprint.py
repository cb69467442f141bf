from functools import cache

import duckdb
from hypothesis import given, settings
from hypothesis import strategies as st

from songpop.warehouse.fingerprint import Fingerprints, compare, fingerprint, fingerprint_week
from tests.builders import make_warehouse, week_number
from tests.songpop.warehouse.make_warehouse import add_scores

CELLS = st.tuples(st.sampled_from(["us", "gb"]), st.integers(-5, 5), st.text(max_size=3))


@cache
def connect() -> duckdb.DuckDBPyConnection:
    return duckdb.connect()


def relation_of(rows: list[tuple[str, int, str]]) -> duckdb.DuckDBPyRelation:
    con = connect()
    con.execute("create or replace table t (feed varchar, amount integer, title varchar)")
    if rows:
        con.executemany("insert into t values (?, ?, ?)", rows)
    return con.table("t")


@settings(deadline=None, max_examples=50)
@given(rows=st.lists(CELLS, max_size=8), data=st.data())
def test_order_of_rows_does_not_matter(
    rows: list[tuple[str, int, str]], data: st.DataObject
) -> None:
    shuffled = data.draw(st.permutations(rows))

    assert fingerprint(relation_of(rows), "feed") == fingerprint(relation_of(shuffled), "feed")


@settings(deadline=None, max_examples=50)
@given(rows=st.lists(CELLS, min_size=1, max_size=8))
def test_every_cell_and_every_repetition_matters(rows: list[tuple[str, int, str]]) -> None:
    before = fingerprint(relation_of(rows))
    feed, amount, title = rows[0]

    assert fingerprint(relation_of([(feed, amount + 1, title), *rows[1:]])) != before
    assert fingerprint(relation_of([(feed, amount, title + "x"), *rows[1:]])) != before
    assert fingerprint(relation_of([*rows, rows[0], rows[0]])) != before


def test_order_of_columns_does_not_matter() -> None:
    con = connect()

    assert fingerprint(con.sql("select 1 as a, 2 as b")) == fingerprint(
        con.sql("select 2 as b, 1 as a")
    )
    assert fingerprint(con.sql("select 1 as a, 2 as b")) != fingerprint(
        con.sql("select 1 as b, 2 as a")
    )


def test_fingerprint_of_a_week_is_that_of_its_group() -> None:
    con = make_warehouse()
    for number in (1, 2):
        add_scores(con, "us", number, {"a": 0.5, "b": 0.1 * number})
    grouped = fingerprint(con.table("mart.weekly_scores"), "feed", "week")

    for number in (1, 2):
        week = week_number(number)
        found = fingerprint_week(con, "mart.weekly_scores", "us", week)
        assert found == grouped["us", week]
    assert fingerprint_week(con, "mart.weekly_scores", "us", week_number(3)) == (0, 0)


def test_fingerprint_is_the_number_of_rows_and_the_sum_of_their_hashes_by_group() -> None:
    rows = [("us", 1, "a"), ("us", 1, "a"), ("us", 2, "b"), ("gb", 3, "c")]
    relation = relation_of(rows)
    hashes = [
        connect().execute("select hash(?::integer, ?, ?)", [amount, feed, title]).fetchall()[0][0]
        for feed, amount, title in rows
    ]

    assert fingerprint(relation) == {(): (4, sum(hashes))}
    assert fingerprint(relation, "feed") == {("us",): (3, sum(hashes[:3])), ("gb",): (1, hashes[3])}
    assert fingerprint(relation, "feed", "amount") == {
        ("us", 1): (2, 2 * hashes[0]),
        ("us", 2): (1, hashes[2]),
        ("gb", 3): (1, hashes[3]),
    }


def test_column_whose_name_is_no_plain_word_is_taken_in() -> None:
    con = connect()

    one, other = (con.sql(f'select {value} as "the group"') for value in (1, 2))

    assert fingerprint(one) != fingerprint(other)


def test_empty_relation_has_no_rows_and_no_groups() -> None:
    assert fingerprint(relation_of([])) == {(): (0, 0)}
    assert fingerprint(relation_of([]), "feed") == {}


def test_comparison_tells_altered_missing_and_surplus_rows_apart() -> None:
    wanted: Fingerprints = {
        ("us", 1): (3, 7),
        ("us", 2): (3, 7),
        ("us", 3): (3, 7),
        ("us", 5): (1, 1),
    }
    got: Fingerprints = {("us", 1): (3, 7), ("us", 2): (3, 8), ("us", 3): (2, 8), ("us", 4): (1, 1)}

    assert list(compare(wanted, got)) == [
        (("us", 2), "3 rows", "altered ones"),
        (("us", 3), "3 rows", "2 rows"),
        (("us", 4), "0 rows", "1 rows"),
        (("us", 5), "1 rows", "0 rows"),
    ]


def test_keys_that_are_null_are_compared_with_the_others() -> None:
    wanted: Fingerprints = {("us", 2): (1, 7), (None, 1): (1, 7), ("gb", None): (1, 7)}

    assert [key for key, _, _ in compare(wanted, {})] == [("gb", None), ("us", 2), (None, 1)]
