"""Every error that songpop raises on purpose.

    SongpopError            exit 1: something failed that input alone did not cause
    ├── InputError          exit 2: a person's input; the message says how to mend it
    │   ├── SettingsError   a key or value in songpop.toml or the environment
    │   ├── FormatError     a file that no declared format recognises
    │   └── LandingError    a file whose feed or week stays unknown, or that may not be read
    │       └── WaitingError    a platform's export that lacks what a person has to say
    ├── BusyError           exit 1: another process holds the warehouse
    ├── CheckError          exit 1: an invariant did not hold, so nothing was committed
    └── ArtefactError       exit 1: a model's files are missing or differ from the registry

Messages have one form: ``<object>: expected <what>, got <what>; <remedy>``.
"""

from collections.abc import Iterable

EXIT_OK = 0
EXIT_FAILED = 1
EXIT_INPUT = 2
EXIT_INTERRUPTED = 130
"""As shells have it: 128, and the number of SIGINT."""

_NAMES_SHOWN_COUNT = 5


class SongpopError(Exception):
    """Base of every deliberate error; ``exit_code`` is what the process ends with."""

    exit_code = EXIT_FAILED


class InputError(SongpopError):
    """Input that a person can put right; never retried."""

    exit_code = EXIT_INPUT


class SettingsError(InputError):
    """An unknown key or an impossible value among the settings."""


class FormatError(InputError):
    """A file whose header matches no declared format."""


class LandingError(InputError):
    """A landed file whose feed or week is unknown, contradictory, or that may not be read."""


class WaitingError(LandingError):
    """A platform's export that waits for what is not in it: whose it is, or when it was."""


class BusyError(SongpopError):
    """Another process writes to the same warehouse."""


class CheckError(SongpopError):
    """A check failed; the transaction it guards was rolled back."""


class ArtefactError(SongpopError):
    """A model's files are missing, altered or unreadable."""


def expected(subject: str, wanted: str, got: str, remedy: str) -> str:
    """Return a message in the house form.

    Args:
        subject: the object that is wrong, as the person knows it (a file, a week, a key).
        wanted: what was expected of it.
        got: what came instead.
        remedy: what the person can do now.
    """
    return f"{subject}: expected {wanted}, got {got}; {remedy}"


def is_interruption(error: BaseException) -> bool:
    """Whether a person interrupted; DuckDB, within a statement, makes a RuntimeError of it."""
    return isinstance(error, KeyboardInterrupt) or (
        isinstance(error, RuntimeError) and str(error) == "Query interrupted"
    )


def list_names(names: Iterable[str]) -> str:
    """Return a count and at most five of *names*, sorted: ``7: a, b, c, d, e, …``."""
    ordered = sorted(names)
    shown = ", ".join(ordered[:_NAMES_SHOWN_COUNT])
    more = ", …" if len(ordered) > _NAMES_SHOWN_COUNT else ""
    return f"{len(ordered)}: {shown}{more}"
