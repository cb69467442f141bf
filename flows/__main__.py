"""``make run``: the weekly flow on Prefect's embedded API, with a demo where nothing has landed."""

import logging
import os
import sys

# Read by Prefect when it is imported: a quiet embedded server that may take its time to start.
for name, value in {
    "PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS": "120",
    "PREFECT_LOGGING_LEVEL": "WARNING",
    "PREFECT_RESULTS_DEFAULT_SERIALIZER": "json",
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "DO_NOT_TRACK": "1",
}.items():
    os.environ.setdefault(name, value)

from flows.weekly_scoring import weekly_scoring  # noqa: E402 - after the settings above
from songpop.cli.present import print_error  # noqa: E402 - after the settings above
from songpop.cli.summary import print_report  # noqa: E402 - as above
from songpop.demo import DEMO_FEED, demo_landing, write_demo  # noqa: E402 - as above
from songpop.errors import SongpopError  # noqa: E402 - as above
from songpop.formats.registry import load_formats  # noqa: E402 - as above
from songpop.ingest.landing import find_exports  # noqa: E402 - as above
from songpop.platforms.recognise import SUFFIXES  # noqa: E402 - as above
from songpop.settings import Settings, read_settings  # noqa: E402 - as above
from songpop.warehouse.paths import WarehousePaths  # noqa: E402 - as above


def main() -> None:
    """Score what has landed, or a simulated label; a person's mistake ends with exit code 2."""
    # A person's mistake is printed below, in a line; Prefect would print its traceback as well.
    logging.getLogger("prefect.flow_runs").setLevel(logging.CRITICAL)
    try:
        settings = read_settings()
        print_report(settings, _run_flow(settings), as_json=False)
    except SongpopError as error:
        print_error(str(error))
        sys.exit(error.exit_code)


def _run_flow(settings: Settings) -> "dict[str, object]":
    if _has_landed(settings):
        return weekly_scoring()
    paths = WarehousePaths(settings.warehouse)
    print(  # noqa: T201 - a command line prints
        f"{settings.landing_dir} holds no export, so a small label is simulated as the feed "
        f"`{DEMO_FEED}`:\n16 weeks of 2,000 tracks with dirty rows, a corrected export and a "
        "drift. `songpop demo --clear` removes it."
    )
    write_demo(paths)
    return weekly_scoring(feed=DEMO_FEED, landing=str(demo_landing(paths)))


def _has_landed(settings: Settings) -> bool:
    if settings.landing is None:
        settings.landing_dir.mkdir(parents=True, exist_ok=True)
    elif not settings.landing_dir.is_dir():
        return True  # the flow names it: an unmounted disk is no reason to simulate
    formats = load_formats(settings.formats_dir).values()
    found = find_exports(
        settings.landing_dir, [*SUFFIXES, *(suffix for one in formats for suffix in one.suffixes)]
    )
    return bool(found.files or found.refused)


if __name__ == "__main__":
    main()
