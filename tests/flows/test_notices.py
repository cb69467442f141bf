import pytest

from flows.notices import list_last_notices, list_notices
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


def told(**fields: object) -> list[tuple[str, str]]:
    """Return the events of a week with *fields*."""
    found = list_notices({**WEEK, **fields}, wants_retrain=False)
    return [(one.event, one.message) for one in found]


def told_last(**fields: object) -> list[tuple[str, str]]:
    found = list_last_notices({**REPORT, **fields})
    return [(one.event, one.message) for one in found]


def test_published_week_is_told_with_its_counts() -> None:
    (notice,) = list_notices(WEEK, wants_retrain=False)

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
    resource = notice.resource()
    assert resource["prefect.resource.id"] == "songpop.f.2024-01-04"
    assert resource["songpop.mode"] == "new"


def test_week_without_rows_is_refused_and_not_published() -> None:
    export = {"arrival": "refused", "file_name": "x\n.csv", "reason": "implausible"}

    assert told(outcome="refused", exports=[export]) == [
        ("songpop.export.refused", "x .csv was refused: implausible")
    ]


@pytest.mark.parametrize("decision", ["retrain", "quarantine"])
def test_drift_is_told_with_its_reasons(decision: str) -> None:
    week = WEEK | {"drift": decision, "drift_reasons": ["streams doubled", "therefore"]}

    *_, notice = list_notices(week, wants_retrain=False)

    assert notice.event == "songpop.drift.detected"
    assert notice.message == f"f 2024-01-04: {decision}: streams doubled"
    assert notice.resource()["songpop.decision"] == decision
    assert "songpop.retrain" not in notice.resource()


@pytest.mark.parametrize("decision", ["quiet", "warn", None])
def test_what_needs_no_answer_is_no_event(decision: str | None) -> None:
    assert [event for event, _ in told(drift=decision)] == ["songpop.week.published"]


@pytest.mark.parametrize(("drift", "is_wanted"), [("retrain", True), ("quarantine", False)])
def test_training_that_is_left_to_a_deployment_is_asked_for(
    drift: str,
    is_wanted: bool,  # noqa: FBT001 - a case
) -> None:
    *_, notice = list_notices(WEEK | {"drift": drift}, wants_retrain=True)

    assert (notice.resource().get("songpop.retrain") == "wanted") == is_wanted


@pytest.mark.parametrize(
    ("decision", "event"),
    [
        ("promoted: better", "songpop.model.promoted"),
        ("refused: not better: at all", "songpop.model.refused"),
        ("waits for approval: better", "songpop.model.waits"),
    ],
)
def test_each_trained_model_is_told(decision: str, event: str) -> None:
    _, found = told(models=[MODEL | {"decision": decision}])

    assert found == (event, f"v2 {decision}")


def test_rest_of_a_run_is_told_at_its_end() -> None:
    found = told_last(
        late={"f": ["2024-01-11", "2024-01-18"]},
        problems=["x.csv: expected"],
        expired=[{"feed": "f", "week": "2024-01-04", "version": "v2"}],
    )

    assert found == [
        ("songpop.export.refused", "x.csv: expected"),
        ("songpop.model.refused", "v2 refused: nobody approved it in time"),
        ("songpop.week.late", "f: no export yet for 2024-01-11, 2024-01-18"),
    ]


def test_text_from_outside_is_cut() -> None:
    ((_, message),) = told_last(problems=["x" * 10_000])

    assert len(message) < 600
