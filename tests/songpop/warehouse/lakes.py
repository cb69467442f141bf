"""Catalogues for tests: a file of DuckDB's, and a Postgres of one's own where it is installed."""

from collections.abc import Generator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import urlsplit

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
    with run_postgres(programs) as url:
        parts = urlsplit(url)
        yield (
            f"ducklake:postgres:host={parts.hostname} port={parts.port} user={parts.username} "
            "dbname=postgres"
        )
