"""What reasons may cost, and that the benchmark says so when they cost more."""

import sys
import time
from pathlib import Path

import pytest

from tests.benchmarks import __main__ as command
from tests.benchmarks import explain
from tests.benchmarks.explain import compare_explain, make_large_week, make_scorer, time_explaining
from tests.benchmarks.limits import ExceededError

TRACKS_COUNT = 200_000
"""Of fewer, what words cost whatever the size would be the most of it; of 1 M it takes minutes."""
NOISE = 1.25
"""By which the ratio may be worse than promised: fewer tracks, and a machine with other work."""


def test_a_ratio_over_the_limit_fails_with_the_table_that_shows_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(explain, "MOST_RATIO", 0.01)

    with pytest.raises(ExceededError, match=r"takes [0-9.]+ times as long as .*, over 0\.01$") as e:
        compare_explain(500, 1, ["## Explaining"])

    assert e.value.lines[0] == "## Explaining"
    assert [line[:4] for line in e.value.lines[-3:-1]] == ["| 1 ", "| 3 "]


def test_a_ratio_below_the_limit_gives_the_table(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(explain, "MOST_RATIO", 1e9)

    assert len(compare_explain(500, 1)) == 7


def test_the_command_fails_once_every_table_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(_: object) -> list[str]:
        message = "too slow"
        raise ExceededError(message, ["a table"])

    def work(_: object) -> list[str]:
        return ["another"]

    monkeypatch.setattr(command, "RESULTS", tmp_path / "results")
    monkeypatch.setattr(command, "_BENCHMARKS", {"explain": fail, "training": work})
    monkeypatch.setattr(sys, "argv", ["benchmarks"])

    with pytest.raises(SystemExit, match=r"^explain: too slow$"):
        command.main()

    assert capsys.readouterr().out == "a table\nanother\n"
    assert (tmp_path / "results" / "explain.md").read_text(encoding="utf-8") == "a table\n"


@pytest.mark.slow
def test_reasons_in_words_cost_a_few_times_what_scores_cost() -> None:
    features = make_large_week(TRACKS_COUNT)
    # Processor time, the best of three: other work on the machine takes none of it.
    plain, full = time_explaining(make_scorer(features, 1), features, 3, time.process_time)

    assert min(full) / min(plain) <= explain.MOST_RATIO * NOISE
