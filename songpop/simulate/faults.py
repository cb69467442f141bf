"""Faults that a simulated history can have, and how a person names them.

The form is ``kind[:COLUMN[:SIZE]]@WEEK``, say ``scale:TikTok Views:2@22`` or ``dirty@3``; an empty
column leaves it out (``mix::0.4@12``).
"""

import math
import re
from dataclasses import dataclass
from typing import Final, Literal, NamedTuple

from songpop.errors import InputError, expected, list_names
from songpop.simulate.columns import NUMBERS


class FaultKind(NamedTuple):
    """What a kind of fault takes.

    Attributes:
        column: whether a column is named.
        size: the usual size; None if the kind has none.
        size_max: the largest size; sizes are positive.
        meaning: what it does, for people.
    """

    column: Literal["required", "optional", "none"]
    size: float | None
    size_max: float
    meaning: str


_FACTOR_MAX = 1e6

KINDS: Final = {
    "scale": FaultKind("required", 2.0, _FACTOR_MAX, "the column is multiplied by SIZE"),
    "units": FaultKind(
        "required", 1000.0, _FACTOR_MAX, "the column comes in units SIZE times smaller"
    ),
    "slow": FaultKind("required", 2.0, _FACTOR_MAX, "the column drifts to SIZE times in 12 weeks"),
    "missing": FaultKind(
        "required", 0.2, 1.0, "a further SIZE of all rows lose the column, at random"
    ),
    "missing_small": FaultKind(
        "required", 0.2, 1.0, "a further SIZE of all rows lose the column, the least streamed first"
    ),
    "frozen": FaultKind("required", None, 0.0, "the column keeps the values of the week before"),
    "copula": FaultKind(
        "optional", 1.0, 1.0, "the column (or every metric) is shuffled between SIZE of the tracks"
    ),
    "mix": FaultKind("none", 0.4, 1.0, "SIZE of the tracks give way to young ones, for good"),
    "concept": FaultKind("none", None, 0.0, "what used to foretell a rise foretells a fall"),
    "dirty": FaultKind("none", None, 0.0, "1.5 % of the rows are bad, that week only"),
    "correct": FaultKind("none", None, 0.0, "a corrected file follows, that week only"),
}

FORM: Final = "kind[:COLUMN[:SIZE]]@WEEK"
EXAMPLE: Final = "scale:TikTok Views:2@22"

_PATTERN: Final = re.compile(
    r"(?P<kind>[^:@]+)(?::(?P<column>[^:@]*)(?::(?P<size>[^:@]+))?)?@(?P<week>[^:@]+)"
)


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault.

    Attributes:
        kind: one of ``KINDS``.
        column: the export header that it concerns; None for the kinds without one.
        size: how strong it is; None for the kinds without a size.
        week: the first week that has it, counted from 1.
    """

    kind: str
    column: str | None
    size: float | None
    week: int

    def is_on(self, week: int) -> bool:
        """Whether *week* has the fault: from its week on, or that week alone."""
        return self.week == week if self.kind in {"dirty", "correct"} else self.week <= week

    @property
    def strength(self) -> float:
        """The size, 0 for the kinds without one."""
        return self.size or 0.0


def parse_fault(text: str) -> Fault:
    """Return the fault that *text* names, ``kind[:COLUMN[:SIZE]]@WEEK``.

    Args:
        text: as a person writes it; an empty COLUMN stands for none (``mix::0.5@12``).

    Raises:
        InputError: the text has another form, or the kind, column, size or week is not one.
    """
    match = _PATTERN.fullmatch(text.strip())
    if match is None:
        raise InputError(
            expected(f"fault {text!r}", f"the form {FORM}", "another", f"write it like {EXAMPLE}")
        )
    kind = _read_kind(text, match["kind"].strip())
    column = _read_column(text, kind, (match["column"] or "").strip())
    size = _read_size(text, kind, match["size"])
    return Fault(kind, column, size, _read_week(text, kind, match["week"].strip()))


def _read_kind(text: str, kind: str) -> str:
    if kind not in KINDS:
        names = ", ".join(sorted(KINDS))
        raise InputError(
            expected(f"fault {text!r}", "a known kind", repr(kind), f"choose one of {names}")
        )
    return kind


def _read_column(text: str, kind: str, column: str) -> str | None:
    rule = KINDS[kind].column
    if not column and rule != "required":
        return None
    if rule == "none":
        raise InputError(
            expected(f"fault {text!r}", f"no column for {kind}", repr(column), "leave it out")
        )
    if column not in NUMBERS:
        got = repr(column) if column else "none"
        raise InputError(
            expected(
                f"fault {text!r}",
                "a numeric column of the export",
                got,
                f"name one of the headers ({list_names(NUMBERS)})",
            )
        )
    return column


def _read_size(text: str, kind: str, written: str | None) -> float | None:
    usual, size_max = KINDS[kind].size, KINDS[kind].size_max
    if written is None:
        return usual
    if usual is None:
        raise InputError(
            expected(f"fault {text!r}", f"no size for {kind}", repr(written), "leave it out")
        )
    try:
        size = float(written)
    except ValueError:
        size = math.nan
    if not 0.0 < size <= size_max:
        raise InputError(
            expected(
                f"fault {text!r}",
                f"a size above 0 and up to {size_max:g}",
                repr(written),
                f"the usual one for {kind} is {usual:g}",
            )
        )
    return size


def _read_week(text: str, kind: str, written: str) -> int:
    # A frozen column repeats the week before, so week 1 cannot have one.
    first = 2 if kind == "frozen" else 1
    week = int(written) if written.isascii() and written.isdigit() else 0
    if week < first:
        raise InputError(
            expected(
                f"fault {text!r}",
                f"a week from {first}",
                repr(written),
                "weeks are whole numbers and count from 1",
            )
        )
    return week
