"""How moments of a run are called, whichever the week or the file."""

import re

_WHAT = (
    (r"rename models/", "rename of a model's folder"),
    (r"replace private/scratch/snapshot", "rename of the snapshot"),
    (r"replace private/scratch/", "rename of a Parquet file"),
    (r"unlink private/scratch/snapshot", "copy of the snapshot"),
    (r"unlink songpop\.duckdb\.wal", "removal of a reader's log, once the snapshot is whole"),
    (r"replace reports/", "rename of a page"),
    (r"replace private/own/", "rename of a week of their own songs"),
    (r"(\w+) .*", r"\1 of a file or folder"),
)


def name_step(mark: str) -> str:
    """Return the step that begins at a mark, whatever its week; empty where one ends."""
    return "" if mark.startswith("after ") else mark.partition(" of ")[0]


def name_span(mark: str) -> str:
    """Return the step that begins or ends at a mark."""
    return mark.removeprefix("after ").partition(" of ")[0]


def name_call(call: str) -> str:
    """Return what a call that changes files does, whichever the file."""
    for pattern, words in _WHAT:
        found = re.match(pattern, call)
        if found:
            return found.expand(words)
    raise ValueError(call)
