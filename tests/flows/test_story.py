from flows.story import tell_end, tell_week
from tests.builders import NO_PLATFORMS
from tests.flows.test_summary import REPORT, WEEK


def test_week_is_a_line() -> None:
    exports = [{"loaded": 3, "duplicate": 1, "quarantined": 2}]

    line = tell_week(WEEK | {"exports": exports, "drift": "warn", "seconds": {"load": 0.5}})

    assert line == (
        "f 2024-01-04: 3 loaded, 1 duplicate, 2 quarantined; drift warn; "
        "3 scored by v1, 1 of them high; 0.5 s"
    )


def test_week_without_scores_says_why() -> None:
    assert "no model yet" in tell_week(WEEK | {"outcome": "no model yet"})
    assert "nothing accepted" in tell_week(WEEK | {"outcome": "refused"})


def test_end_tells_what_a_person_has_to_know() -> None:
    report = {
        **REPORT,
        "weeks": [WEEK | {"model_warning": "is new", "page_problem": "page of f w: expected"}],
        "page_problem": "pages of earlier runs: expected",
        "models": [{"feed": "f", "week": "w", "version": "v2", "decision": "refused: worse"}],
        "stale": {"f": ["2024-01-11"]},
        "late": {"f": ["2024-01-18"]},
        "failures": ["f w: no room"],
        "problems": ["x.csv: expected"] * 7,
    }

    assert list(tell_end(report)) == [
        "f w: v2 refused: worse",
        "f: its model is new",
        "f: 1 weeks are stale; `songpop backfill --feed f --from 2024-01-11` renews them",
        "f: no export yet for 2024-01-18",
        "page of f w: expected",
        "pages of earlier runs: expected",
        "failed: f w: no room",
        *["needs a person: x.csv: expected"] * 5,
        "… and 2 more, in the summary",
    ]


def test_platforms_exports_are_told() -> None:
    waiting = ["a.csv: expected the artist"]
    platforms = {**NO_PLATFORMS, "waiting": waiting}
    told = list(tell_end({**REPORT, "platforms": platforms}))

    assert told[:1] == ["waiting: a.csv: expected the artist"]


def test_nothing_new_is_said() -> None:
    assert list(tell_end({**REPORT, "weeks": [], "known_exports": 7})) == [
        "nothing new: 7 exports are known already"
    ]
