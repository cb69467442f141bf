"""A Postgres of one's own, as Debian installs it, for as long as a test takes."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from tests.deployments.live import free_port

USER: Final = "prefect"
_DEBIAN: Final = "/usr/lib/postgresql/*/bin"
_OTHER_USER: Final = "nobody"
"""Who runs it where the tests run as root, which Postgres refuses to."""


def find_programs() -> Path | None:
    """Return the folder of Postgres's programs; null where it is not installed."""
    on_path = shutil.which("initdb")
    if on_path is not None:
        return Path(on_path).parent
    root, _, pattern = _DEBIAN.partition("*")
    found = sorted(Path(root).glob(f"*{pattern}/initdb"))
    return found[-1].parent if found else None


@contextmanager
def run_postgres(programs: Path) -> Generator[str]:
    """Run a server on a free port of the loopback interface.

    Args:
        programs: folder of ``initdb`` and ``pg_ctl``.

    Yields:
        Its address as SQLAlchemy takes it, with an empty database ``postgres``.
    """
    # Not below pytest's folder, which only its own user may enter.
    folder = Path(tempfile.mkdtemp(prefix="songpop-postgres-"))
    is_root = os.geteuid() == 0
    if is_root:
        shutil.chown(folder, _OTHER_USER)
    data, port = folder / "data", free_port()

    def call(program: str, *arguments: str) -> None:
        command = [str(programs / program), "-D", str(data), *arguments]
        subprocess.run(
            ["runuser", "-u", _OTHER_USER, "--", *command] if is_root else command,
            cwd=folder,
            check=True,
            stdout=subprocess.DEVNULL,
        )

    call("initdb", "-U", USER, "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync")
    options = f"-p {port} -c listen_addresses=127.0.0.1 -c fsync=off -k {folder}"
    call("pg_ctl", "-w", "-l", str(folder / "log"), "-o", options, "start")
    try:
        yield f"postgresql+asyncpg://{USER}@127.0.0.1:{port}/postgres"
    finally:
        call("pg_ctl", "-m", "immediate", "stop")
        shutil.rmtree(folder)
