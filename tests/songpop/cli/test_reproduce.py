"""``songpop reproduce`` as a user types it."""

import datetime as dt
import errno
import json
import sys
from pathlib import Path

import pytest

from songpop.cli.main import main
from songpop.reproduce.plan import ReproducePlan
from songpop.reproduce.run import Reproduction, Watcher
from songpop.reproduce.tracks import Tracks
from songpop.settings import TrainingSettings
from tests.builders import week_number, write_chart
from tests.commands import songpop
from tests.songpop.reproduce.builders import (
    make_records,
    make_reproduction,
    tiny_plan,
    write_records,
)


def make_tiny(training: TrainingSettings, seeds_count: int) -> ReproducePlan:
    del training
    return tiny_plan(seeds_count=seeds_count)


def run_here(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], *arguments: str
) -> tuple[int, str, str]:
    """Run the command in this process, with a plan that takes seconds."""
    monkeypatch.setattr(ReproducePlan, "of", make_tiny)
    monkeypatch.setattr(sys, "argv", ["songpop", "reproduce", *arguments])
    with pytest.raises(SystemExit) as ended:
        main()
    printed = capsys.readouterr()
    return int(ended.value.code or 0), printed.out, printed.err


def test_json_is_alone_on_standard_output_and_the_page_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    path = str(write_records(tmp_path / "tracks.csv", make_records()))
    arguments = (path, "--seeds", "1", "--warehouse", str(tmp_path / "w"), "--json")
    code, out, err = run_here(monkeypatch, capsys, *arguments)
    described = json.loads(out)

    assert (code, err) == (0, "")
    assert [one["model"] for one in described[:2]] == ["vanilla", "l1"]
    assert {one["seeds"] for one in described} == {1}
    written = sorted((tmp_path / "w" / "reports" / "reproduce").iterdir())
    assert [one.name for one in written] == ["index.html", "reproduce.json"]


def test_tables_label_the_leak_and_show_what_was_published(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    found = make_reproduction(tmp_path)
    asked: list[Tracks] = []

    def answer(tracks: Tracks, plan: ReproducePlan, watcher: Watcher) -> Reproduction:
        del plan, watcher
        asked.append(tracks)
        return found

    monkeypatch.setattr("songpop.reproduce.run.reproduce", answer)
    path = str(tmp_path / "tracks.csv")
    out_dir = tmp_path / "page"
    code, out, err = run_here(
        monkeypatch, capsys, path, "--seeds", "1", "--week", "2024-06-20", "--out", str(out_dir)
    )

    assert (code, err) == (0, "")
    assert "tracks.csv: 300 rows, 0 left out, ages from 2024-06-15; 240 to fit" in out
    assert [tracks.week for tracks in asked] == [dt.date(2024, 6, 20)]
    assert "with Track Score: a leak" in out
    assert out.count("l2 (leak)") == 3  # the row, and the published one under either table
    assert "five folds by artist" in out
    assert "…" not in out
    assert str(out_dir / "index.html") in out


def never(*_: object) -> None:
    pytest.fail("something was fitted")


def test_a_folder_that_cannot_be_is_refused_before_anything_is_fitted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("songpop.reproduce.run.reproduce", never)
    path = str(write_records(tmp_path / "tracks.csv", make_records()))
    (tmp_path / "afile").write_text("precious")
    code, out, err = run_here(monkeypatch, capsys, path, "--out", str(tmp_path / "afile"))

    assert (code, out) == (2, "")
    assert f"songpop: {tmp_path / 'afile'}: expected a usable path, got file exists" in err
    assert (tmp_path / "afile").read_text() == "precious"


@pytest.mark.parametrize(
    ("error", "got"),
    [
        (OSError("No File\n  /Here.parquet"), "a file: {}, got No File /Here.parquet"),
        (OSError(), "a file: {}, got OSError"),
        (FileNotFoundError(errno.ENOENT, "Gone", "x.csv"), "x.csv: {}, got gone"),
    ],
)
def test_error_of_the_system_is_told_with_all_that_it_says(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    error: OSError,
    got: str,
) -> None:
    def fail(*_: object) -> None:
        raise error

    monkeypatch.setattr("songpop.reproduce.run.reproduce", fail)
    path = str(write_records(tmp_path / "tracks.csv", make_records()))
    code, _, err = run_here(monkeypatch, capsys, path, "--out", str(tmp_path / "page"))

    assert code == 2
    remedy = "; check the path and its permissions"
    assert err == f"songpop: {got.format('expected a usable path')}{remedy}\n"


@pytest.mark.parametrize(("option", "words"), [("", "five folds by artist"), ("--json", '"l2"')])
def test_figures_are_printed_even_if_the_page_cannot_be_written(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    option: str,
    words: str,
) -> None:
    found = make_reproduction(tmp_path)

    def answer(*_: object) -> Reproduction:
        return found

    def fail(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device", "index.html")

    monkeypatch.setattr("songpop.reproduce.run.reproduce", answer)
    monkeypatch.setattr("songpop.reproduce.write.write_report", fail)
    arguments = [str(tmp_path / "tracks.csv"), "--out", str(tmp_path / "page")]
    code, out, err = run_here(monkeypatch, capsys, *arguments, *filter(None, [option]))

    assert code == 1
    assert words in out
    assert "page:" not in out
    assert "index.html: expected room on the disk, got no space left on device" in err


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["nosuch.csv"], "nosuch.csv: expected a readable file, got no such file"),
        (["short.csv"], "short.csv: expected at least 200 rows, got 20; pass a whole export"),
        (["."], ".: expected a regular file, got a folder"),
        (["tracks.csv", "--week", "soon"], "--week: expected a date like 2024-06-13, got 'soon'"),
        (["tracks.csv", "--week", "9999-12-31"], "--week 9999-12-31: expected a day at most 366"),
        (["chart.csv"], "expected an export with a snapshot source"),
        (["tracks.csv", "--seeds", "0"], "Invalid value for '--seeds'"),
    ],
)
def test_mistake_is_one_message_and_exit_code_two(
    tmp_path: Path, arguments: list[str], message: str
) -> None:
    write_records(tmp_path / "tracks.csv", make_records())
    write_records(tmp_path / "short.csv", make_records(20))
    chart = write_chart(tmp_path, week_number(1), [("a", 400), ("b", 300)])
    chart.rename(tmp_path / "chart.csv")
    done = songpop(tmp_path, "reproduce", *arguments)

    assert done.returncode == 2
    assert message in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout == ""
    assert not (tmp_path / "warehouse").exists()
