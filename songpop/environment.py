"""Environment variables that no setting explains: a mistyped one would do nothing, silently."""

import os
from collections.abc import Iterable
from difflib import get_close_matches
from typing import Final

from songpop.errors import SettingsError, expected

PREFIX: Final = "SONGPOP_"
OF_DEPLOYMENTS: Final = frozenset({"HOME", "NOTIFY_BLOCK", "NOTIFY_URL"})
"""Names, less the prefix, that ``deployments/`` reads."""


def check_environment(settings: Iterable[str]) -> None:
    """Refuse variables with songpop's prefix that are neither a setting nor one of deployments'.

    Args:
        settings: names of the settings, and of their sections.

    Raises:
        SettingsError: there is one; the remedy names the nearest that is known.
    """
    known = {name.upper() for name in settings} | OF_DEPLOYMENTS
    for variable in sorted(os.environ):
        name = variable.removeprefix(PREFIX).partition("__")[0]
        if not variable.startswith(PREFIX) or name in known:
            continue
        near = get_close_matches(name, sorted(known), n=1)
        remedy = f"did you mean {PREFIX}{near[0]}?" if near else "mend it or take it out"
        message = expected(
            f"variable {variable}", "a setting that songpop knows", "an unknown one", remedy
        )
        raise SettingsError(message)
