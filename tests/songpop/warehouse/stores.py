"""An S3 endpoint for tests: moto's server, as a process of its own."""

import http.client
import os
import subprocess
import sys
from collections.abc import Generator
from contextlib import contextmanager, suppress
from importlib.util import find_spec
from pathlib import Path
from typing import Final

import pytest

from tests.deployments.live import START_SECONDS, free_port, wait_for

BUCKET: Final = "songpop"


@contextmanager
def open_store(folder: Path) -> Generator[dict[str, str]]:
    """Yield the environment variables that lead to a store with one empty bucket."""
    if find_spec("moto") is None or find_spec("duckdb_extension_httpfs") is None:
        pytest.skip("moto and songpop[cluster] are not both installed")
    port = free_port()
    keys = {
        "AWS_ACCESS_KEY_ID": "songpop",
        "AWS_SECRET_ACCESS_KEY": "secret",
        "AWS_REGION": "us-east-1",
        "DUCKDB_S3_ENDPOINT": f"127.0.0.1:{port}",
        "DUCKDB_S3_USE_SSL": "false",
    }
    with (folder / "moto.log").open("wb") as log:
        server = subprocess.Popen(
            [sys.executable, "-m", "moto.server", "-p", str(port)],
            env={**os.environ, **keys},
            stdout=log,
            stderr=subprocess.STDOUT,
        )
        try:
            wait_for(lambda: _make_bucket(port), START_SECONDS, "an S3 endpoint")
            yield keys
        finally:
            server.kill()
            server.wait()


def list_objects(keys: dict[str, str]) -> bytes:
    """Return what the store says that its bucket holds, as XML."""
    _, _, port = keys["DUCKDB_S3_ENDPOINT"].partition(":")
    return _ask(int(port), "GET")[1]


def _make_bucket(port: int) -> bool:
    with suppress(OSError):
        return _ask(port, "PUT")[0] == http.client.OK
    return False


def _ask(port: int, method: str) -> tuple[int, bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request(method, f"/{BUCKET}")
        answer = connection.getresponse()
        return answer.status, answer.read()
    finally:
        connection.close()
