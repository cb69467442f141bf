"""Which phrase speaks of which feature: columns' kinds and labels, and the derivation's name."""

import re
from collections.abc import Callable
from typing import Final

from songpop.features.kinds import (
    AGE_DAYS,
    LEADING_FEED,
    OTHER_FEEDS,
    SEASON,
    WEEKS_SINCE_FIRST_SEEN,
    has_total,
)
from songpop.formats.spec import ColumnSpec, FormatSpec
from songpop.reasons.phrases import (
    Order,
    Phrase,
    Verbs,
    change,
    choice,
    constant,
    flag,
    level,
    moment,
)

_VERBS: Final = {
    "counter": Verbs("grew", "fell"),
    "gauge": Verbs("rose", "fell"),
    "rank": Verbs("slipped", "climbed"),
}
_STANDINGS: Final = {
    OTHER_FEEDS: "standing in other regions",
    LEADING_FEED: "standing in the largest other region",
}
"""What the features of sister feeds are about; all of them are of the weeks before."""
_SISTER_LEVELS: Final = {
    f"{OTHER_FEEDS}__count": ("more", "listings in other regions last week"),
    f"{OTHER_FEEDS}__best": ("a higher", "best standing in other regions last week"),
    f"{LEADING_FEED}__level": ("a higher", "standing in the largest other region last week"),
}
_NO_RELEASE: Final = "release date missing, or after the week"
_RELEASE: Final = "release date known"
_DAYS_PER_YEAR: Final = 365
_DAYS_PER_WEEK: Final = 7


def phrase_of(feature: str, spec: FormatSpec) -> Phrase:
    """Return the phrase of *feature*, ``<source>__<derivation>``, of a format.

    A source that the format does not declare (any more) is called by its name, and a derivation
    that is not known by its own.
    """
    source, _, derivation = feature.partition("__")
    if source == AGE_DAYS:
        return _age_phrase(derivation)
    if source == WEEKS_SINCE_FIRST_SEEN:
        order = Order("first seen", now="first seen this week")
        return moment(order, "first sighting unknown", "first sighting known")
    if source == SEASON:
        return constant("time of the year")
    if feature in _SISTER_LEVELS:
        return level(*_SISTER_LEVELS[feature])
    declared = {column.name: column for column in spec.columns}
    return _column_phrase(declared.get(source) or _undeclared(source), derivation)


def _undeclared(name: str) -> ColumnSpec:
    label = _STANDINGS.get(name, name.replace("_", " "))
    return ColumnSpec(name="undeclared", headers=(name,), kind="gauge", label=label, maximum=1)


def _column_phrase(column: ColumnSpec, derivation: str) -> Phrase:
    if derivation == "flag":
        return flag(column.label)
    if found := re.fullmatch(r"(growth|change)_(\d+)w", derivation):
        verbs = _VERBS.get(column.kind, _VERBS["gauge"])
        return change(column.label, verbs, int(found[2]), found[1])
    say = _LEVELS.get(derivation)
    if say is None:
        return level("a higher", f"{column.label} ({derivation})")
    return say(column)


def _size(column: ColumnSpec) -> Phrase:
    if column.kind == "rank":
        return level("a better", column.label, smaller_is_better=True)
    return level(_comparative(column), column.label)


def _rate(column: ColumnSpec) -> Phrase:
    return level(_comparative(column), f"{column.label} per day since release")


_LEVELS: Final[dict[str, Callable[[ColumnSpec], Phrase]]] = {
    "log": _size,
    "share": _size,  # within one week the share of the total orders tracks as the size does
    "rate": _rate,
}


def _comparative(column: ColumnSpec) -> str:
    return "more" if has_total(column) else "a higher"


def _age_phrase(derivation: str) -> Phrase:
    if found := re.fullmatch(r"under_(\d+)", derivation):
        span = _span(int(found[1]))
        yes, no = f"released less than {span} ago", f"released at least {span} ago"
        return choice(yes, no, _NO_RELEASE, _RELEASE)
    return moment(Order("released"), _NO_RELEASE, _RELEASE)


def _span(days: int) -> str:
    for length, name in ((_DAYS_PER_YEAR, "year"), (_DAYS_PER_WEEK, "week")):
        if days % length == 0:
            count = days // length
            return f"{count} {name}{'s' if count > 1 else ''}"
    return f"{days} days"
