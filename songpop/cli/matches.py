"""``songpop platforms matches``, ``confirm`` and ``refuse``."""

import getpass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from songpop.cli.held import hold_writer, read_private
from songpop.cli.options import JsonOption, WarehouseOption
from songpop.cli.platforms import platforms_app
from songpop.cli.present import print_frame, print_json, print_json_rows, print_text

if TYPE_CHECKING:
    from songpop.platforms.identity import Verdict

ByOption = Annotated[
    str | None, typer.Option("--by", help="Who decides. [default: the user]", show_default=False)
]
BecauseOption = Annotated[str | None, typer.Option("--because", help="Why.")]
OneArgument = Annotated[str, typer.Argument(help="ISRC or id of one song.")]
OtherArgument = Annotated[str, typer.Argument(help="ISRC or id of the other.")]


@platforms_app.command("matches")
def matches(
    all_pairs: Annotated[bool, typer.Option("--all", help="Those decided about, too.")] = False,
    warehouse: WarehouseOption = None,
    as_json: JsonOption = False,
) -> None:
    """List pairs of songs that may be one and the same, for a person to confirm or refuse.

    An ISRC is believed: what comes under one is one song. Where the titles differ, it is told.

    Example:
      songpop platforms matches
    """
    answer = read_private("platforms/list_matches", "matches", warehouse)
    shown = answer if all_pairs else answer.filter(verdict="open")
    if as_json:
        print_json_rows(shown)
        return
    if shown.is_empty():
        typer.echo("no two songs are in doubt")
    else:
        print_frame(shown if all_pairs else shown.drop("verdict", "decided_by", "decided_because"))
        typer.echo("`songpop platforms confirm ID ID` makes one song of two, `refuse` keeps them")
    differing = read_private("platforms/list_isrc_names", "matches", warehouse)
    for isrc, names in differing.iter_rows():
        titles = " and ".join(names)
        print_text(f"one ISRC, {isrc}, other titles: {titles}; unload the file whose ISRC is wrong")


@platforms_app.command("confirm")
def confirm(
    one: OneArgument,
    other: OtherArgument,
    by: ByOption = None,
    because: BecauseOption = None,
    warehouse: WarehouseOption = None,
    as_json: JsonOption = False,
) -> None:
    """Say that two songs are one from now on, whatever lands later.

    Numbers that two files have for the same day are not added up: that of the file whose last day
    is latest counts, then that of the file that came last.

    Example:
      songpop platforms confirm QZABC2400001 own:d257da565a22cd55 --because "I wrote it"
    """
    _decide(one, other, "confirmed", by, because, warehouse, as_json)


@platforms_app.command("refuse")
def refuse(
    one: OneArgument,
    other: OtherArgument,
    by: ByOption = None,
    because: BecauseOption = None,
    warehouse: WarehouseOption = None,
    as_json: JsonOption = False,
) -> None:
    """Say that two songs are two: they are not asked about again, nor made one.

    Example:
      songpop platforms refuse QZABC2400001 QZABC2400002 --because "the second is live"
    """
    _decide(one, other, "refused", by, because, warehouse, as_json)


def _decide(
    one: str,
    other: str,
    verdict: "Verdict",
    by: str | None,
    because: str | None,
    warehouse: Path | None,
    as_json: bool,
) -> None:
    from songpop.platforms.groups import make_pair
    from songpop.platforms.identity import decide
    from songpop.warehouse.publish import mark_revised
    from songpop.warehouse.transaction import transaction

    who = by or _name_user()
    with hold_writer(warehouse, f"platforms {verdict}") as held, transaction(held.con):
        outdone = decide(held.con, (one, other), verdict, by=who, because=because, now=held.now)
        mark_revised(held.con, [])
    if as_json:
        songs = list(make_pair(one, other))
        print_json({"songs": songs, "verdict": verdict, "by": who, "numbers_outdone": outdone})
    else:
        print_text(f"{verdict} by {who}: {one} and {other}{_tell_outdone(outdone)}")


def _tell_outdone(count: int) -> str:
    if count == 0:
        return ""
    noun = "number" if abs(count) == 1 else "numbers"
    again = "again" if count < 0 else "no longer, for another file has their period"
    return f"; {abs(count):,} {noun} count{'s' * (abs(count) == 1)} {again}"


def _name_user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, ImportError, OSError):
        # A container's user may have no name.
        return "a person"
