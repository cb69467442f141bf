"""``songpop drift``."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from songpop.cli.options import FeedOption, JsonOption, WarehouseOption, parse_week
from songpop.cli.present import print_frame, print_json, print_json_rows

if TYPE_CHECKING:
    from songpop.settings import DriftSettings

drift_app = typer.Typer(
    help="What drifted, and what was decided.", no_args_is_help=True, rich_markup_mode=None
)

_WIDEST_REASON = 140

_FromOption = Annotated[
    str | None, typer.Option("--from", help="First week, YYYY-MM-DD. [default: the oldest]")
]
_ToOption = Annotated[
    str | None, typer.Option("--to", help="Last week, YYYY-MM-DD. [default: the newest]")
]


@drift_app.command("list")
def list_drift(
    feed: FeedOption = None,
    from_week: _FromOption = None,
    to_week: _ToOption = None,
    warehouse: WarehouseOption = None,
    as_json: JsonOption = False,
) -> None:
    """List the decision about every week, with the reasons that told most.

    Examples:
      songpop drift list

      songpop drift list --feed spotify_charts_us --from 2024-01-04 --json
    """
    import polars as pl

    from songpop.drift.command import check_feed
    from songpop.settings import read_settings
    from songpop.warehouse.paths import WarehousePaths
    from songpop.warehouse.query import run_file

    params = {
        "feed": feed,
        "from_week": parse_week(from_week, "--from"),
        "to_week": parse_week(to_week, "--to"),
    }
    paths = WarehousePaths(read_settings(warehouse=warehouse).warehouse)
    answer = run_file(paths, "drift/list_decisions", params)
    if answer.is_empty() and feed is not None:
        check_feed(feed, run_file(paths, "drift/judged_feeds").get_column("feed").to_list())
    if as_json:
        print_json_rows(answer)
    elif answer.is_empty():
        is_whole = from_week is None and to_week is None
        typer.echo(f"no week was judged {'yet' if is_whole else 'between --from and --to'}")
    else:
        print_frame(
            answer.with_columns(pl.col("reasons").list.first().alias("main reason")).drop(
                "reasons"
            ),
            widest=_WIDEST_REASON,
        )


@drift_app.command("replay")
def replay_drift(
    feed: Annotated[str, typer.Argument(help="The feed.")],
    given: Annotated[
        list[str] | None,
        typer.Option("--set", help="KEY=VALUE of [drift]; may be given several times."),
    ] = None,
    from_week: _FromOption = None,
    to_week: _ToOption = None,
    warehouse: WarehouseOption = None,
    as_json: JsonOption = False,
) -> None:
    """Print what other settings would have decided about the weeks of a feed; nothing is written.

    Which weeks were let in and which models there were stays as it was.

    Examples:
      songpop drift replay demo --set distance=0.2

      songpop drift replay spotify_charts_us --from 2023-06-01 --set cool_down_weeks=8 --json
    """
    from songpop.drift.command import replay_feed
    from songpop.settings import read_settings

    settings = read_settings(warehouse=warehouse)
    weeks = replay_feed(
        settings,
        feed,
        read_overrides(settings.drift, given or []),
        parse_week(from_week, "--from"),
        parse_week(to_week, "--to"),
    )
    entries: list[dict[str, Any]] = [
        {
            "week": week.week.isoformat(),
            "recorded": week.recorded,
            "replayed": week.decision.decision,
            "reasons": list(week.reasons),
        }
        for week in weeks
    ]
    if as_json:
        print_json(entries)
        return
    _print_replay(entries)


def _print_replay(entries: list[dict[str, Any]]) -> None:
    import polars as pl

    rows = [
        {**entry, "reasons": entry["reasons"][0] if entry["reasons"] else ""} for entry in entries
    ]
    print_frame(pl.DataFrame(rows).rename({"reasons": "main reason"}), widest=_WIDEST_REASON)
    changed = sum(entry["recorded"] != entry["replayed"] for entry in entries)
    counts = {
        name: sum(entry["replayed"] == name for entry in entries)
        for name in ("quiet", "warn", "retrain", "quarantine")
    }
    told = ", ".join(f"{count} {name}" for name, count in counts.items())
    typer.echo(f"{len(entries)} weeks: {told}; {changed} decided otherwise than recorded")


def read_overrides(base: "DriftSettings", given: list[str]) -> "DriftSettings":
    """Return *base* with what ``--set`` names.

    Raises:
        InputError: an entry is no KEY=VALUE, its key unknown, or its value impossible.
    """
    from pydantic import ValidationError

    from songpop.errors import InputError, expected
    from songpop.settings import DriftSettings

    values: dict[str, Any] = base.model_dump()
    for text in given:
        key, sign, value = text.partition("=")
        if not sign or key not in values:
            known = ", ".join(sorted(values))
            message = expected(f"--set {text}", "KEY=VALUE of [drift]", text, f"keys are {known}")
            raise InputError(message)
        values[key] = value
    try:
        return DriftSettings.model_validate(values)
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(str(part) for part in first["loc"])
        wanted = first["msg"].lower().removeprefix("input should be ")
        message = expected(f"--set {key}", wanted, repr(first["input"]), "choose another value")
        raise InputError(message) from error
