import polars as pl

from songpop.training.exports import list_exports
from tests.builders import NOW, make_warehouse, week_number
from tests.songpop.warehouse.make_warehouse import add_export


def test_exports_of_every_feed_and_week_are_listed() -> None:
    con = make_warehouse()
    for feed, number in (("us", 1), ("us", 2), ("gb", 1), ("gb", 3)):
        add_export(con, f"{feed}-{number}", feed, week_number(number), loaded=1, now=NOW)
    labels = pl.DataFrame(
        {"feed": ["us", "us", "gb"], "week": [week_number(2), week_number(2), week_number(1)]}
    )

    assert list_exports(con, labels) == ("gb-1", "us-2")
