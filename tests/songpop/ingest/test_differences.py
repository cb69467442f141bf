import polars as pl

from songpop.ingest.differences import ROW, Differences
from tests.builders import make_warehouse


def make_cells(*cells: tuple[str, str]) -> Differences:
    return Differences(
        pl.DataFrame(
            [(track, column, "1", "2") for track, column in cells],
            schema=["track_id", "column_name", "before", "after"],
            orient="row",
        )
    )


def test_nothing_replaced_means_no_differences() -> None:
    assert Differences.none().text_count == 0
    assert not Differences.none().changes_metrics


def test_titles_and_names_are_text_and_everything_else_can_change_a_score() -> None:
    text = make_cells(("a", "title"), ("a", "artist_name"), ("b", "label_name"))
    whole_row = make_cells(("a", ROW))

    assert (text.text_count, text.metric_count) == (3, 0)
    assert not text.changes_metrics
    assert whole_row.changes_metrics


def test_only_so_many_cells_are_listed_one_by_one() -> None:
    con = make_warehouse()
    differences = make_cells(("c", "title"), ("a", "title"), ("b", "title"))

    differences.store(con, "new", "old", most=2)

    listed = con.execute("select track_id from raw.differences order by track_id").fetchall()
    assert listed == [("a",), ("b",)]
    assert differences.text_count == 3
