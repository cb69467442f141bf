from pathlib import Path

import pytest

from songpop.errors import SettingsError
from songpop.formats.registry import load_formats
from songpop.settings import IngestSettings
from tests.songpop.ingest import exports
from tests.songpop.ingest.exports import write

INVENTED = """
name = "radio"
title = "Radio spins"
size_metric = "spins_count"
suffixes = [".tsv"]
week_in_name = '^radio_(?P<week>[0-9-]{10})'

[[layouts]]
name = "only"
delimiter = "\\t"
encodings = ["latin-1"]
date_formats = ["%d.%m.%Y"]

[[columns]]
name = "track_id"
headers = ["Code"]
kind = "key"
label = "code"

[[columns]]
name = "release_date"
headers = ["Released"]
kind = "date"
label = "release date"

[[columns]]
name = "spins_count"
headers = ["Spins", "Plays"]
kind = "counter"
label = "spins"
"""


def add_format(folder: Path, text: str = INVENTED, name: str = "radio.toml") -> Path:
    (folder / name).write_text(text, encoding="utf-8")
    return folder


def test_shipped_formats_are_sorted_by_name() -> None:
    formats = load_formats()

    assert list(formats) == ["chartmetric", "own", "spotify_charts", "youtube_charts"]
    assert len(formats["chartmetric"].columns) == 29
    assert [layout.name for layout in formats["spotify_charts"].layouts] == [
        *("served", "dated", "legacy")
    ]


def test_adding_a_file_adds_a_format(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exports, "FORMATS", load_formats(add_format(tmp_path)))
    content = "Released\tPlays\tCODE\n26.4.2024\t1,234\tB\xe4r\n".encode("latin-1")
    staged = exports.stage(
        write(tmp_path, content, "radio_2024-06-13.tsv"), IngestSettings.model_validate({})
    )

    assert staged.export.identity.feed == "radio"
    assert staged.export.encoding == "latin-1"
    assert staged.rows["track_id"].to_list() == ["B\xe4r"]
    assert staged.rows["spins_count"].to_list() == [1234]


def test_absent_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"formats_dir .*: expected a folder, got none; create"):
        load_formats(tmp_path / "absent")


def test_file_that_is_no_toml_is_named(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"format file radio.toml: expected readable TOML, got"):
        load_formats(add_format(tmp_path, "name ="))


def test_second_file_of_a_name_is_refused(tmp_path: Path) -> None:
    again = add_format(tmp_path, INVENTED.replace("radio", "chartmetric", 1))

    with pytest.raises(SettingsError, match="expected a name of its own, got chartmetric, which"):
        load_formats(again)


def test_metric_has_one_type_in_all_formats(tmp_path: Path) -> None:
    text = INVENTED.replace("spins_count", "track_score")

    with pytest.raises(
        SettingsError, match="format radio, column track_score: expected DOUBLE as in format chart"
    ):
        load_formats(add_format(tmp_path, text))
