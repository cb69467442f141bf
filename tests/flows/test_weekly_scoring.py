from pathlib import Path

import pytest
from prefect.artifacts import Artifact
from prefect.exceptions import ParameterTypeError

from flows.backfill import backfill
from flows.weekly_scoring import weekly_scoring
from songpop.errors import InputError
from tests.builders import write_charts

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("prefect_server")]

ROWS = [(name, 100 + position) for position, name in enumerate("abcdefgh")]


def read_artifact(key: str) -> str:
    # Prefect's own annotation says a coroutine or an artifact; here it is the latter.
    return str(getattr(Artifact.get(key), "data", ""))


def test_flow_runs_the_same_steps_and_leaves_a_summary(tmp_path: Path) -> None:
    landing = tmp_path / "landing"
    write_charts(landing, {1: ROWS, 2: ROWS})

    report = weekly_scoring(landing=str(landing), warehouse=str(tmp_path / "warehouse"))

    assert [week["week"] for week in report["weeks"]] == ["2024-01-04", "2024-01-11"]
    assert report["weeks"][0]["exports"][0]["loaded"] == len(ROWS)
    assert "spotify_charts_us" in read_artifact("run-summary")


def test_flow_without_anything_new_says_so(tmp_path: Path) -> None:
    landing = tmp_path / "landing"
    write_charts(landing, {1: ROWS})
    warehouse = str(tmp_path / "warehouse")
    weekly_scoring(landing=str(landing), warehouse=warehouse)

    report = weekly_scoring(landing=str(landing), warehouse=warehouse)

    assert report["outcome"] == "nothing new"


def test_backfill_flow_replays_every_week(tmp_path: Path) -> None:
    landing = tmp_path / "landing"
    write_charts(landing, {1: ROWS, 2: ROWS})
    warehouse = str(tmp_path / "warehouse")
    weekly_scoring(landing=str(landing), warehouse=warehouse)

    report = backfill(landing=str(landing), warehouse=warehouse)

    assert [week["mode"] for week in report["weeks"]] == ["replay", "replay"]


def test_week_that_is_no_date_is_refused_at_the_start(tmp_path: Path) -> None:
    with pytest.raises(ParameterTypeError, match="week"):
        weekly_scoring(week="soon", warehouse=str(tmp_path))  # type: ignore[arg-type] - the mistake


def test_file_that_needs_a_person_fails_the_flow_by_name(tmp_path: Path) -> None:
    landing = tmp_path / "landing"
    write_charts(landing, {1: ROWS})
    (landing / "notes.csv").write_text("a,b\n1,2\n", encoding="utf-8")

    with pytest.raises(InputError, match=r"notes\.csv"):
        weekly_scoring(landing=str(landing), warehouse=str(tmp_path / "warehouse"))
