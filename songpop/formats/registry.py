"""The formats that exist: every TOML beside this module, and those of one further folder."""

import tomllib
from pathlib import Path
from typing import Any

from songpop.errors import SettingsError, expected
from songpop.formats.parse import parse_format
from songpop.formats.spec import FormatSpec

_SHIPPED = Path(__file__).resolve().parent


def load_formats(extra_dir: Path | None = None) -> dict[str, FormatSpec]:
    """Read every format file; adding a format is adding a file.

    Args:
        extra_dir: folder with further ``*.toml`` files; null means the shipped ones only.

    Returns:
        Format by name, sorted by name.

    Raises:
        SettingsError: a file is no TOML or malformed, the folder is absent, two files declare
            the same name, or two formats declare one metric with different types.
    """
    paths = sorted(_SHIPPED.glob("*.toml"))
    if extra_dir is not None:
        if not extra_dir.is_dir():
            message = expected(
                f"formats_dir {extra_dir}", "a folder", "none", "create it or drop the setting"
            )
            raise SettingsError(message)
        paths += sorted(extra_dir.glob("*.toml"))
    formats: dict[str, FormatSpec] = {}
    for path in paths:
        spec = _read_format(path)
        if spec.name in formats:
            raise SettingsError(
                expected(
                    f"format file {path.name}",
                    "a name of its own",
                    f"{spec.name}, which another file declares",
                    "rename it",
                )
            )
        formats[spec.name] = spec
    _check_metric_types(formats)
    return dict(sorted(formats.items()))


def _read_format(path: Path) -> FormatSpec:
    return parse_format(read_toml(path), path)


def read_toml(path: Path) -> dict[str, Any]:
    """Return the content of a format file.

    Raises:
        SettingsError: it is unreadable, or no TOML.
    """
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        message = expected(
            f"format file {path.name}", "readable TOML", str(error), "mend the line it names"
        )
        raise SettingsError(message) from error


def _check_metric_types(formats: dict[str, FormatSpec]) -> None:
    # All formats share core.track_weeks, so a metric's name has one type.
    types: dict[str, tuple[str, str]] = {}
    for spec in formats.values():
        for metric in spec.metrics:
            other, sql_type = types.setdefault(metric.name, (spec.name, metric.sql_type))
            if sql_type != metric.sql_type:
                raise SettingsError(
                    expected(
                        f"format {spec.name}, column {metric.name}",
                        f"{sql_type} as in format {other}",
                        metric.sql_type,
                        "rename the column or change its type",
                    )
                )
