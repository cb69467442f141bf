"""Does something to copies of a warehouse, each killed before another call that changes files.

Run as a program: ``kill_points.py OPERATION TEMPLATE OUT STRIDE [BACKUP]`` leaves one folder a
kill in OUT, a kill every STRIDE calls. The children are forked before DuckDB starts threads.
"""

import os
import shutil
import signal
import sys
from collections.abc import Callable
from pathlib import Path

from songpop.maintenance.backup import back_up
from songpop.maintenance.maintain import maintain
from songpop.maintenance.restore import restore
from songpop.settings import Settings
from tests.builders import NOW

CHANGING = ("fsync", "rename", "replace", "link", "unlink", "rmdir", "mkdir")
_calls = 0


def arm(limit: int) -> None:
    """Have the *limit*-th call that changes files kill this process."""
    for name in CHANGING:
        setattr(os, name, _counted(getattr(os, name), limit))


def _counted(function: Callable[..., object], limit: int) -> Callable[..., object]:
    def call(*arguments: object, **options: object) -> object:
        global _calls  # noqa: PLW0603 - one count over all functions
        _calls += 1
        if _calls == limit:
            os.kill(os.getpid(), signal.SIGKILL)
        return function(*arguments, **options)

    return call


def operate(operation: str, warehouse: Path, backup: str) -> None:
    """Do what is tested."""
    settings = Settings(warehouse=warehouse)
    if operation == "backup":
        back_up(settings, NOW, keep=1)
    elif operation == "maintain":
        maintain(settings, NOW)
    else:
        restore(settings, Path(backup), NOW)


def kill_at(limit: int, operation: str, warehouse: Path, backup: str) -> bool:
    """Return whether a child was killed; it ended by itself where there were fewer calls."""
    child = os.fork()
    if child == 0:
        arm(limit)
        try:
            operate(operation, warehouse, backup)
        except BaseException as error:  # noqa: BLE001 - told to the parent
            sys.stderr.write(f"{error}\n")
            sys.stderr.flush()
            os._exit(2)
        os._exit(0)
    _, status = os.waitpid(child, 0)
    if os.WIFEXITED(status) and os.WEXITSTATUS(status):
        sys.exit(f"{operation} failed by itself")
    return os.WIFSIGNALED(status)


def main(operation: str, template: str, out: str, stride: str, backup: str = "") -> None:
    """Kill one child after another, *stride* calls later each, until one ends by itself."""
    limit = 1 - int(stride)
    is_killed = True
    while is_killed:
        limit += int(stride)
        warehouse = Path(out) / f"{limit:03}" / "warehouse"
        shutil.copytree(template, warehouse)
        is_killed = kill_at(limit, operation, warehouse, backup)


if __name__ == "__main__":
    main(*sys.argv[1:])
