"""Every command that the README shows is parsed, and run where that is quick: it cannot drift."""

import re
import shlex
import subprocess
from functools import cache
from pathlib import Path

import pytest
from typer.core import TyperGroup
from typer.main import get_command

from songpop.cli.main import app
from songpop.settings import read_settings
from tests.builders import week_number, write_chart
from tests.commands import songpop
from tests.songpop.platforms.builders import make_days, write_song
from tests.songpop.touring.make_tour import publish_songs

ROOT = Path(__file__).resolve().parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
# Placeholders of the README, and dates that its example label does not have.
STAND_INS = {
    "FILE": "Song-timeline.csv",
    "VERSION": "spotify_charts_us-1",
    "FEED": "spotify_charts_us",
    "WEEK": week_number(1).isoformat(),
    "2024-06-13": week_number(1).isoformat(),
    "2024-06-15": week_number(1).isoformat(),
}
# Parsed alone: what they need is more than a run gives, or they take minutes.
NOT_RUN = (
    "songpop models promote VERSION",
    "songpop models rollback FEED",
    "songpop demo",
    "songpop reproduce",
    "songpop backtest",
    "songpop accept",
    "songpop platforms confirm",
    "songpop platforms refuse",
    "songpop convert",
)
NEEDS_SCORES = ("songpop models show VERSION", "songpop setlist")


def _come_later(text: str) -> bool:
    # The other commands need the warehouse that a run makes, or the file that is loaded.
    return not text.startswith(("songpop run", "songpop platforms load"))


def find_commands() -> list[str]:
    spans = re.findall(r"`(songpop [a-z][^`\n]*)`", README)
    blocks = re.findall(r"^(songpop [a-z].*)$", README, re.MULTILINE)
    return list(dict.fromkeys(text.split("  #")[0].strip() for text in [*blocks, *spans]))


def find_runnable() -> list[str]:
    return sorted(
        (text for text in find_commands() if not text.startswith(NOT_RUN)), key=_come_later
    )


def _do_nothing(**_: object) -> None:
    pass


@cache
def idle_command() -> TyperGroup:
    """Return songpop's command line whose commands do nothing."""
    root = get_command(app)
    assert isinstance(root, TyperGroup)
    groups = [root]
    for group in groups:
        groups += [one for one in group.commands.values() if isinstance(one, TyperGroup)]
        for command in group.commands.values():
            if not isinstance(command, TyperGroup):
                command.callback = _do_nothing
    return root


def parse(*words: str) -> int | str | None:
    """Return the exit code of a command line that is parsed, but not run."""
    with pytest.raises(SystemExit) as ended:
        idle_command().main(list(words), prog_name="songpop")
    return ended.value.code


@pytest.fixture(scope="module")
def label(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("readme")
    rows = [(name, 100 - place) for place, name in enumerate("abcdef")]
    for week in (1, 2):
        write_chart(folder / "warehouse" / "landing", week_number(week), rows)
    write_song(folder, "Song", make_days("2026-03-06", [1] * 7))
    return folder


@pytest.fixture(scope="module")
def scored(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder whose warehouse has scores; the weeks of *label* are too few for that."""
    folder = tmp_path_factory.mktemp("scored")
    songs = {letter: {"artist_name": "Taylor Swift"} for letter in "abc"}
    feeds = {"spotify_charts_us": songs, "spotify_charts_gb": songs}
    publish_songs(folder, feeds, [0.9, 0.5, 0.1])
    return folder


def test_readme_shows_commands() -> None:
    assert len(find_runnable()) > 8
    assert all(any(text.startswith(start) for text in find_commands()) for start in NOT_RUN)


def test_readme_shows_every_command() -> None:
    commands = {command.name or command.callback.__name__ for command in app.registered_commands}  # type: ignore[union-attr] - every one has a callback
    groups = {group.name for group in app.registered_groups}

    assert commands | groups == set(re.findall(r"`songpop ([a-z]+)", README))


@pytest.mark.parametrize("text", find_commands())
def test_command_of_the_readme_is_understood(text: str, capsys: pytest.CaptureFixture[str]) -> None:
    words = [STAND_INS.get(word, word) for word in shlex.split(text)[1:]]

    assert parse(*words) == 0, capsys.readouterr().err


@pytest.mark.parametrize(
    "words",
    [
        ("setlist", "Taylor Swift", "--no-such-option", "20"),
        ("setlist", "Taylor Swift", "--songs", "many"),
        ("setlist", "Taylor Swift", "too much"),
        ("setlist",),
        ("models", "no-such-command"),
        ("no-such-command",),
    ],
)
def test_command_that_does_not_exist_is_not_understood(words: tuple[str, ...]) -> None:
    assert parse(*words) == 2


@pytest.mark.slow
@pytest.mark.parametrize("text", find_runnable())
def test_command_of_the_readme_works(label: Path, scored: Path, text: str) -> None:
    words = [STAND_INS.get(word, word) for word in shlex.split(text)[1:]]
    done = songpop(scored if text.startswith(NEEDS_SCORES) else label, *words)

    assert done.returncode == 0, done.stderr


def test_make_targets_of_the_readme_exist() -> None:
    named = sorted(set(re.findall(r"(?:^|`)make (\w+)\b(?!=)", README, re.MULTILINE)))
    done = subprocess.run(
        ["make", "--dry-run", *named],  # noqa: S607 - the make that a user types
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )

    assert set(named) >= {"run", "test", "check", "bench", "server", "deploy", "worker"}
    assert set(named) >= {"crash", "mutants"}
    assert done.returncode == 0, done.stderr


def test_settings_of_the_readme_are_known(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (shown,) = re.findall(r"```toml\n(.*?)```", README, re.DOTALL)
    (tmp_path / "songpop.toml").write_text(shown, encoding="utf-8")
    monkeypatch.chdir(tmp_path)

    settings = read_settings()

    assert settings.landing_dir == Path("/srv/exports")
    assert settings.feed("spotify_charts_us").horizon_weeks == 4
