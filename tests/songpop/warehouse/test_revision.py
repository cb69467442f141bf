import pytest

from songpop.errors import CheckError
from songpop.warehouse.publish import mark_revised
from songpop.warehouse.revision import ChangedPart, list_changed, read_revision
from tests.builders import make_warehouse, week_number
from tests.songpop.warehouse.make_warehouse import add_scores


def test_new_warehouse_is_at_revision_zero_and_changed_nothing() -> None:
    con = make_warehouse()

    assert read_revision(con) == 0
    assert list_changed(con, 0) == []


def test_changes_are_those_after_a_revision_by_feed_and_week() -> None:
    con = make_warehouse()
    for feed, number in (("us", 2), ("gb", 1), ("us", 1)):
        add_scores(con, feed, number, {"a": 0.5})
        mark_revised(con, [(feed, week_number(number))])

    assert [part.key for part in list_changed(con, 1)] == [
        ("gb", week_number(1)),
        ("us", week_number(1)),
    ]
    assert list_changed(con, 2) == [
        ChangedPart("mart.weekly_scores", "us", week_number(1), rows_count=1)
    ]
    assert list_changed(con, 3) == []


def test_private_file_without_a_revision_is_refused() -> None:
    con = make_warehouse()
    con.execute("delete from mart.publication")

    with pytest.raises(CheckError) as refused:
        read_revision(con)

    remedy = "restore the private file from a backup"
    assert str(refused.value) == f"table mart.publication: expected 1 row, got 0; {remedy}"
