"""``songpop platforms``."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, cast

import typer

from songpop.cli.held import hold_writer, read_private
from songpop.cli.options import (
    JsonOption,
    LandingOption,
    WarehouseOption,
    WeekOption,
    parse_week,
)
from songpop.cli.present import print_frame, print_json, print_json_rows, print_text

if TYPE_CHECKING:
    from songpop.platforms.outcome import PlatformsResult
    from songpop.platforms.said import DateOrder, Said

platforms_app = typer.Typer(
    help="Exports of Spotify, DistroKid and other platforms, and which songs are the same.",
    no_args_is_help=True,
    rich_markup_mode=None,
)


@platforms_app.command("list")
def list_exports(warehouse: WarehouseOption = None, as_json: JsonOption = False) -> None:
    """List the exports of platforms that came, with their counts and the days they are about.

    Example:
      songpop platforms list
    """
    answer = read_private("platforms/list_exports", "list", warehouse)
    if as_json:
        print_json_rows(answer)
    elif answer.is_empty():
        typer.echo("no export of a platform has come; `songpop run` loads those that land")
    else:
        print_frame(answer.drop("sha256", "loaded_at"))


@platforms_app.command("load")
def load(
    files: Annotated[
        list[Path] | None, typer.Argument(help="Files; without any, those of the landing folder.")
    ] = None,
    artist: Annotated[
        str | None, typer.Option("--artist", help="Whose the files are that do not say it.")
    ] = None,
    week: WeekOption = None,
    year: Annotated[
        int | None,
        typer.Option("--year", min=2000, max=2999, help="Of the last row, if dates have no year."),
    ] = None,
    date_order: Annotated[
        str | None,
        typer.Option("--date-order", help="day-first or month-first, if dates do not tell."),
    ] = None,
    landing: LandingOption = None,
    warehouse: WarehouseOption = None,
    as_json: JsonOption = False,
) -> None:
    """Load exports of platforms: those named, or all new ones in the landing folder.

    A file that is named is tried again if it was refused or unloaded.

    Examples:
      songpop platforms load "Clone Wars-timeline.csv" --artist "Lady Vengeance"

      songpop platforms load songs-7day.csv --week 2026-03-05 --artist "Lady Vengeance"
    """
    from songpop.cli.summary import print_platforms
    from songpop.errors import InputError, expected
    from songpop.pipeline.report import describe_platforms
    from songpop.platforms.said import Said

    said = Said(_parse_artist(artist), parse_week(week), year, _parse_order(date_order))
    result = _load(files, said, landing, warehouse)
    described = describe_platforms(result)
    if as_json:
        counts = {"known": result.known_count, "passed_over": result.passed_over_count}
        print_json({**described, **counts, "problems": list(result.problems)})
    else:
        print_platforms({**described, "waiting": []})
        if not (result.files or result.waiting or result.problems):
            print_text(_tell_nothing_new(result.known_count, said))
        if result.passed_over_count:
            print_text(_tell_passed_over(result.passed_over_count))
    refused = [
        expected(file.file_name, "a file to load", f"{file.reason}", "mend it and load it again")
        for file in result.files
        if file.status == "refused"
    ]
    if messages := [*result.problems, *result.waiting, *refused]:
        raise InputError("\n".join(messages))


@platforms_app.command("unload")
def unload(
    name: Annotated[str, typer.Argument(help="Name of the file, or its SHA-256.")],
    warehouse: WarehouseOption = None,
    as_json: JsonOption = False,
) -> None:
    """Take what a file brought out again; what it had replaced counts again.

    Example:
      songpop platforms unload "Clone Wars-timeline.csv"
    """
    from songpop.ingest.landed import LandedFile
    from songpop.platforms.unload import unload_export

    with hold_writer(warehouse, f"platforms unload {name}") as held:
        file_name, sha256 = unload_export(held.con, name, held.now)
    if as_json:
        print_json({"file_name": file_name, "sha256": sha256, "status": "unloaded"})
    else:
        word = LandedFile(Path(file_name), 0, 0).shell_word
        print_text(f"unloaded {file_name}; `songpop platforms load {word}` brings it back")


def _load(
    files: list[Path] | None, said: "Said", landing: Path | None, warehouse: Path | None
) -> "PlatformsResult":
    from dataclasses import replace

    from songpop.pipeline.discover import Hints, discover
    from songpop.platforms.load import Loading, list_known, load_exports
    from songpop.platforms.named import Named, find_named
    from songpop.platforms.registry import load_platforms

    with hold_writer(warehouse, "platforms load", landing) as held:
        settings = held.session.settings
        known = list_known(held.con)
        passed_over = 0
        if files:
            platforms = load_platforms(settings.formats_dir)
            named = find_named(files, platforms, known, settings.ingest)
        else:
            discovery = discover(held.session, Hints())
            passed_over = len(discovery.problems)
            named = Named(discovery.platforms, len(known))
        loading = Loading(held.session.run_id, held.now, said)
        result = load_exports(held.con, named.new, settings, loading)
    return replace(result, known_count=named.known_count, passed_over_count=passed_over)


def _tell_nothing_new(known_count: int, said: "Said") -> str:
    from songpop.platforms.said import Said

    told = f"nothing new: {known_count} known exports of platforms"
    if known_count == 0 or said == Said():
        return told
    return f"{told}; to load one otherwise, `songpop platforms unload NAME` first"


def _tell_passed_over(count: int) -> str:
    told = "1 file was" if count == 1 else f"{count} files were"
    return f"{told} passed over: `songpop run` says why"


def _parse_artist(text: str | None) -> str | None:
    from songpop.errors import InputError, expected

    artist = None if text is None else text.strip()
    if artist == "":
        raise InputError(expected("--artist", "an artist's name", repr(text), "pass the name"))
    return artist


def _parse_order(text: str | None) -> "DateOrder | None":
    from songpop.errors import InputError, expected

    if text is None or text in {"day-first", "month-first"}:
        return cast("DateOrder | None", text)
    message = expected("--date-order", "day-first or month-first", repr(text), "pass one of them")
    raise InputError(message)
