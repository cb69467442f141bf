"""``songpop models promote`` and ``songpop models rollback``."""

import datetime as dt
import uuid
from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated

import typer

from songpop.cli.options import JsonOption, WarehouseOption, parse_week
from songpop.cli.present import print_json, print_text

if TYPE_CHECKING:
    from pathlib import Path

    from songpop.pipeline.handover import Handover
    from songpop.pipeline.session import Session

BecauseOption = Annotated[
    str, typer.Option("--because", help="Why; kept in the registry, also through backfills.")
]
FromOption = Annotated[
    str | None,
    typer.Option("--from", help="First week, YYYY-MM-DD. [default: the next one that is run]"),
]
RescoreOption = Annotated[
    bool,
    typer.Option(
        "--rescore", help="Score the weeks from --from on again, now; else they are stale."
    ),
]


def promote(
    version: Annotated[str, typer.Argument(help="The version, as `models list` names it.")],
    because: BecauseOption,
    from_week: FromOption = None,
    rescore: RescoreOption = False,
    warehouse: WarehouseOption = None,
    as_json: JsonOption = False,
) -> None:
    """Let a version score its feed, whatever the gate said of it.

    Example:
      songpop models promote demo-2024-04-05-level-network-3f2a9c01 --because "tested by us"
    """
    from songpop.pipeline.handover import Wish, promote_version

    wish = Wish(because, parse_week(from_week, "--from"), rescore)
    done = _decide(
        warehouse, "models promote", lambda session: promote_version(session, version, wish)
    )
    _print(done, as_json=as_json)


def rollback(
    feed: Annotated[str, typer.Argument(help="The feed.")],
    because: BecauseOption,
    to: Annotated[
        str | None,
        typer.Option("--to", help="A version. [default: the champion before the present one]"),
    ] = None,
    from_week: FromOption = None,
    rescore: RescoreOption = False,
    warehouse: WarehouseOption = None,
    as_json: JsonOption = False,
) -> None:
    """Bring an earlier champion back; what was published stays in mart.superseded_scores.

    Examples:
      songpop models rollback spotify_charts_us --because "lists look wrong"

      songpop models rollback demo --from 2024-03-22 --rescore --because "labels were wrong"
    """
    from songpop.pipeline.handover import Wish, roll_back

    wish = Wish(because, parse_week(from_week, "--from"), rescore)
    done = _decide(warehouse, "models rollback", lambda session: roll_back(session, feed, to, wish))
    _print(done, as_json=as_json)


def _decide(
    warehouse: "Path | None", purpose: str, decide: "Callable[[Session], Handover]"
) -> "Handover":
    from songpop.formats.registry import load_formats
    from songpop.pipeline.session import Session
    from songpop.settings import read_settings
    from songpop.warehouse.writer import open_writer

    settings = read_settings(warehouse=warehouse)
    formats = load_formats(settings.formats_dir)
    now = dt.datetime.now(dt.UTC)
    with open_writer(settings, formats, purpose, now) as con:
        return decide(Session(settings, formats, con, str(uuid.uuid4()), now))


def _print(done: "Handover", *, as_json: bool) -> None:
    if as_json:
        weeks = {
            name: [str(week) for week in getattr(done, name)] for name in ("stale", "rescored")
        }
        print_json({**vars(done), **weeks})
        return
    instead = "" if done.replaces is None else f" instead of {done.replaces}"
    print_text(f"{done.feed}: {done.version} scores from {done.from_week} on{instead}")
    if done.warning is not None:
        print_text(f"warning: {done.warning}")
    if done.rescored:
        print_text(f"scored again: {len(done.rescored)} weeks; before: mart.superseded_scores")
    if done.stale:
        print_text(
            f"stale weeks now: {len(done.stale)}; "
            f"`songpop backfill --feed {done.feed} --from {done.stale[0]}` renews them"
        )
