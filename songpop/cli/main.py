"""``songpop``: every command, its errors and its exit codes."""

import errno
import gc
import sys
from typing import Annotated

import typer

from songpop.cli.accept import accept
from songpop.cli.backtest import backtest
from songpop.cli.backup import backup, maintain, restore
from songpop.cli.convert import convert
from songpop.cli.demo import demo
from songpop.cli.doctor import doctor, repair
from songpop.cli.drift import drift_app
from songpop.cli.export import export
from songpop.cli.matches import platforms_app
from songpop.cli.models import models_app
from songpop.cli.present import print_error
from songpop.cli.quarantine import quarantine_app, unload
from songpop.cli.report import report
from songpop.cli.reproduce import reproduce
from songpop.cli.run import backfill, run
from songpop.cli.setlist import setlist
from songpop.cli.simulate import simulate
from songpop.cli.sql import sql
from songpop.errors import (
    EXIT_FAILED,
    EXIT_INPUT,
    EXIT_INTERRUPTED,
    SongpopError,
    expected,
    is_interruption,
)

_COLLECT_FROM = 50_000
"""New objects between two garbage collections."""

app = typer.Typer(
    name="songpop",
    help="Weekly batch scoring of song potential: streaming exports in, calibrated scores out.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
app.command()(run)
app.command()(backfill)
app.command()(simulate)
app.command()(reproduce)
app.command()(backtest)
app.command()(demo)
app.command()(report)
app.command()(setlist)
app.command()(sql)
app.command()(export)
app.command()(doctor)
app.command()(repair)
app.command()(unload)
app.command()(accept)
app.command()(backup)
app.command()(restore)
app.command()(maintain)
app.command()(convert)
app.add_typer(models_app, name="models")
app.add_typer(drift_app, name="drift")
app.add_typer(quarantine_app, name="quarantine")
app.add_typer(platforms_app, name="platforms")


def _print_version(value: bool) -> None:
    if value:
        from importlib.metadata import version

        typer.echo(f"songpop {version('songpop')}")
        raise typer.Exit


@app.callback()
def _root(
    version: Annotated[
        bool,
        typer.Option("--version", callback=_print_version, is_eager=True, help="Show the version."),
    ] = False,
) -> None:
    del version


def main() -> None:
    """Run the command line; a person's mistake ends with one line and exit code 2."""
    # Imports make many objects that live to the end; collecting among them costs a tenth of a
    # second of each command.
    gc.set_threshold(_COLLECT_FROM)
    try:
        app()
    except SongpopError as error:
        print_error(str(error))
        sys.exit(error.exit_code)
    except OSError as error:
        subject = str(error.filename or "a file")
        # Libraries raise some without a number, with all that they have to say in one text.
        text = " ".join(str(error).split()) or type(error).__name__
        reason = text if error.strerror is None else error.strerror.lower()
        if error.errno in {errno.ENOSPC, errno.EDQUOT}:
            remedy = "make room and run the command again: what was committed stays"
            print_error(expected(subject, "room on the disk", reason, remedy))
            sys.exit(EXIT_FAILED)
        remedy = "check the path and its permissions"
        print_error(expected(subject, "a usable path", reason, remedy))
        sys.exit(EXIT_INPUT)
    except RuntimeError as error:
        if not is_interruption(error):
            raise
        sys.exit(EXIT_INTERRUPTED)
    except MemoryError as error:
        print_error(f"out of memory ({error}); see memory_limit")
        sys.exit(EXIT_FAILED)
