import datetime as dt
import json
from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import CliRunner

from songpop.cli import handover
from songpop.cli.main import app
from songpop.pipeline.handover import Handover

DONE = Handover("us", "us-2", "us-1", dt.date(2024, 2, 8), "tested", (), ())
PAST = Handover(
    "us", "us-1", None, dt.date(2024, 2, 1), "wrong", (dt.date(2024, 2, 1), dt.date(2024, 2, 8)), ()
)


def songpop(monkeypatch: pytest.MonkeyPatch, done: Handover, *arguments: str) -> str:
    def decide(warehouse: Path | None, purpose: str, decide: object) -> Handover:
        assert str(warehouse) == "w"
        assert purpose == f"models {arguments[0]}"
        assert callable(decide)
        return done

    monkeypatch.setattr(handover, "_decide", decide)
    result = CliRunner().invoke(app, ["models", *arguments, "--because", "so", "--warehouse", "w"])
    assert result.exit_code == 0, result.output
    return result.stdout


def test_promote_says_who_scores_instead_of_whom(monkeypatch: pytest.MonkeyPatch) -> None:
    shown = songpop(monkeypatch, DONE, "promote", "us-2")

    assert shown == "us: us-2 scores from 2024-02-08 on instead of us-1\n"


def test_rollback_says_what_renews_stale_weeks(monkeypatch: pytest.MonkeyPatch) -> None:
    shown = songpop(monkeypatch, PAST, "rollback", "us", "--from", "2024-02-01")

    assert shown == (
        "us: us-1 scores from 2024-02-01 on\n"
        "stale weeks now: 2; `songpop backfill --feed us --from 2024-02-01` renews them\n"
    )


def test_json_holds_the_decision_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    entry = json.loads(songpop(monkeypatch, PAST, "rollback", "us", "--json"))

    assert entry == {
        "feed": "us",
        "version": "us-1",
        "replaces": None,
        "from_week": "2024-02-01",
        "because": "wrong",
        "stale": ["2024-02-01", "2024-02-08"],
        "rescored": [],
        "warning": None,
    }


def test_warning_of_a_demoted_version_is_printed(monkeypatch: pytest.MonkeyPatch) -> None:
    done = replace(DONE, warning="us-2 had been demoted: worse")

    shown = songpop(monkeypatch, done, "rollback", "us")

    assert "\nwarning: us-2 had been demoted: worse\n" in shown


@pytest.mark.parametrize("command", [("promote", "v"), ("rollback", "us")])
def test_a_reason_must_be_given(command: tuple[str, str]) -> None:
    result = CliRunner().invoke(app, ["models", *command])

    assert result.exit_code == 2
    assert "--because" in result.output
