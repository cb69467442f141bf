"""``songpop reproduce``."""

from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from songpop.cli.options import JsonOption, WarehouseOption, parse_week
from songpop.cli.present import print_json

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

    from songpop.reproduce.residuals import Residuals
    from songpop.reproduce.run import Reproduction, Watcher

_WIDE = 160
"""Columns that the tables take with mean and spread side by side."""
_NARROW = 100
"""Columns that they take with one below the other; less would cut figures off."""


def reproduce(
    file: Annotated[Path, typer.Argument(help="A Chartmetric-style export.")],
    seeds: Annotated[int, typer.Option("--seeds", min=1, max=100, help="Seeds averaged.")] = 5,
    week: Annotated[
        str | None,
        typer.Option(
            "--week",
            help="Day that ages are counted from. [default: the day after the newest release]",
        ),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option("--out", help="Folder of the page. [default: <warehouse>/reports/reproduce]"),
    ] = None,
    warehouse: WarehouseOption = None,
    as_json: JsonOption = False,
) -> None:
    """Reproduce the published table, with its leak and without it; takes minutes.

    Examples:
      songpop reproduce top_songs.csv

      songpop reproduce top_songs.csv --seeds 3 --week 2024-06-15 --json
    """
    from songpop.formats.registry import load_formats
    from songpop.reproduce.describe import describe_results
    from songpop.reproduce.plan import ReproducePlan
    from songpop.reproduce.read import read_rows
    from songpop.reproduce.run import reproduce as run_all
    from songpop.reproduce.tracks import make_tracks
    from songpop.reproduce.write import write_report
    from songpop.settings import read_settings
    from songpop.warehouse.durable import prove_writable

    day = parse_week(week)
    settings = read_settings(warehouse=warehouse)
    rows = read_rows(file, load_formats(settings.formats_dir), settings.ingest)
    tracks = make_tracks(rows, day)
    plan = ReproducePlan.of(settings.training, seeds)
    folder = out or settings.warehouse / "reports" / "reproduce"
    prove_writable(folder)  # found unusable now rather than after minutes
    with _show_jobs(enabled=not as_json) as watcher:
        found = run_all(tracks, plan, watcher)
    # Printed before they are written: what took minutes is seen even where the disk is full.
    if as_json:
        print_json(describe_results(found))
    else:
        _print_tables(found)
    page = write_report(found, folder)
    if not as_json:
        typer.echo(f"page: {page}")


@contextmanager
def _show_jobs(*, enabled: bool) -> "Generator[Watcher]":
    """Show a progress bar on standard error while the block runs, only on a terminal."""
    from songpop.cli.progress import make_bar
    from songpop.reproduce.run import Watcher

    with make_bar(enabled=enabled) as bar:
        task = bar.add_task("fitting", total=None)
        yield Watcher(
            expect=lambda jobs: bar.update(task, total=len(jobs)),
            follow=lambda job: bar.update(task, advance=1, description=f"done: {job.title}"),
        )


def _print_tables(found: "Reproduction") -> None:
    from rich.console import Console

    from songpop.reproduce.words import COMPARED, describe_choices

    console = Console(highlight=False)
    width = max(console.width, _NARROW) if console.is_terminal else _WIDE
    console = Console(highlight=False, width=width)
    counts = found.rows_counts
    console.print(
        f"{found.file_name}: {counts['rows']:,} rows, {counts['left_out']} left out, ages from "
        f"{found.week}; {counts['fit']:,} to fit and choose on, {counts['test']:,} to test on",
        markup=False,
        soft_wrap=True,
    )
    between = " " if width >= _WIDE else "\n"
    console.print(_results_table(found, between, is_leak=True))
    console.print(_results_table(found, between, is_leak=False))
    _print_headline(console, found)
    _print_residuals(console, found.residuals)
    console.print(COMPARED, markup=False)
    for line in describe_choices(found):
        console.print(line, markup=False)


def _new_table(title: str, *columns: str) -> "Table":
    from rich import box
    from rich.table import Table
    from rich.text import Text

    table = Table(title=Text(title), title_justify="left", box=box.SIMPLE_HEAD)
    first, *others = columns
    table.add_column(first, justify="left", no_wrap=True)
    for name in others:
        table.add_column(name.replace("_", " "), justify="right", no_wrap=True)
    return table


def _results_table(found: "Reproduction", between: str, *, is_leak: bool) -> "Table":
    from songpop.reproduce.measure import NAMES
    from songpop.reproduce.published import PUBLISHED
    from songpop.reproduce.words import show_figure

    rows = [result for result in found.results if result.is_leak == is_leak]
    seeds = f"mean ± standard deviation of {found.plan.seeds_count} seeds"
    what = "with Track Score: a leak" if is_leak else "leak-free"
    table = _new_table(f"{what}; published split, {seeds}", "model", *NAMES)
    for result in rows:
        mean, spread = asdict(result.mean), asdict(result.spread)
        label = f"{result.model} (leak)" if is_leak else result.model
        cells = (show_figure(mean[n], spread[n], is_drawn=result.is_drawn) for n in NAMES)
        table.add_row(label, *(cell.replace(" ± ", f"{between}±") for cell in cells))
    for model, figures in PUBLISHED.items():
        values = asdict(figures)
        cells = (f"{values[name]:.4f}" if name in values else "" for name in NAMES)
        table.add_row(f"published {model} (leak)", *cells)
    return table


def _print_headline(console: "Console", found: "Reproduction") -> None:
    from songpop.reproduce.measure import NAMES
    from songpop.reproduce.words import show_difference

    title = "leak-free; five folds by artist, choices inside the training folds"
    table = _new_table(title, "model", *NAMES)
    for model in found.headline.models:
        table.add_row(model.model, *(f"{value:.4f}" for value in asdict(model.measures).values()))
    console.print(table)
    title = "paired differences, 95 % interval over artists; lower log loss is better"
    compared = _new_table(title, "l2 less", "log loss", "AUC")
    for one in found.headline.comparisons:
        compared.add_row(one.other, show_difference(one.log_loss), show_difference(one.auc))
    console.print(compared)


def _print_residuals(console: "Console", residuals: "Residuals") -> None:
    from songpop.reproduce.words import describe_residuals

    columns = ("tracks", "rows", "error_rate", "share_of_errors", "bias")
    table = _new_table("errors of the five-fold l2 network", *columns)
    kinds = (residuals.by_sureness, residuals.by_missing, residuals.by_age, residuals.by_distance)
    for one in (one for slices in kinds for one in slices):
        table.add_row(
            one.title,
            f"{one.rows_count:,}",
            f"{one.error_rate:.1%}",
            f"{one.errors_share:.1%}",
            f"{one.bias:+.4f}±{one.bias_error:.4f}",
        )
    console.print(table)
    for line in describe_residuals(residuals):
        console.print(line, markup=False)
