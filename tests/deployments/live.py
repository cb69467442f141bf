"""A Prefect server and workers as processes of their own, as an operator starts them."""

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Final, TypeVar
from uuid import UUID

from prefect.client.orchestration import SyncPrefectClient, get_client
from prefect.client.schemas.objects import FlowRun
from prefect.settings import PREFECT_API_AUTH_STRING, PREFECT_API_URL, temporary_settings

ROOT: Final = Path(__file__).resolve().parents[2]
START_SECONDS: Final = 180
RUN_SECONDS: Final = 240
_FREE_PORT: Final = 0


def free_port() -> int:
    """Return a port of the loopback interface that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", _FREE_PORT))
        return probe.getsockname()[1]


T = TypeVar("T")


def wait_for(look: Callable[[], T | None], seconds: float, what: str) -> T:
    """Return what *look* returns once it is true.

    Raises:
        TimeoutError: it was not within *seconds*.
    """
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        found = look()
        if found:
            return found
        time.sleep(0.5)
    raise TimeoutError(f"{what}: expected within {seconds:g} s")


class Webhook:
    """A local webhook that keeps what it was told."""

    def __init__(self) -> None:
        """Listen."""
        told: list[str] = []

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                told.append(json.loads(body)["text"])
                self.send_response(200)
                self.end_headers()

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name there
                del format, args

        self.told = told
        self._server = HTTPServer(("127.0.0.1", _FREE_PORT), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}/"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self) -> None:
        """Stop listening."""
        self._server.shutdown()
        self._server.server_close()


@dataclass
class Live:
    """A server below *folder*, its workers, and what is run on them."""

    folder: Path
    auth: str = "operator:correct horse"
    port: int = field(default_factory=free_port)
    webhook: Webhook = field(default_factory=Webhook)
    _server: subprocess.Popen[bytes] | None = None
    _workers: list[subprocess.Popen[bytes]] = field(default_factory=list)

    @property
    def warehouse(self) -> Path:
        """The warehouse of all runs."""
        return self.folder / "warehouse"

    @property
    def landing(self) -> Path:
        """Its landing folder."""
        return self.warehouse / "landing"

    @property
    def url(self) -> str:
        """Where the API is."""
        return f"http://127.0.0.1:{self.port}/api"

    @property
    def server_pid(self) -> int:
        """Which process the server is."""
        if self._server is None:
            raise RuntimeError("server: expected a started one, got none")
        return self._server.pid

    def environment(self, extra: Mapping[str, str] | None = None) -> dict[str, str]:
        """Return what an operator sets."""
        return {
            **{name: text for name, text in os.environ.items() if not name.startswith("PREFECT_")},
            "PREFECT_HOME": str(self.folder / "prefect"),
            "PREFECT_API_URL": self.url,
            "PREFECT_API_AUTH_STRING": self.auth,
            "PREFECT_SERVER_API_AUTH_STRING": self.auth,
            "PREFECT_SERVER_API_PORT": str(self.port),
            "SONGPOP_WAREHOUSE": str(self.warehouse),
            "SONGPOP_NOTIFY_URL": self.webhook.url,
            **(extra or {}),
        }

    def start_server(self, extra: Mapping[str, str] | None = None) -> None:
        """Start the server and wait until it answers."""
        self._server = self._start("server", extra)
        wait_for(self._answers, START_SECONDS, f"server {self.url}")

    def start_worker(self, extra: Mapping[str, str] | None = None) -> None:
        """Start a worker in a process group of its own."""
        self._workers.append(self._start("worker", extra))

    def kill_workers(self) -> None:
        """Kill every worker and what it runs, as a power cut would."""
        for worker in self._workers:
            os.killpg(worker.pid, signal.SIGKILL)
            worker.wait()
        self._workers.clear()
        self.kill_runs()

    def kill_runs(self) -> None:
        """Kill what runs flows: each is a session of its own, and outlives its worker."""
        for entry in Path("/proc").glob("[0-9]*/cmdline"):
            try:
                is_run = b"prefect.engine" in entry.read_bytes()
                is_ours = str(self.folder).encode() in (entry.parent / "environ").read_bytes()
            except OSError:
                continue
            if is_run and is_ours:
                with suppress(ProcessLookupError):
                    os.kill(int(entry.parent.name), signal.SIGKILL)

    def kill_server(self) -> None:
        """Kill the server, as a power cut would."""
        if self._server is not None:
            os.killpg(self._server.pid, signal.SIGKILL)
            self._server.wait()

    def close(self) -> None:
        """End everything."""
        self.kill_workers()
        self.kill_server()
        self.webhook.close()

    def deploy(self) -> str:
        """Do what `make deploy` does; return what it prints."""
        return self.call([sys.executable, "-m", "deployments.deploy"]).stdout

    def prefect(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run the command line of Prefect."""
        return self.call([str(Path(sys.executable).with_name("prefect")), *arguments])

    def call(self, command: list[str]) -> subprocess.CompletedProcess[str]:
        """Run a command as the operator would, from the checkout."""
        return subprocess.run(
            command,
            cwd=ROOT,
            env=self.environment(),
            capture_output=True,
            text=True,
            check=False,
            timeout=RUN_SECONDS,
        )

    def client(self) -> SyncPrefectClient:
        """Return a client of the server."""
        with temporary_settings({PREFECT_API_URL: self.url, PREFECT_API_AUTH_STRING: self.auth}):
            return get_client(sync_client=True)

    def wait_until_ended(self, run_id: UUID, seconds: float = RUN_SECONDS) -> FlowRun:
        """Return a flow run once it has ended."""

        def look() -> FlowRun | None:
            with self.client() as client:
                run = client.read_flow_run(run_id)
            return run if run.state is not None and run.state.is_final() else None

        return wait_for(look, seconds, f"end of run {run_id}")

    def wait_for_run(self, name: str, seconds: float = RUN_SECONDS) -> FlowRun:
        """Return the newest run of a flow whose name begins with *name*, once there is one."""

        def look() -> FlowRun | None:
            with self.client() as client:
                runs = client.read_flow_runs()
            named = [run for run in runs if run.name.startswith(name)]
            return max(named, key=lambda run: run.created, default=None)  # type: ignore[arg-type,return-value]

        return wait_for(look, seconds, f"a run {name}")

    def _start(self, what: str, extra: Mapping[str, str] | None) -> subprocess.Popen[bytes]:
        log = (self.folder / f"{what}.log").open("ab")
        return subprocess.Popen(
            [sys.executable, "-m", "deployments.local", what],
            cwd=ROOT,
            env=self.environment(extra),
            stdout=log,
            stderr=log,
            start_new_session=True,
        )

    def _answers(self) -> bool:
        try:
            with self.client() as client:
                return client.api_healthcheck() is None
        except OSError:
            return False
