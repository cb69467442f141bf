"""From a TOML's content to a format, or to a message that names file and key."""

from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from songpop.errors import SettingsError, expected
from songpop.formats.spec import FormatSpec

_SHOWN_CHARACTERS = 80
_Spec = TypeVar("_Spec", bound=BaseModel)


def parse_format(content: dict[str, Any], path: Path) -> FormatSpec:
    """Return the format that the TOML *content* of *path* declares.

    Raises:
        SettingsError: a key is unknown or missing, or a value is impossible.
    """
    return parse_as(FormatSpec, content, path)


def parse_as(spec: type[_Spec], content: dict[str, Any], path: Path) -> _Spec:
    """Return what the TOML *content* of *path* declares, as one kind of specification.

    Raises:
        SettingsError: a key is unknown or missing, or a value is impossible.
    """
    try:
        return spec.model_validate(content)
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(str(part) for part in first["loc"]) or "the file"
        wanted = first["msg"].removeprefix("Value error, ").removeprefix("Input should be ")
        got = repr(first["input"]) if first["loc"] else "something else"
        message = expected(
            f"format file {path.name}, {key}", wanted, _shorten(got), "mend that key"
        )
        raise SettingsError(message) from error


def _shorten(text: str) -> str:
    return text if len(text) <= _SHOWN_CHARACTERS else text[:_SHOWN_CHARACTERS] + "…"
