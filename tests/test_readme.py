"""Every command that the README shows is run, so that it cannot drift."""

import re
import shlex
from pathlib import Path

import pytest

from songpop.cli.main import app
from songpop.settings import read_settings
from tests.builders import week_number, write_chart
from tests.commands import songpop

ROOT = Path(__file__).resolve().parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
# Placeholders of the README, and dates that its example label does not have.
STAND_INS = {
    "FEED": "spotify_charts_us",
    "WEEK": week_number(1).isoformat(),
    "2024-06-13": week_number(1).isoformat(),
    "2024-06-15": week_number(1).isoformat(),
}
# Needs a model or a server, or takes minutes; each has tests of its own.
RUN_ELSEWHERE = (
    "songpop models show VERSION",
    "songpop models promote VERSION",
    "songpop models rollback FEED",
    "songpop demo",
    "songpop reproduce",
    "songpop backtest",
    "songpop accept",
    "songpop setlist",
    "songpop platforms load",
    "songpop platforms unload",
    "songpop platforms confirm",
    "songpop platforms refuse",
    "songpop convert",
)


def _is_no_run(text: str) -> bool:
    # The other commands need the warehouse that a run makes.
    return not text.startswith("songpop run")


def find_commands() -> list[str]:
    spans = re.findall(r"`(songpop [a-z][^`\n]*)`", README)
    blocks = re.findall(r"^(songpop [a-z].*)$", README, re.MULTILINE)
    commands = dict.fromkeys(text.split("  #")[0].strip() for text in [*blocks, *spans])
    return [text for text in commands if not text.startswith(RUN_ELSEWHERE)]


@pytest.fixture(scope="module")
def label(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("readme")
    rows = [(name, 100 - place) for place, name in enumerate("abcdef")]
    for week in (1, 2):
        write_chart(folder / "warehouse" / "landing", week_number(week), rows)
    return folder


def test_readme_shows_commands() -> None:
    assert len(find_commands()) > 8


def test_readme_shows_every_command() -> None:
    commands = {command.name or command.callback.__name__ for command in app.registered_commands}  # type: ignore[union-attr] - every one has a callback
    groups = {group.name for group in app.registered_groups}

    assert commands | groups == set(re.findall(r"`songpop ([a-z]+)", README))


@pytest.mark.slow
@pytest.mark.parametrize("text", sorted(find_commands(), key=_is_no_run))
def test_command_of_the_readme_works(label: Path, text: str) -> None:
    words = [STAND_INS.get(word, word) for word in shlex.split(text)[1:]]
    done = songpop(label, *words)

    assert done.returncode == 0, done.stderr


def test_make_targets_of_the_readme_exist() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    named = set(re.findall(r"^make (\w+)", README, re.MULTILINE))

    assert named >= {"run", "test", "check", "bench"}
    assert all(re.search(rf"^{target}:", makefile, re.MULTILINE) for target in named)


def test_settings_of_the_readme_are_known(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (shown,) = re.findall(r"```toml\n(.*?)```", README, re.DOTALL)
    (tmp_path / "songpop.toml").write_text(shown, encoding="utf-8")
    monkeypatch.chdir(tmp_path)

    settings = read_settings()

    assert settings.landing_dir == Path("/srv/exports")
    assert settings.feed("spotify_charts_us").horizon_weeks == 4
