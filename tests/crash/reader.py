"""Reads what is published, over and over, as anybody may, until its input ends; says what it saw.

Run as a program: ``python -m tests.crash.reader WAREHOUSE``; it answers with one line of JSON.
"""

import json
import select
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path

import duckdb

PAUSE_SECONDS = 0.25
"""Between two questions: eight readers without a pause leave a small machine nothing to write."""
WEEKS = """
select feed, week, count(*), count(distinct run_id), max(rank), sum(rank)
from {table} group by feed, week order by feed, week
"""


@dataclass
class Seen:
    """What one reader saw."""

    answers: int = 0
    revisions: int = 0
    """Different states of the snapshot."""
    errors: list[str] = field(default_factory=list[str])
    mixed: list[str] = field(default_factory=list[str])
    """Weeks with rows of two runs, or without some of their ranks."""
    backwards: list[str] = field(default_factory=list[str])
    """States that came after a later one, or lacked a week that an earlier one had."""


def read_until_told(warehouse: Path) -> Seen:
    """Ask again and again."""
    seen = Seen()
    last_revision, weeks = -1, set[tuple[object, object]]()
    while not select.select([sys.stdin], [], [], PAUSE_SECONDS)[0]:
        try:
            revision, rows = _ask_snapshot(warehouse / "songpop.duckdb")
            in_files = _ask_parquet(warehouse / "published")
        except duckdb.Error as error:
            seen.errors.append(str(error))
            continue
        seen.answers += 1
        seen.mixed += [*_list_mixed(rows), *_list_mixed(in_files)]
        present = {(row[0], row[1]) for row in rows}
        if revision < last_revision or not weeks <= present:
            seen.backwards.append(f"revision {revision} after {last_revision}")
        seen.revisions += revision != last_revision
        last_revision, weeks = revision, present
    return seen


def _ask_snapshot(path: Path) -> tuple[int, list[tuple[object, ...]]]:
    with duckdb.connect(str(path), read_only=True) as con:
        rows = con.execute(WEEKS.format(table="mart.weekly_scores")).fetchall()
        (found,) = con.execute("select revision from mart.publication").fetchall()
    return int(found[0]), rows


def _ask_parquet(folder: Path) -> list[tuple[object, ...]]:
    with duckdb.connect() as con:
        table = f"read_parquet('{folder}/**/*.parquet', hive_partitioning = false)"
        return con.execute(WEEKS.format(table=table)).fetchall()


def _list_mixed(rows: list[tuple[object, ...]]) -> Iterator[str]:
    for feed, week, count, runs, last, total in rows:
        n = int(str(count))
        if runs != 1 or last != n or total != n * (n + 1) // 2:
            yield f"{feed} {week}: {count} rows of {runs} runs, ranks to {last}"


if __name__ == "__main__":
    print(json.dumps(asdict(read_until_told(Path(sys.argv[1])))))  # noqa: T201 - the answer
