"""Marks of checkpoints: where DuckDB moves what a log holds into the blocks of its file."""

from collections.abc import Callable
from typing import Any, Final

import duckdb

CHECKPOINT: Final = "checkpoint"
_PRIVATE: Final = "private/songpop.duckdb"
_WRITTEN: Final = "select path from duckdb_databases() where not internal and not readonly"


def watch_checkpoints(mark: Callable[[str], None]) -> None:
    """Have *mark* called before and after each checkpoint of this process.

    They are those of the snapshot's copy, which a publication asks for, and that of the private
    file, which closing it brings about.
    """
    connection = duckdb.DuckDBPyConnection
    execute, close = connection.execute, connection.close
    counts: dict[str, int] = {}

    def marked(name: str, call: Callable[[], Any]) -> Any:  # noqa: ANN401 - as the call has it
        counts[name] = counts.get(name, 0) + 1
        told = f"{CHECKPOINT} of {name} {counts[name]}"
        mark(told)
        result = call()
        mark(f"after {told}")
        return result

    def execute_marked(self: Any, query: Any, *rest: Any, **options: Any) -> Any:  # noqa: ANN401 - of DuckDB's
        if str(query).startswith(CHECKPOINT):
            return marked("the snapshot", lambda: execute(self, query, *rest, **options))
        return execute(self, query, *rest, **options)

    def close_marked(self: Any) -> None:  # noqa: ANN401 - of DuckDB's
        paths = [str(path) for (path,) in execute(self, _WRITTEN).fetchall()]
        if any(path.endswith(_PRIVATE) for path in paths):
            marked("the private file", lambda: close(self))
        else:
            close(self)

    connection.execute = execute_marked
    connection.close = close_marked


def is_checkpoint(mark: str) -> bool:
    """Return whether a mark is before or after a checkpoint."""
    return mark.removeprefix("after ").startswith(CHECKPOINT)
