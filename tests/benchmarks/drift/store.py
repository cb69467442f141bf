"""Records of judged weeks, one JSON line each, appended as they come: a run can stop anywhere."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, NamedTuple

RECORDS: Final = Path(__file__).resolve().parents[1] / "results" / "drift"
"""Ignored by git."""


class Key(NamedTuple):
    """Which week was judged.

    Attributes:
        kind: the sort of quiet week, or the fault's name.
        tracks: rows a week.
        seed: the history.
        week: its number, from 1.
    """

    kind: str
    tracks: int
    seed: int
    week: int


@dataclass(frozen=True)
class Record:
    """One judged week.

    Attributes:
        key: which one.
        decision: songpop's; empty for the other tools.
        top_columns: the columns that were blamed, the most telling first.
        seconds: what judging took.
        figures: what the tool measured.
        column: the column that the fault spoils; null for quiet weeks and faults of everything.
    """

    key: Key
    decision: str
    top_columns: tuple[str, ...]
    seconds: float
    figures: dict[str, Any]
    column: str | None = None


class Store:
    """The records of one detector, in one file.

    Args:
        path: the file; its folder is made.
        fingerprint: of the detector and the weeks; records with another are passed over.
    """

    def __init__(self, path: Path, fingerprint: str) -> None:
        self._path = path
        self._fingerprint = fingerprint
        path.parent.mkdir(parents=True, exist_ok=True)
        self._records = {record.key: record for record in self._read()}

    def __contains__(self, key: Key) -> bool:
        """Whether the week has been judged."""
        return key in self._records

    @property
    def records(self) -> list[Record]:
        """All records, sorted by their keys."""
        return [self._records[key] for key in sorted(self._records)]

    def add(self, record: Record) -> None:
        """Append a record; the newest of a key counts."""
        line = json.dumps(
            {
                "fingerprint": self._fingerprint,
                **record.key._asdict(),
                "decision": record.decision,
                "top_columns": record.top_columns,
                "seconds": round(record.seconds, 6),
                "column": record.column,
                "figures": record.figures,
            }
        )
        with self._path.open("a", encoding="utf-8") as file:
            file.write(f"{line}\n")
        self._records[record.key] = record

    def _read(self) -> Iterator[Record]:
        if not self._path.exists():
            return
        _end_last_line(self._path)
        with self._path.open(encoding="utf-8") as file:
            for line in file:
                entry = json.loads(line)
                if entry.pop("fingerprint") != self._fingerprint:
                    continue
                key = Key(*(entry.pop(name) for name in Key._fields))
                top_columns = tuple(entry.pop("top_columns"))
                yield Record(key, top_columns=top_columns, **entry)


def _end_last_line(path: Path) -> None:
    """Cut off what a run that was killed had begun to write."""
    content = path.read_bytes()
    whole = content.rfind(b"\n") + 1
    if whole < len(content):
        with path.open("r+b") as file:
            file.truncate(whole)
