"""Which faults a campaign injects."""

import re
from collections.abc import Iterator, Sequence

import numpy as np

from tests.crash.inject import Ending, Fault

FOLDERS = (".", "private", "private/scratch", "models", "published", "reports", "landing")
"""Below the warehouse, each of which is closed to writing in turn."""
_WHAT = (
    (r"rename models/", "rename of a model's folder"),
    (r"replace private/scratch/snapshot", "rename of the snapshot"),
    (r"replace private/scratch/", "rename of a Parquet file"),
    (r"replace reports/", "rename of a page"),
    (r"replace private/own/", "rename of a week of their own songs"),
    (r"(\w+) .*", r"\1 of a file or folder"),
)


def name_step(mark: str) -> str:
    """Return the step that begins at a mark, whatever its week; empty where one ends."""
    return "" if mark.startswith("after ") else mark.partition(" of ")[0]


def name_call(call: str) -> str:
    """Return what a call that changes files does, whichever the file."""
    for pattern, words in _WHAT:
        found = re.match(pattern, call)
        if found:
            return found.expand(words)
    raise ValueError(call)


def pick_marks(undisturbed: Ending) -> list[int]:
    """Return one mark a step, the last at which it begins, and that after the last step."""
    last = {name_step(name): number for number, (name, _) in enumerate(undisturbed.marks)}
    last.pop("", None)
    return [*last.values(), len(undisturbed.marks) - 1]


def pick_calls(undisturbed: Ending) -> list[int]:
    """Return one call of each kind, the last."""
    last = {name_call(call): number for number, call in enumerate(undisturbed.calls, start=1)}
    return list(last.values())


def draw_moments(undisturbed: Ending, rng: np.random.Generator) -> Iterator[Fault]:
    """Yield kills without end: in some step, each as likely, at any moment of it."""
    spans = [
        (number, seconds)
        for number, (name, seconds) in enumerate(undisturbed.marks)
        if name_step(name) or number == len(undisturbed.marks) - 1
    ]
    while True:
        number, seconds = spans[rng.integers(len(spans))]
        yield Fault("kill", number, float(rng.uniform(0, seconds)))


def chain(
    boundaries: Sequence[Fault], moments: Iterator[Fault], length: int
) -> Iterator[tuple[Fault, ...]]:
    """Yield kills of one run after another: each boundary, then moments, then moments alone."""
    for boundary in boundaries:
        yield (boundary, *(next(moments) for _ in range(length - 1)))
    while True:
        yield tuple(next(moments) for _ in range(length))
