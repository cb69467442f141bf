from flows.summary import summarise
from tests.builders import NO_PLATFORMS

WEEK = {
    "feed": "f",
    "week": "2024-01-04",
    "outcome": "scored",
    "rows": 3,
    "scored": 3,
    "high": 1,
    "model_version": "v1",
    "model_warning": None,
    "training": None,
    "drift": None,
    "drift_reasons": [],
    "exports": [],
    "seconds": {},
    "mode": "new",
    "models": [],
    "page": None,
    "page_problem": None,
}
REPORT: dict[str, object] = {
    "outcome": "ran",
    "failures": [],
    "weeks": [WEEK],
    "quarantined": [],
    "stale": {},
    "problems": [],
    "models": [],
    "late": {},
    "platforms": NO_PLATFORMS,
    "expired": [],
    "page_problem": None,
    "known_exports": 0,
    "table": "warehouse/songpop.duckdb",
    "parquet": "warehouse/published",
}


def test_summary_lists_each_week() -> None:
    text = summarise(REPORT)

    assert "| f | 2024-01-04 | scored | 3 | 3 | 1 | v1 |" in text
    assert "Nothing was quarantined." in text


def test_summary_of_nothing_new_says_how_much_is_known() -> None:
    assert "7 exports" in summarise(
        {**REPORT, "outcome": "nothing new", "weeks": [], "known_exports": 7}
    )


def test_file_names_cannot_become_markup() -> None:
    count = {
        "feed": "f",
        "week": "2024-01-04",
        "file_name": "<script>|x\n.csv",
        "reason": "bad [cell](http://x)",
        "rows_count": 1,
        "first_line": 2,
    }

    text = summarise({**REPORT, "quarantined": [count]})

    assert "<script>" not in text
    assert "\\<script\\>\\|x .csv" in text
    assert "\\[cell\\](http" in text


def test_stale_weeks_and_problems_are_named() -> None:
    text = summarise({**REPORT, "stale": {"f": ["2024-01-11"]}, "problems": ["x.csv: expected"]})

    assert "stale: `f` 2024-01-11" in text
    assert "needs a person: x.csv: expected" in text


def test_what_must_be_said_of_a_model_is() -> None:
    text = summarise({**REPORT, "weeks": [WEEK | {"model_warning": "is *new*"}]})

    assert "- warning: `f` is \\*new\\*" in text


def test_summary_of_nothing_new_tells_what_is_late() -> None:
    report = {**REPORT, "outcome": "nothing new", "weeks": [], "late": {"f": ["2024-01-11"]}}

    assert "late: `f` 2024-01-11" in summarise(report)


def test_failed_run_is_not_nothing_new() -> None:
    text = summarise({**REPORT, "outcome": "failed", "weeks": [], "failures": ["f 2024-01-04: x"]})

    assert "failed: f 2024-01-04: x" in text
    assert "Nothing new" not in text
