"""Catalogues for tests: a file of DuckDB's, and databases of one Postgres where it is installed."""

import asyncio
import atexit
from collections.abc import Generator
from contextlib import ExitStack, contextmanager
from functools import cache
from importlib.util import find_spec
from itertools import count
from pathlib import Path
from typing import Final
from urllib.parse import SplitResult, urlsplit

import asyncpg
import pytest

from tests.deployments.postgres import find_programs, run_postgres


def require_extensions() -> None:
    """Skip the test where the packages of songpop[cluster] are not installed."""
    if find_spec("duckdb_extension_ducklake") is None:
        pytest.skip("songpop[cluster] is not installed")


@contextmanager
def open_catalog(kind: str, folder: Path) -> Generator[str]:
    """Yield the setting ``catalog`` for an empty catalogue.

    Args:
        kind: ``duckdb`` or ``postgres``.
        folder: where a file may go.
    """
    require_extensions()
    if kind == "duckdb":
        folder.mkdir(parents=True, exist_ok=True)
        yield f"ducklake:{folder / 'catalog.ducklake'}"
        return
    programs = find_programs()
    if programs is None:
        pytest.skip("Postgres is not installed (Debian: apt-get install postgresql)")
    server, name = _start_server(programs), f"lake_{next(_numbers)}"
    asyncio.run(_create_database(server, name))
    yield (
        f"ducklake:postgres:host={server.hostname} port={server.port} user={server.username} "
        f"dbname={name}"
    )


_numbers: Final = count(1)


@cache
def _start_server(programs: Path) -> SplitResult:
    """Return the address of a server that runs as long as this process."""
    stack = ExitStack()
    atexit.register(stack.close)
    return urlsplit(stack.enter_context(run_postgres(programs)))


async def _create_database(server: SplitResult, name: str) -> None:
    con = await asyncpg.connect(
        host=server.hostname, port=server.port, user=server.username, database="postgres"
    )
    try:
        await con.execute(f"create database {name}")
    finally:
        await con.close()
