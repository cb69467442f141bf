import datetime as dt
from collections.abc import Sequence

import polars as pl
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from songpop.formats.registry import load_formats
from songpop.ingest import rules
from songpop.ingest.arrow import ArrowColumn, ArrowTable
from songpop.ingest.rule import cell_name
from songpop.ingest.rules import Typing, typing_of
from tests.songpop.ingest.exports import TRACKS, WEEK, make_cells

CHART = load_formats()["spotify_charts"]
NUMBERS = st.sampled_from(["1", "1,234", "12,34", "-1", "", "999999999999999999999", "007", "101"])


def type_tracks() -> Typing:
    return typing_of(TRACKS, TRACKS.layouts[0], WEEK, is_latin1=False)


def make_table(*records: list[str]) -> ArrowTable:
    columns = zip(TRACKS.columns, zip(*records, strict=True), strict=True)
    cells = {
        cell_name(column.name): pa.array([cell or None for cell in texts], pa.string())
        for column, texts in columns
    }
    return pa.table({"line": pa.array(range(2, len(records) + 2), pa.int64()), **cells})


def test_readable_rows_are_typed_and_the_others_kept_as_they_came() -> None:
    bad = make_cells(2, Spotify_Streams="x", ISRC="")

    good, rest = type_tracks().split(make_table(make_cells(1), bad, make_cells(3)))

    assert good["line"].to_list() == [2, 4]
    assert good.schema["spotify_streams_count"] == pl.Int64
    assert rest["line"].to_list() == [3]
    assert rest["spotify_streams_count__cell"].to_list() == ["x"]
    assert type_tracks().explain(rest).rows() == [
        (3, "track_id", "empty_key"),
        (3, "spotify_streams_count", "unreadable_number"),
    ]


def test_export_without_rows_has_the_columns_of_one_with_rows() -> None:
    good, rest = type_tracks().split(make_table(make_cells(1)))

    assert type_tracks().no_rows().schema == good.schema
    assert rest.is_empty()


def test_null_values_say_nothing() -> None:
    layout = CHART.layouts[0]
    typing = typing_of(CHART, layout, WEEK, is_latin1=False)
    cells = {
        "rank": "1",
        "track_id": f"spotify:track:{'a' * 22}",
        "previous_rank": "-1",
        "streams_week_count": "5",
    }
    table = pa.table(
        {
            "line": pa.array([2], pa.int64()),
            **{
                cell_name(column.name): pa.array([cells.get(column.name)], pa.string())
                for column in CHART.columns_of(layout)
            },
        }
    )

    good, _ = typing.split(table)

    assert good.select("rank", "previous_rank", "streams_week_count").row(0) == (1, None, 5)


def leave_to_rules(columns: Sequence[ArrowColumn]) -> list[None]:
    """Read no column in bulk."""
    return [None for _ in columns]


@hypothesis_settings(deadline=None, max_examples=60)
@given(st.lists(st.tuples(NUMBERS, NUMBERS, NUMBERS), min_size=1, max_size=6))
def test_numbers_in_bulk_are_those_of_the_rules(cells: list[tuple[str, str, str]]) -> None:
    table = make_table(
        *(
            make_cells(n, Spotify_Streams=one, Spotify_Popularity=two, All_Time_Rank=three)
            for n, (one, two, three) in enumerate(cells)
        )
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(rules, "read_columns", leave_to_rules)
        slow = type_tracks().split(table)

    fast = type_tracks().split(table)

    assert fast[0].equals(slow[0])
    assert fast[1].equals(slow[1])
    assert type_tracks().explain(fast[1])["line"].unique().sort().equals(fast[1]["line"])


def test_dates_are_those_of_the_layout() -> None:
    good, _ = type_tracks().split(make_table(make_cells(1, Release_Date="1/2/2024")))

    assert good["release_date"].to_list() == [dt.date(2024, 1, 2)]
