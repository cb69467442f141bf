"""A landing folder of what is made to harm, through the command line."""

import os
import resource
import stat
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from tests.builders import week_number, write_chart
from tests.crash.label import draw_rows

ROOT = Path(__file__).resolve().parents[2]
GIGABYTE = 1 << 30
LARGE_BYTES = 64 << 20
MOST_BYTES = 5 << 28
"""What the libraries take, 0.35 GB, leaves no room for a file or a line of a gigabyte."""
# Stacks of threads count, and a machine of many cores would have many.
FEW_THREADS = dict.fromkeys(("POLARS_MAX_THREADS", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"), "2")
REGULAR = "expected a regular file, got"


def run(folder: Path) -> subprocess.CompletedProcess[str]:
    def bound() -> None:
        resource.setrlimit(resource.RLIMIT_DATA, (MOST_BYTES, MOST_BYTES))

    return subprocess.run(
        [sys.executable, "-m", "songpop", "run", "--warehouse", str(folder / "warehouse")],
        cwd=folder,
        env={"PATH": "/usr/bin:/bin", "PYTHONPATH": str(ROOT), **FEW_THREADS},
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
        preexec_fn=bound,
    )


def read_rows(folder: Path) -> list[tuple[object, ...]]:
    with duckdb.connect(str(folder / "warehouse" / "songpop.duckdb"), read_only=True) as con:
        return con.execute(
            "select rows_read, loaded, duplicate, quarantined from raw.exports order by all"
        ).fetchall()


def test_line_of_a_gigabyte_is_quarantined_in_bounded_memory(tmp_path: Path) -> None:
    landing = tmp_path / "warehouse" / "landing"
    path = write_chart(landing, week_number(1), draw_rows(1))
    with path.open("r+b") as file:
        file.seek(0, os.SEEK_END)
        file.truncate(file.tell() + GIGABYTE)  # a hole reads as so many NULs

    done = run(tmp_path)

    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stderr
    assert read_rows(tmp_path) == [(41, 40, 0, 1)]


def test_what_is_no_export_is_named_and_keeps_nothing_from_loading(tmp_path: Path) -> None:
    landing = tmp_path / "warehouse" / "landing"
    write_chart(landing, week_number(1), draw_rows(1))
    with (landing / "header.csv").open("wb") as file:
        file.write(b"," * LARGE_BYTES)
        file.truncate(GIGABYTE)  # without an end of its first line
    (landing / "columns.csv").write_bytes(b"a," * 50_000 + b"a\n" + b"1," * 50_000 + b"1\n")
    (landing / "passwd.csv").symlink_to("/etc/passwd")
    (landing / "zero.csv").symlink_to("/dev/zero")
    (landing / "random.csv").write_bytes(os.urandom(1 << 16))
    (landing / "=cmd'\"\n\x1b[31m\u202e.csv").write_bytes(b"a,b\n1,2\n")
    os.mkfifo(landing / "pipe.csv")
    (landing / "folder.csv").mkdir()

    done = run(tmp_path)

    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    assert not {"\x1b", "\u202e"} & set(done.stdout + done.stderr)
    told = done.stderr.splitlines()
    for start in (
        f"passwd.csv: {REGULAR} a symbolic link",
        f"zero.csv: {REGULAR} a symbolic link",
        f"pipe.csv: {REGULAR} a pipe",
        "header.csv: expected a header of at most 1,048,576 bytes",
        "columns.csv: expected at most 512 columns",
        "random.csv: expected a header of one of the formats",
        "=cmd'\"\\n\\x1b[31m\\u202e.csv: expected a header of one of the formats",
    ):
        assert sum(line.startswith(start) for line in told) == 1, start
    assert "songpop: 7 files need a person" in told
    assert "root:" not in done.stdout + done.stderr
    assert read_rows(tmp_path) == [(40, 40, 0, 0)]


def test_device_is_named_and_never_read(tmp_path: Path) -> None:
    landing = tmp_path / "warehouse" / "landing"
    write_chart(landing, week_number(1), draw_rows(1))
    try:
        os.mknod(landing / "device.csv", stat.S_IFCHR | 0o600, os.makedev(1, 5))
    except PermissionError:
        pytest.skip("devices are made by root alone, where a container lets it")

    done = run(tmp_path)

    assert done.returncode == 2
    assert f"device.csv: {REGULAR} a device; put the export itself there\n" in done.stderr
    assert read_rows(tmp_path) == [(40, 40, 0, 0)]
