"""``songpop backtest`` as a user types it."""

import json
import sys
from collections.abc import Generator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Self

import numpy as np
import pytest

from songpop.backtest import command
from songpop.backtest.plan import BacktestPlan
from songpop.cli.main import main
from songpop.errors import CheckError
from tests.builders import week_number, write_chart
from tests.songpop.backtest.builders import make_backtest

WEEKS_COUNT, TRACKS_COUNT = 24, 30
SMALL = """
[training]
hidden_units = [4]
l2_grid = [0.001]
slower_rates = []
max_epochs = 2
network_matured_rows = 100000
provisional_matured_weeks = 1000
"""


@pytest.fixture(scope="module", name="charts")
def _charts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A working folder with 24 weeks of two regions' charts, loaded without models."""
    folder = tmp_path_factory.mktemp("charts")
    (folder / "songpop.toml").write_text(SMALL, encoding="utf-8")
    rng = np.random.default_rng(5)
    size = rng.normal(10, 1, TRACKS_COUNT)
    for week in range(1, WEEKS_COUNT + 1):
        size = size + rng.normal(0, 0.2, TRACKS_COUNT)
        for region in ("us", "gb"):
            streams = np.exp(size + rng.normal(0, 0.1, TRACKS_COUNT)).astype(int)
            rows = [(f"t{place}", int(count)) for place, count in enumerate(streams)]
            write_chart(folder / "warehouse" / "landing", week_number(week), rows, region)
    return folder


def make_empty_warehouse(folder: Path) -> None:
    """Make what a command takes for a warehouse, so that nothing is loaded first."""
    for name in ("songpop.duckdb", "private/songpop.duckdb"):
        path = folder / "warehouse" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()


def songpop(
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    *arguments: str,
) -> tuple[int, str, str]:
    """Run a command in this process, in *folder*; the charts are loaded before the first one."""
    monkeypatch.chdir(folder)
    if not (folder / "warehouse" / "songpop.duckdb").exists():
        monkeypatch.setattr(sys, "argv", ["songpop", "backfill"])
        with pytest.raises(SystemExit):
            main()
        capsys.readouterr()
    monkeypatch.setattr(sys, "argv", ["songpop", *arguments])
    with pytest.raises(SystemExit) as ended:
        main()
    printed = capsys.readouterr()
    return int(ended.value.code or 0), printed.out, printed.err


