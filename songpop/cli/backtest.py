"""``songpop backtest``."""

import datetime as dt
from collections.abc import Callable, Generator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final, Literal

import typer

from songpop.cli.options import JsonOption, WarehouseOption, parse_week
from songpop.cli.present import print_frame, print_json

if TYPE_CHECKING:
    from songpop.backtest.command import Tested
    from songpop.backtest.plan import BacktestPlan
    from songpop.evaluate.clusters import Difference
    from songpop.settings import Settings

LABELS: Final = ("level", "growth")


def backtest(
    feed: Annotated[
        str | None,
        typer.Option("--feed", help="One feed, or the name that its regions share."),
    ] = None,
    label: Annotated[
        Literal["level", "growth"] | None,
        typer.Option("--label", help="What is foreseen. [default: both, one after the other]"),
    ] = None,
    horizon: Annotated[int, typer.Option("--horizon", min=1, max=26, help="In weeks.")] = 4,
    from_week: Annotated[
        str | None,
        typer.Option("--from", help="First week tested. [default: as soon as history allows]"),
    ] = None,
    to_week: Annotated[
        str | None, typer.Option("--to", help="Last week tested. [default: the last one known]")
    ] = None,
    block_weeks: Annotated[
        int, typer.Option("--block-weeks", min=1, help="Weeks that one fit is tested on.")
    ] = 13,
    embargo_weeks: Annotated[
        int | None,
        typer.Option("--embargo", min=1, help="In weeks, at least the horizon, its default."),
    ] = None,
    warehouse: WarehouseOption = None,
    as_json: JsonOption = False,
) -> None:
    """Test models on a feed's history, each on weeks after all that it learned from.

    The network and its baselines are fitted at every origin, on the same rows; figures go to
    ml.backtests and its neighbours, and to a page. Takes minutes.

    Examples:
      songpop backtest --feed demo

      songpop backtest --feed spotify_charts --label growth --from 2023-06-01 --json
    """
    from songpop.backtest.command import check_warehouse, run_backtests
    from songpop.backtest.page import write_page
    from songpop.formats.registry import load_formats
    from songpop.settings import read_settings
    from songpop.warehouse.durable import prove_writable

    settings = read_settings(warehouse=warehouse)
    days = (parse_week(from_week, "--from"), parse_week(to_week, "--to"))
    labels = (label,) if label else LABELS
    sizes = (block_weeks, embargo_weeks)
    plans = [_make_plan(settings, one, horizon, days, sizes) for one in labels]
    now = dt.datetime.now(dt.UTC)
    formats = load_formats(settings.formats_dir)
    check_warehouse(settings)
    folder = settings.warehouse / "reports" / "backtest"
    prove_writable(folder)  # found unusable now rather than after minutes
    described: list[dict[str, object]] = []
    try:
        for plan in plans:
            follow = _follow_stages(enabled=not as_json)
            # One by one: what ends the second backtest takes nothing of the first.
            for tested in run_backtests(settings, formats, feed, plan, follow, now):
                page = write_page(tested.found, folder / tested.backtest_id)
                described.append(_describe(tested, page))
                if not as_json:
                    _print_tested(tested, page)
    finally:
        if as_json and described:
            print_json(described)


def _make_plan(
    settings: "Settings",
    label: Literal["level", "growth"],
    horizon: int,
    days: tuple[dt.date | None, dt.date | None],
    sizes: tuple[int, int | None],
) -> "BacktestPlan":
    from songpop.backtest.plan import BacktestPlan
    from songpop.errors import InputError, expected

    first, last = days
    if first and last and first > last:
        got = f"{first} after {last}"
        raise InputError(
            expected("--from and --to", "a first week and a last one", got, "swap them")
        )
    block_weeks, embargo_weeks = sizes
    if embargo_weeks is not None and embargo_weeks < horizon:
        wanted, remedy = f"at least the horizon, {horizon} weeks", "raise it, or leave it out"
        raise InputError(expected("--embargo", wanted, str(embargo_weeks), remedy))
    return BacktestPlan(
        label=label,
        horizon_weeks=horizon,
        from_week=first,
        to_week=last,
        block_weeks=block_weeks,
        embargo_weeks=embargo_weeks,
        training=settings.training,
    )


def _follow_stages(
    *, enabled: bool
) -> "Callable[[str, int], AbstractContextManager[Callable[[], None]]]":
    """Return what shows a bar while a stage lasts, on standard error and only on a terminal."""
    from songpop.cli.progress import make_bar

    @contextmanager
    def follow(title: str, total: int) -> "Generator[Callable[[], None]]":
        # A bar of its own, gone when figures are printed: a live one would redirect them.
        with make_bar(enabled=enabled) as bar:
            task = bar.add_task(title, total=total)
            yield lambda: bar.advance(task)

    return follow


def _print_tested(tested: "Tested", page: Path) -> None:
    import polars as pl

    from songpop.backtest.words import summarise

    found = tested.found
    for sentence in summarise(found):
        typer.echo(sentence)
    typer.echo()
    columns = ("log_loss", "brier", "calibration_error", "auc", "average_precision")
    lists = ("precision_at_20", "precision_at_50", "lift_at_20")
    figures = [
        {"model": one.model, **one.whole.model_dump(include={*columns, *lists})}
        for one in found.evaluation.models
    ]
    print_frame(pl.DataFrame(figures).select("model", *columns, *lists))
    typer.echo("\nnetwork less each baseline, 95 % intervals by artist and week")
    compared = [
        {"less": one.other, "log_loss": _show(one.log_loss), "auc": _show(one.auc)}
        for one in found.evaluation.comparisons
    ]
    print_frame(pl.DataFrame(compared))
    typer.echo(f"\ntable: ml.backtest_figures where backtest_id = '{tested.backtest_id}'")
    typer.echo(f"page:  {page}\n")


def _show(difference: "Difference | None") -> str:
    if difference is None:
        return ""
    return f"{difference.mean:+.4f} [{difference.low:+.4f}, {difference.high:+.4f}]"


def _describe(tested: "Tested", page: Path) -> dict[str, object]:
    found = tested.found
    return {
        "backtest_id": tested.backtest_id,
        "feed": found.name,
        "feeds": found.feeds,
        "plan": found.plan.model_dump(mode="json"),
        "rows": found.predictions.height,
        "origins": [
            {
                "fit_until": one.weeks.fit[-1],
                "seen_until": one.weeks.seen_until,
                "tested": [one.weeks.test[0], one.weeks.test[-1]],
                **one.evaluation.model_dump(mode="json", exclude={"intervals"}),
            }
            for one in found.origins
        ],
        **found.evaluation.model_dump(mode="json"),
        "by_feed": {
            feed: evaluation.model_dump(mode="json") for feed, evaluation in found.by_feed.items()
        },
        "page": str(page),
    }
