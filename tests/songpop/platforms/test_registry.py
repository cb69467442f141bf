from pathlib import Path

import pytest

from songpop.errors import FormatError, SettingsError
from songpop.ingest.landed import land_file
from songpop.platforms.recognise import recognise_export
from songpop.platforms.registry import load_platforms
from tests.songpop.platforms.builders import INGEST, write

OWN = """
name = "radio_day"
title = "Radio spins by day"
platform = "radio"

[columns]
date = ["Day"]
title = ["Song"]
artist = ["Who"]

[[metrics]]
name = "spins"
headers = ["Spins"]
unit = "spins"

[[layouts]]
name = "only"
headers = ["Day", "Song", "Who", "Spins"]
"""


def write_format(folder: Path, text: str) -> Path:
    (folder / "platforms").mkdir(exist_ok=True)
    write(folder / "platforms", "radio.toml", text)
    return folder


def test_format_is_added_by_adding_a_file(tmp_path: Path) -> None:
    platforms = load_platforms(write_format(tmp_path, OWN))
    path = write(tmp_path, "r.csv", "Who,Song,Day,Spins\nA,S,2026-03-05,7\n")

    export = recognise_export(land_file(path), platforms, INGEST)

    assert export is not None
    assert export.spec.name == "radio_day"
    assert export.header.names == ("artist", "title", "date", "spins")


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('unit = "spins"', "", "radio.toml, metrics.0.unit: expected Field required"),
        ('"Who", "Spins"]', '"Who", "Spins", "Fee"]', "headers of layout only among .*not 1: fee"),
        ('"Who", "Spins"]', '"Who", "Spins", "spins"]', "meanings in layout only named once each"),
        ('["Day", "Song"', '["Song"', "a column for date in layout only"),
        ('name = "radio_day"', 'name = "spotify_song"', "a name of its own, got spotify_song"),
        ('platform = "radio"', 'platform = "radio"\ntitle_in_name = "("', "a regular expression"),
        ('platform = "radio"', 'platform = "radio"\nextra = 1', "extra"),
        ('title = ["Song"]', "", "headers of layout only among"),
        ('title = "Radio', "title = Radio", "readable TOML"),
    ],
)
def test_mistake_in_a_format_is_named(tmp_path: Path, old: str, new: str, message: str) -> None:
    assert old in OWN
    folder = write_format(tmp_path, OWN.replace(old, new))

    with pytest.raises(SettingsError, match=message):
        load_platforms(folder)


def test_header_of_two_formats_is_refused_by_both_names(tmp_path: Path) -> None:
    text = OWN.replace("radio_day", "radio_too")
    folder = write_format(tmp_path, OWN)
    write(folder / "platforms", "second.toml", text)
    path = write(tmp_path, "r.csv", "Who,Song,Day,Spins\nA,S,2026-03-05,7\n")

    with pytest.raises(
        FormatError, match="got that of radio_day and radio_too; tell their headers"
    ):
        recognise_export(land_file(path), load_platforms(folder), INGEST)


def test_shipped_formats_say_what_they_are() -> None:
    for name, spec in load_platforms().items():
        assert spec.name == name
        assert (spec.not_loaded is None) == bool(spec.metrics)
