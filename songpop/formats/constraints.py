"""What the values of a format file must be; each check raises ValueError with what was expected."""

import re
from collections.abc import Iterable, Sequence
from typing import Final

from songpop.errors import list_names

# What Python's re reads and the linear-time engine of polars refuses.
_NOT_LINEAR: Final = re.compile(r"\(\?(?:[=!]|<[=!])|\\[1-9]")


def check_pattern(pattern: str, groups: int) -> None:
    """Check a regular expression that cells are held against."""
    try:
        compiled = re.compile(pattern)
    except re.error as error:
        raise ValueError(f"a regular expression ({error})") from error
    if compiled.groups != groups or _NOT_LINEAR.search(pattern):
        raise ValueError(f"a pattern with {groups} group and neither lookaround nor backreference")


def check_groups(pattern: str) -> None:
    """Check the regular expression that file names are held against."""
    try:
        groups = set(re.compile(pattern).groupindex)
    except re.error as error:
        raise ValueError(f"week_in_name as a regular expression ({error})") from error
    check_known("groups of week_in_name", groups, {"region", "week", "exclusive_end"})


def check_unique(what: str, names: Sequence[str]) -> None:
    """Check that no name stands twice."""
    repeated = {name for name in names if names.count(name) > 1}
    if repeated:
        raise ValueError(f"{what} named once each, not {list_names(repeated)}")


def check_known(what: str, names: Iterable[str | None], known: set[str]) -> None:
    """Check that each name is declared; null names nothing."""
    unknown = {name for name in names if name is not None} - known
    if unknown:
        raise ValueError(f"{what} among {list_names(known)}, not {list_names(unknown)}")
