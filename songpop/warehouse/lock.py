"""One writer a warehouse: an advisory lock that the kernel drops when its process dies."""

import fcntl
import os
import time
from collections.abc import Generator
from contextlib import contextmanager, suppress
from pathlib import Path

from songpop.errors import BusyError, expected

_POLL_SECONDS = 0.2


@contextmanager
def writer_lock(path: Path, purpose: str, wait_seconds: float) -> Generator[None]:
    """Hold the warehouse's only writer's place while the block runs.

    Args:
        path: the lock file; created with its folder. It is never deleted, since deleting a
            locked file lets two processes hold "the" lock.
        purpose: what this process does, shown to whoever is refused.
        wait_seconds: how long to wait for the place before giving up.

    Raises:
        BusyError: another process holds the place; the message says which and what for.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a+", encoding="utf-8") as file:
        deadline = time.monotonic() + wait_seconds
        while not _try_lock(file.fileno()):
            if time.monotonic() >= deadline:
                raise BusyError(_busy_message(path))
            time.sleep(_POLL_SECONDS)
        # A full disk has no room for who it is, and must not keep a reader out.
        with suppress(OSError):
            os.ftruncate(file.fileno(), 0)
            os.write(file.fileno(), f"{purpose} (process {os.getpid()})".encode())
        try:
            yield
        finally:
            with suppress(OSError):
                os.ftruncate(file.fileno(), 0)
            fcntl.flock(file.fileno(), fcntl.LOCK_UN)


def _try_lock(descriptor: int) -> bool:
    with suppress(BlockingIOError):
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return True
    return False


def _busy_message(path: Path) -> str:
    holder = path.read_text(encoding="utf-8") or "another process"
    return expected(
        f"warehouse {path.parents[1]}",
        "no other writer",
        holder,
        "wait for it to end, or set wait_seconds",
    )
