"""``python -m deployments.local server|worker``: both as one machine needs them."""

import os
import sys
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[1]
POOL: Final = "songpop"
API_URL: Final = "http://127.0.0.1:4200/api"

SERVER_ENVIRONMENT: Final = {
    "PREFECT_SERVER_API_HOST": "127.0.0.1",
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    # Leases in memory are lost with the server, and their runs killed minutes later.
    "PREFECT_SERVER_CONCURRENCY_LEASE_STORAGE": (
        "prefect.server.concurrency.lease_storage.filesystem"
    ),
    # Runs older than 90 days go, with their logs and artifacts: events alone would by default.
    "PREFECT_SERVER_SERVICES_DB_VACUUM_ENABLED": '["events", "flow_runs"]',
    "DO_NOT_TRACK": "1",
}
"""Of a server, on this machine or another; see also ``deployments/systemd``."""

WORKER_ENVIRONMENT: Final = {
    "SONGPOP_HOME": str(ROOT),
    "PREFECT_API_URL": API_URL,
    "PREFECT_RESULTS_DEFAULT_SERIALIZER": "json",
    "DO_NOT_TRACK": "1",
}
"""Of a worker beside its checkout."""


def main() -> None:
    """Become the server or the worker; anything set in the environment already stays."""
    what = sys.argv[1] if len(sys.argv) > 1 else ""
    prefect = str(Path(sys.executable).with_name("prefect"))
    if what == "server":
        _become([prefect, "server", "start"], SERVER_ENVIRONMENT)
    if what == "worker":
        _become([prefect, "worker", "start", "--pool", POOL], WORKER_ENVIRONMENT)
    print(f"deployments.local {what}: expected server or worker", file=sys.stderr)  # noqa: T201 - a command line prints
    sys.exit(2)


def _become(command: list[str], environment: dict[str, str]) -> None:
    os.chdir(ROOT)
    os.execve(command[0], command, {**environment, **os.environ})  # noqa: S606 - no shell is wanted


if __name__ == "__main__":
    main()
