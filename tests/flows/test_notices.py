import pytest

from flows.notices import list_notices
from tests.flows.test_summary import REPORT, WEEK

MODEL = {
    "feed": "f",
    "week": "2024-01-04",
    "version": "v2",
    "kind": "network",
    "label": "level",
    "because": "drift",
    "decision": "refused: not better: at all",
}


def notices(wants_retrain: bool = False, **fields: object) -> list[tuple[str, str]]:  # noqa: FBT001, FBT002 - a setting
    report = {**REPORT, "weeks": [], **fields}
    return [(one.event, one.message) for one in list_notices(report, wants_retrain=wants_retrain)]


def test_published_week_is_told_with_its_counts() -> None:
    (notice,) = list_notices(REPORT, wants_retrain=False)

    assert notice.event == "songpop.week.published"
    assert notice.payload() == {
        "feed": "f",
        "week": "2024-01-04",
        "message": "f 2024-01-04: 3 of 3 tracks scored",
        "rows": 3,
        "scored": 3,
        "high": 1,
        "model_version": "v1",
    }
    assert notice.resource()["prefect.resource.id"] == "songpop.f.2024-01-04"


def test_week_without_rows_is_refused_and_not_published() -> None:
    export = {"arrival": "refused", "file_name": "x\n.csv", "reason": "implausible"}
    week = WEEK | {"outcome": "refused", "exports": [export]}

    assert notices(weeks=[week]) == [("songpop.export.refused", "x .csv was refused: implausible")]


@pytest.mark.parametrize("decision", ["retrain", "quarantine"])
def test_drift_is_told_with_its_reasons(decision: str) -> None:
    week = WEEK | {"drift": decision, "drift_reasons": ["streams doubled", "therefore"]}

    *_, notice = list_notices({**REPORT, "weeks": [week]}, wants_retrain=False)

    assert notice.event == "songpop.drift.detected"
    assert notice.message == f"f 2024-01-04: {decision}: streams doubled"
    assert notice.resource()["songpop.decision"] == decision
    assert "songpop.retrain" not in notice.resource()


@pytest.mark.parametrize("decision", ["quiet", "warn", None])
def test_what_needs_no_answer_is_no_event(decision: str | None) -> None:
    assert [event for event, _ in notices(weeks=[WEEK | {"drift": decision}])] == [
        "songpop.week.published"
    ]


def test_only_the_newest_week_of_a_feed_asks_for_a_training() -> None:
    weeks = [
        WEEK | {"drift": "retrain", "week": "2024-01-04"},
        WEEK | {"drift": "retrain", "week": "2024-01-11"},
    ]

    found = list_notices({**REPORT, "weeks": weeks}, wants_retrain=True)

    wanted = [one.week for one in found if one.resource().get("songpop.retrain") == "wanted"]
    assert wanted == ["2024-01-11"]


@pytest.mark.parametrize(
    ("decision", "event"),
    [
        ("promoted: better", "songpop.model.promoted"),
        ("refused: not better: at all", "songpop.model.refused"),
        ("waits for approval: better", "songpop.model.waits"),
    ],
)
def test_each_trained_model_is_told(decision: str, event: str) -> None:
    (found,) = notices(models=[MODEL | {"decision": decision}])

    assert found[0] == event
    assert found[1] == f"v2 {decision}"


def test_late_weeks_and_files_that_need_a_person_are_told() -> None:
    found = notices(late={"f": ["2024-01-11", "2024-01-18"]}, problems=["x.csv: expected"])

    assert found == [
        ("songpop.export.refused", "x.csv: expected"),
        ("songpop.week.late", "f: no export yet for 2024-01-11, 2024-01-18"),
    ]


def test_text_from_outside_is_cut() -> None:
    ((_, message),) = notices(problems=["x" * 10_000])

    assert len(message) < 600
