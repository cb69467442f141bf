"""A landing folder of what is made to harm, through the command line."""

import os
import resource
import subprocess
import sys
from pathlib import Path

import duckdb

from tests.builders import week_number, write_chart
from tests.crash.label import draw_rows

ROOT = Path(__file__).resolve().parents[2]
MOST_BYTES = 3 << 30
GIGABYTE = 1 << 30


def run(folder: Path) -> subprocess.CompletedProcess[str]:
    def bound() -> None:
        resource.setrlimit(resource.RLIMIT_DATA, (MOST_BYTES, MOST_BYTES))

    return subprocess.run(
        [sys.executable, "-m", "songpop", "run", "--warehouse", str(folder / "warehouse")],
        cwd=folder,
        env={"PATH": "/usr/bin:/bin", "PYTHONPATH": str(ROOT)},
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
    (landing / "header.csv").write_bytes(b"," * GIGABYTE.bit_length() * 2_000)
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
    for name in ("header", "columns", "random"):
        assert f"{name}.csv" in done.stderr
    assert "root:" not in done.stdout + done.stderr
    assert read_rows(tmp_path) == [(40, 40, 0, 0)]
