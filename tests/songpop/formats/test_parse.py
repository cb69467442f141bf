from pathlib import Path

import pytest

from songpop.errors import SettingsError
from songpop.formats.parse import parse_format


def test_message_names_the_file_and_the_nested_key() -> None:
    content = {"name": "x", "layouts": [{"name": "a", "delimiter": ";;"}]}

    with pytest.raises(
        SettingsError,
        match=r"^format file x.toml, title: expected Field required, got .*; mend that key$",
    ):
        parse_format(content, Path("folder/x.toml"))


def test_long_value_is_shown_shortened() -> None:
    with pytest.raises(SettingsError, match=r"name: expected .*, got 'X{79}…; mend that key"):
        parse_format({"name": "X" * 200}, Path("x.toml"))
