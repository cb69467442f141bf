import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from songpop.errors import BusyError
from songpop.warehouse.lock import writer_lock

HOLDER = """
import sys, time
from pathlib import Path
from songpop.warehouse.lock import writer_lock
with writer_lock(Path(sys.argv[1]), "songpop run", 0):
    print("held", flush=True)
    time.sleep(60)
"""


def lock_path(tmp_path: Path) -> Path:
    return tmp_path / "warehouse" / "private" / "writer.lock"


def start_holder(path: Path) -> subprocess.Popen[bytes]:
    holder = subprocess.Popen([sys.executable, "-c", HOLDER, str(path)], stdout=subprocess.PIPE)
    assert holder.stdout is not None
    assert holder.stdout.readline() == b"held\n"
    return holder


def test_second_writer_is_refused_and_told_who_holds_the_place(tmp_path: Path) -> None:
    path = lock_path(tmp_path)
    holder = start_holder(path)
    pattern = (
        rf"warehouse .*/warehouse: expected no other writer, got songpop run "
        rf"\(process {holder.pid}\); wait for it to end"
    )

    with holder:
        with pytest.raises(BusyError, match=pattern), writer_lock(path, "second", 0):
            pytest.fail("both hold the place")
        holder.kill()


def test_place_of_a_killed_writer_is_free_at_once(tmp_path: Path) -> None:
    path = lock_path(tmp_path)
    with start_holder(path) as holder:
        os.kill(holder.pid, signal.SIGKILL)
        holder.wait()

        with writer_lock(path, "second", 0):
            assert path.read_text() == f"second (process {os.getpid()})"


def test_second_writer_waits_as_long_as_it_may(tmp_path: Path) -> None:
    path = lock_path(tmp_path)
    entered, leave = threading.Event(), threading.Event()

    def hold() -> None:
        with writer_lock(path, "first", 0):
            entered.set()
            leave.wait(10)

    thread = threading.Thread(target=hold)
    thread.start()
    entered.wait(10)
    threading.Timer(0.3, leave.set).start()

    with writer_lock(path, "second", 10):
        assert path.read_text().startswith("second")
    thread.join()


def test_place_is_left_empty_even_after_an_error(tmp_path: Path) -> None:
    path = lock_path(tmp_path)

    with pytest.raises(RuntimeError, match="inside"), writer_lock(path, "first", 0):
        raise RuntimeError("inside")

    assert path.read_text() == ""
    with writer_lock(path, "second", 0):
        pass
