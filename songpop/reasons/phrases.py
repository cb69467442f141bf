"""What the words for a feature are, by its column's kind and its derivation alone."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from songpop.reasons.others import Others
from songpop.reasons.quantiles import Side
from songpop.reasons.standing import Standing

_PREFIXES: Final = {1: "raises", -1: "lowers", 0: "neutral"}


@dataclass(frozen=True)
class Phrase:
    """How to speak of one feature.

    Attributes:
        say: of a value that is there.
        missing: where it is not.
        known: where what counts is that it is there.
    """

    say: Callable[[Standing, Others], str]
    missing: str
    known: str


def speak(phrase: Phrase, standing: Standing, *, of_missing: bool) -> str:
    """Return the words for a reason.

    Args:
        phrase: of the feature.
        standing: the track's.
        of_missing: whether the reason's input says only whether the feature is missing.

    Returns:
        ``raises:``, ``lowers:`` or ``neutral:``, then a statement that is true of the track
        whatever the contribution's sign.
    """
    if standing.side is None:
        statement = phrase.missing
    elif of_missing:
        statement = phrase.known
    else:
        statement = phrase.say(standing, Others(standing))
    return f"{_PREFIXES[standing.effect]}: {statement}"


def level(comparative: str, subject: str, *, smaller_is_better: bool = False) -> Phrase:
    """Return the phrase of a size, like ``more Shazams than 94 % of tracks of its age``."""
    better = Side.BELOW if smaller_is_better else Side.ABOVE

    def say(standing: Standing, others: Others) -> str:
        if standing.side == Side.ALONE:
            return f"the only track of the week with known {subject}"
        if standing.side == Side.MEDIAN:
            return f"the median {subject} among {others.tracks}{others.note}"
        if standing.side == better:
            return f"{comparative} {subject} than {others.share}{others.note}"
        return f"{others.share_has} {comparative} {subject}{others.note}"

    return Phrase(say, f"{subject} missing", f"{subject} exported")


@dataclass(frozen=True)
class Verbs:
    """What a value does that becomes larger or smaller."""

    rise: str
    fall: str


def change(label: str, verbs: Verbs, weeks: int, noun: str) -> Phrase:
    """Return the phrase of a difference of logs between now and *weeks* weeks ago."""
    span = f"over {weeks} week{'s' if weeks > 1 else ''}"

    def say(standing: Standing, others: Others) -> str:
        if standing.sign == 0:
            return f"{label} unchanged {span}{_while(standing, others)}"
        verb = verbs.rise if standing.sign > 0 else verbs.fall
        if standing.side == Side.ALONE:
            return f"{label} {verb} {span}, known of no other track of the week"
        if standing.side == Side.MEDIAN:
            return f"{label} {verb} {span} like {others.median}{others.note}"
        is_faster = (standing.side == Side.ABOVE) == (standing.sign > 0)
        pace = "faster" if is_faster else "more slowly"
        return f"{label} {verb} {pace} {span} than {others.share}{others.note}"

    def _while(standing: Standing, others: Others) -> str:
        if standing.side == Side.ALONE:
            return ", known of no other track of the week"
        if standing.side == Side.MEDIAN:
            return f", like {others.median}{others.note}"
        verb = verbs.fall if standing.side == Side.ABOVE else verbs.rise
        return f", while {others.share_alone} {verb}{others.note}"

    subject = f"{noun} of {label} {span}"
    return Phrase(say, f"{subject} unknown", f"{subject} known")


def flag(label: str) -> Phrase:
    """Return the phrase of a yes or no, like ``marked explicit``."""
    return choice(
        f"marked {label}",
        f"not marked {label}",
        f"not known whether {label}",
        "known whether " + label,
    )


def choice(yes: str, no: str, missing: str, known: str) -> Phrase:
    """Return the phrase of a feature that is 0 or 1."""
    return Phrase(lambda standing, _: yes if standing.sign > 0 else no, missing, known)


@dataclass(frozen=True)
class Order:
    """Words for a place in time, in which a larger value is the earlier one."""

    verb: str
    later: str = "later"
    now: str | None = None
    """What a value of 0 means; null: nothing in particular."""


def moment(order: Order, missing: str, known: str) -> Phrase:
    """Return the phrase of a time span up to now, like ``released later than 94 % of …``."""

    def say(standing: Standing, others: Others) -> str:
        if standing.sign == 0 and order.now is not None:
            return order.now
        if standing.side == Side.ALONE:
            return known
        if standing.side == Side.MEDIAN:
            return f"{order.verb} as long ago as {others.median}{others.note}"
        than = "earlier" if standing.side == Side.ABOVE else order.later
        return f"{order.verb} {than} than {others.share}{others.note}"

    return Phrase(say, missing, known)


def constant(text: str) -> Phrase:
    """Return the phrase of a feature of which there is nothing more to say."""
    return Phrase(lambda _standing, _others: text, f"{text} unknown", text)
