"""Which faults a campaign injects."""

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import islice

import numpy as np

from tests.crash.checkpoints import is_checkpoint
from tests.crash.inject import Ending, Fault
from tests.crash.names import name_call, name_step

FOLDERS = (".", "private", "private/scratch", "models", "published", "reports", "landing")
"""Below the warehouse, each of which is closed to writing in turn."""


def list_marks(undisturbed: Ending) -> list[str]:
    """Return the name of every mark, in order."""
    return [name for name, _ in undisturbed.marks]


def list_last_marks(undisturbed: Ending) -> list[str]:
    """Return the marks of the last week's steps, at which each begins, and the end of the last.

    A run that is killed at one of them can be followed by one that is killed at the next.
    """
    names = [name for name in list_marks(undisturbed) if not is_checkpoint(name)]
    week = names[-1].partition(" of ")[2]
    begins = [name for name in names if name_step(name) and name.endswith(week)]
    return ["start", *begins, names[-1]]


def list_calls(undisturbed: Ending) -> list[Fault]:
    """Return a kill before every call that changes files."""
    counts = Counter[str]()
    faults: list[Fault] = []
    for call in undisturbed.calls:
        name = name_call(call)
        counts[name] += 1
        faults.append(Fault("kill", call=name, number=counts[name]))
    return faults


def list_kinds_of_calls(undisturbed: Ending) -> list[Fault]:
    """Return a kill before the first call of each kind."""
    first = dict.fromkeys(name_call(call) for call in undisturbed.calls)
    return [Fault("kill", call=name) for name in first]


def draw_moments(
    undisturbed: Ending, rng: np.random.Generator, step: str | None = None
) -> Iterator[Fault]:
    """Yield kills without end: in some step, each as likely, at any moment of it.

    Args:
        undisturbed: the run.
        rng: draws them.
        step: one step alone; null: all of them, and what comes after the last.
    """
    last, _ = undisturbed.marks[-1]
    spans = [span for span in undisturbed.marks if name_step(span[0]) or span[0] == last]
    if step is not None:
        spans = [span for span in spans if name_step(span[0]) == step]
    while True:
        name, seconds = spans[int(rng.integers(len(spans)))]
        yield Fault("kill", name, float(rng.uniform(0, seconds)))


def chain(
    boundaries: Sequence[Fault], moments: Iterator[Fault], length: int
) -> Iterator[tuple[Fault, ...]]:
    """Yield kills of one run after another: each boundary, then moments, then moments alone."""
    for boundary in boundaries:
        yield (boundary, *islice(moments, length - 1))
    while True:
        yield tuple(islice(moments, length))
