"""The formats of platforms: the shipped files, and those in ``platforms`` below formats_dir."""

from functools import cache
from pathlib import Path
from typing import Final

from songpop.errors import SettingsError, expected
from songpop.formats.parse import parse_as
from songpop.formats.registry import read_toml
from songpop.platforms.spec import PlatformSpec

_SHIPPED: Final = Path(__file__).resolve().parents[1] / "formats" / "platforms"


@cache
def load_platforms(extra_dir: Path | None = None) -> dict[str, PlatformSpec]:
    """Read every format of platforms; adding one is adding a file.

    Args:
        extra_dir: the setting ``formats_dir``, whose folder ``platforms`` may hold further files;
            null means the shipped ones only.

    Returns:
        Format by name, sorted by name.

    Raises:
        SettingsError: a file is no TOML or malformed, or two declare the same name.
    """
    paths = sorted(_SHIPPED.glob("*.toml"))
    if extra_dir is not None:
        paths += sorted((extra_dir / "platforms").glob("*.toml"))
    found: dict[str, PlatformSpec] = {}
    for path in paths:
        spec = parse_as(PlatformSpec, read_toml(path), path)
        if spec.name in found:
            got = f"{spec.name}, which another file declares"
            message = expected(f"format file {path.name}", "a name of its own", got, "rename it")
            raise SettingsError(message)
        found[spec.name] = spec
    return dict(sorted(found.items()))
