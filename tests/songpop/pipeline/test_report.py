from songpop.pipeline.report import Report, list_warnings


def make_week(week: str, feed: str = "us", scored: int = 3, warning: str | None = None) -> Report:
    return {"feed": feed, "week": week, "scored": scored, "model_warning": warning}


def test_each_feed_is_warned_of_by_the_model_of_its_newest_scored_week() -> None:
    weeks = [
        make_week("2024-01-04", warning="is old"),
        make_week("2024-01-11"),
        make_week("2024-01-04", feed="gb"),
        make_week("2024-01-11", feed="gb", warning="is new"),
        make_week("2024-01-18", feed="gb", scored=0),
    ]

    assert list_warnings({"weeks": weeks}) == {"gb": "is new"}
