"""The weekly run as a flow, in a network without a route to anywhere."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from tests.builders import week_number, write_chart
from tests.crash.label import draw_rows

ROOT = Path(__file__).resolve().parents[2]
UNSHARE = shutil.which("unshare")
# Prefect's embedded server listens on the loopback interface, which is down in a new namespace.
ALONE = """
import fcntl, os, socket, struct, sys
SIOCSIFFLAGS, IFF_UP = 0x8914, 0x1
with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as one:
    fcntl.ioctl(one, SIOCSIFFLAGS, struct.pack("16sH14s", b"lo", IFF_UP, b""))
    try:
        one.connect(("192.0.2.1", 53))
    except OSError:
        pass
    else:
        sys.exit("there is a route")
os.execv(sys.executable, [sys.executable, "-m", "flows"])
"""


def is_possible() -> bool:
    if UNSHARE is None:
        return False
    return subprocess.run([UNSHARE, "--net", "true"], check=False).returncode == 0


@pytest.mark.skipif(not is_possible(), reason="only root may make a network namespace")
def test_weekly_run_needs_no_network(tmp_path: Path) -> None:
    for number in range(1, 10):
        write_chart(tmp_path / "warehouse" / "landing", week_number(number), draw_rows(number))
    environment = {
        **{name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ},
        "PYTHONPATH": str(ROOT),
        "PREFECT_HOME": str(tmp_path / "prefect"),
        "PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS": "180",
        "SONGPOP_TRAINING__NETWORK_MATURED_ROWS": "1000000",
    }

    done = subprocess.run(
        [str(UNSHARE), "--net", sys.executable, "-c", ALONE],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )

    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    with duckdb.connect(str(tmp_path / "warehouse" / "songpop.duckdb"), read_only=True) as con:
        scored = con.execute("select count(distinct week) from mart.weekly_scores").fetchall()
    assert scored == [(2,)]