def test_json_is_alone_on_standard_output_and_agrees_with_the_warehouse(
    charts: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ("backtest", "--feed", "spotify_charts", "--label", "level", "--json")
    code, out, err = songpop(charts, monkeypatch, capsys, *arguments)
    (found,) = json.loads(out)
    query = (
        "select model, log_loss from ml.backtest_figures "
        f"where backtest_id = '{found['backtest_id']}' and feed = 'spotify_charts' "
        "and origin is null and slice = 'all rows' order by model"
    )
    _, stored, _ = songpop(charts, monkeypatch, capsys, "sql", query, "--json")

    assert (code, err) == (0, "")
    assert found["feeds"] == ["spotify_charts_gb", "spotify_charts_us"]
    assert {row["model"]: row["log_loss"] for row in json.loads(stored)} == {
        one["model"]: one["slices"]["all rows"]["log_loss"] for one in found["models"]
    }
    assert Path(found["page"]).read_text(encoding="utf-8").startswith("<!doctype html>")
    assert songpop(charts, monkeypatch, capsys, "doctor")[0] == 0


def test_people_are_told_the_verdict_and_where_the_page_is(
    charts: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ("--feed", "spotify_charts_us", "--label", "growth", "--from", "2024-05-16")
    code, out, err = songpop(charts, monkeypatch, capsys, "backtest", *arguments)

    assert (code, err) == (0, "")
    assert "spotify_charts_us" in out
    assert "calibration error" in out
    assert "network less each baseline" in out
    (page,) = Path("warehouse/reports/backtest").glob("spotify_charts_us-growth-*/index.html")
    assert f"page:  {page}" in out


@pytest.mark.parametrize("ends", [CheckError("growth: it failed"), KeyboardInterrupt()])
@pytest.mark.parametrize("option", ["", "--json"])
def test_what_ends_the_second_backtest_takes_nothing_of_the_first(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    option: str,
    ends: BaseException,
) -> None:
    make_empty_warehouse(tmp_path)

    def answer(
        _settings: object, _formats: object, _feed: object, plan: BacktestPlan, *_: object
    ) -> Generator[command.Tested]:
        if plan.label == "growth":
            raise ends
        yield command.Tested(make_backtest(origins_count=1), "charts-level-1")

    monkeypatch.setattr("songpop.backtest.command.run_backtests", answer)
    arguments = filter(None, [option])
    code, out, _ = songpop(tmp_path, monkeypatch, capsys, "backtest", *arguments)
    page = Path("warehouse/reports/backtest/charts-level-1/index.html")

    assert code != 0
    assert page.exists()
    if option:
        assert [one["page"] for one in json.loads(out)] == [str(page)]
    else:
        assert f"page:  {page}" in out


def test_no_bar_is_live_while_figures_are_printed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    make_empty_warehouse(tmp_path)
    stages: list[str] = []

    class Bar:
        def __enter__(self) -> Self:
            stages.append("opened")
            return self

        def __exit__(self, *_: object) -> None:
            stages.append("closed")

        def add_task(self, *_: object, **__: object) -> int:
            return 0

        def advance(self, _: int) -> None:
            stages.append("moved")

    def note_printing(*_: object) -> None:
        stages.append("printed")

    def make_bar(*, enabled: bool) -> AbstractContextManager[Bar]:
        assert enabled
        return Bar()

    def answer(
        _settings: object,
        _formats: object,
        _feed: object,
        _plan: object,
        follow: command.Follow,
        _now: object,
    ) -> Generator[command.Tested]:
        with follow("charts: fitting", 1) as advance:
            advance()
        yield command.Tested(make_backtest(origins_count=1), "charts-level-1")

    monkeypatch.setattr("songpop.cli.progress.make_bar", make_bar)
    monkeypatch.setattr("songpop.backtest.command.run_backtests", answer)
    monkeypatch.setattr("songpop.cli.backtest._print_tested", note_printing)
    songpop(tmp_path, monkeypatch, capsys, "backtest", "--label", "level")

    assert stages == ["opened", "moved", "closed", "printed"]


def test_a_folder_that_is_no_warehouse_stays_as_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "music").mkdir()
    (tmp_path / "music" / "mine.mp3").touch()
    make_empty_warehouse(tmp_path)
    code, out, err = songpop(tmp_path, monkeypatch, capsys, "backtest", "--warehouse", "music")

    assert (code, out) == (2, "")
    assert "music/private/songpop.duckdb: expected a warehouse with history, got none" in err
    assert [path.name for path in (tmp_path / "music").iterdir()] == ["mine.mp3"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--feed", "nope"), "--feed nope: expected a loaded feed, got none of it; loaded are 2"),
        (("--from", "2024-06-01", "--to", "2024-01-01"), "--from and --to: expected a first week"),
        (("--from", "June"), "--from: expected a date like 2024-06-13, got 'June'"),
        (("--horizon", "20"), "expected enough labelled weeks to learn from (8, and as many more"),
        (("--from", "2030-01-01"), "expected --from and --to within 2024-"),
        (("--embargo", "2"), "--embargo: expected at least the horizon, 4 weeks, got 2; raise it"),
        (("--warehouse", "nowhere"), "expected a warehouse with history, got none; run `songpop"),
    ],
)
def test_a_persons_mistake_ends_with_one_line_and_exit_code_2(
    charts: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    arguments: tuple[str, ...],
    message: str,
) -> None:
    code, out, err = songpop(charts, monkeypatch, capsys, "backtest", *arguments)

    assert (code, out) == (2, "")
    assert message in err
    assert not (charts / "nowhere").exists()
