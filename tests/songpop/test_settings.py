from pathlib import Path

import pytest
from pydantic import ValidationError

from songpop.errors import SettingsError
from songpop.settings import FeedSettings, read_settings


@pytest.fixture(autouse=True)
def _in_empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def write(text: str) -> None:
    Path("songpop.toml").write_text(text, encoding="utf-8")


def test_without_a_file_the_defaults_hold() -> None:
    settings = read_settings()

    assert settings.landing_dir == Path("warehouse/landing")
    assert settings.ingest.max_bad_share == 0.05
    assert settings.feed("any") == FeedSettings(label="level", horizon_weeks=4)


def test_landing_follows_the_warehouse_unless_it_is_set() -> None:
    assert read_settings(warehouse=Path("w")).landing_dir == Path("w/landing")
    assert read_settings(warehouse=Path("w"), landing=Path("l")).landing_dir == Path("l")


def test_arguments_beat_the_environment_which_beats_the_file(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    write('warehouse = "file"\nwait_seconds = 1\n[ingest]\nmax_bad_share = 0.2\n')
    monkeypatch.setenv("SONGPOP_WAREHOUSE", "environment")
    monkeypatch.setenv("SONGPOP_INGEST__MAX_BAD_SHARE", "0.3")

    assert read_settings().warehouse == Path("environment")
    assert read_settings().ingest.max_bad_share == 0.3
    assert read_settings().wait_seconds == 1
    assert read_settings(warehouse=Path("argument")).warehouse == Path("argument")


def test_feeds_have_settings_of_their_own() -> None:
    write('[feeds.f]\nlabel = "growth"\n')

    assert read_settings().feed("f") == FeedSettings(label="growth", horizon_weeks=4)
    assert read_settings().feed("g").label == "level"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "nosuch = 1",
            "setting nosuch: expected a key that songpop knows, got an unknown one",
        ),
        (
            "[ingest]\nmax_bad_share = 2",
            "setting ingest.max_bad_share: expected less than or equal",
        ),
        ('[feeds.f]\nlabel = "x"', "setting feeds.f.label: expected 'level', 'growth' or"),
        ("[ingest", "songpop.toml: expected TOML in UTF-8, got"),
        ("[training]\nl2_grid = []", "setting training.l2_grid: expected"),
        ("[training]\nmax_epochs = 0", "setting training.max_epochs: expected"),
        (
            '[platforms]\nartist = "  "',
            "setting platforms.artist: expected at least 1 character, got '  '",
        ),
        ('memory_limit = "768MBB"', "setting memory_limit: expected"),
    ],
)
def test_mistake_in_the_file_is_named(text: str, message: str) -> None:
    write(text)

    with pytest.raises(SettingsError, match=message):
        read_settings()


def test_artist_is_stripped() -> None:
    write('[platforms]\nartist = " Lady Vengeance "')

    assert read_settings().platforms.artist == "Lady Vengeance"


def test_settings_cannot_be_changed_once_read() -> None:
    settings = read_settings()

    with pytest.raises(ValidationError, match="frozen"):
        settings.ingest.max_bad_share = 0.5  # type: ignore[misc] - the attempt
