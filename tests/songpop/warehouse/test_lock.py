import fcntl
import os
import re
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from songpop.errors import BusyError
from songpop.warehouse import lock
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
    message = (
        f"warehouse {tmp_path / 'warehouse'}: expected no other writer, got songpop run "
        f"(process {holder.pid}); wait for it to end, or set wait_seconds"
    )

    with holder:
        with (
            pytest.raises(BusyError, match=f"^{re.escape(message)}$"),
            writer_lock(path, "second", 0),
        ):
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


def test_holder_that_does_not_say_who_it_is_is_another_process(tmp_path: Path) -> None:
    path = lock_path(tmp_path)
    path.parent.mkdir(parents=True)

    with path.open("w") as file:
        fcntl.flock(file.fileno(), fcntl.LOCK_EX)
        with (
            pytest.raises(BusyError, match="expected no other writer, got another process; wait"),
            writer_lock(path, "second", 0),
        ):
            pytest.fail("both hold the place")


def test_waiting_writer_looks_several_times_a_second_and_gives_up_in_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = lock_path(tmp_path)
    now, pauses = 100.0, list[float]()

    def pass_time(seconds: float) -> None:
        nonlocal now
        now += seconds
        pauses.append(seconds)

    monkeypatch.setattr(lock.time, "monotonic", lambda: now)
    monkeypatch.setattr(lock.time, "sleep", pass_time)

    with (
        writer_lock(path, "first", 0),
        pytest.raises(BusyError, match="got first"),
        writer_lock(path, "second", 3),
    ):
        pytest.fail("both hold the place")

    assert all(0 < seconds <= 0.5 for seconds in pauses)
    assert 3 <= sum(pauses) < 3.5


def test_disk_without_room_for_a_name_keeps_nobody_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = lock_path(tmp_path)

    def fail(*args: object) -> None:
        raise OSError(28, "No space left on device", args)

    monkeypatch.setattr(lock.os, "write", fail)
    monkeypatch.setattr(lock.os, "ftruncate", fail)

    with writer_lock(path, "first", 0):
        assert path.read_text() == ""


def test_place_is_free_although_a_child_still_has_the_file_open(tmp_path: Path) -> None:
    path = lock_path(tmp_path)
    with writer_lock(path, "first", 0):
        wanted = path.stat()
        held = next(fd for fd in range(3, 256) if is_file(fd, wanted))
        inherited = os.dup(held)

    with writer_lock(path, "second", 0):
        pass
    os.close(inherited)


def is_file(descriptor: int, wanted: os.stat_result) -> bool:
    try:
        return os.path.samestat(os.fstat(descriptor), wanted)
    except OSError:
        return False


def test_lock_file_that_cannot_be_locked_at_all_is_an_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(descriptor: int, operation: int) -> None:
        raise OSError(37, "No locks available", descriptor, operation)

    monkeypatch.setattr(lock.fcntl, "flock", fail)

    with (
        pytest.raises(OSError, match="No locks available"),
        writer_lock(lock_path(tmp_path), "", 0),
    ):
        pytest.fail("holds the place")
