"""``songpop setlist``."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from songpop.cli.options import FeedOption, JsonOption, WarehouseOption
from songpop.cli.present import print_frame, print_json, print_text

if TYPE_CHECKING:
    import polars as pl

    from songpop.touring.setlist import SetList

_MOST_SONGS = 200
_WIDEST_TITLE = 48
_WIDEST_REASON = 120
_MOST_NAMES = 3


def setlist(
    artist: Annotated[str, typer.Argument(help="Name of the artist, as exported.")],
    songs: Annotated[
        int, typer.Option("--songs", min=1, max=_MOST_SONGS, help="Length of the list.")
    ] = 20,
    region: Annotated[
        str | None,
        typer.Option("--region", help="One country's charts only, like gb. [default: all feeds]"),
    ] = None,
    feed: FeedOption = None,
    warehouse: WarehouseOption = None,
    as_json: JsonOption = False,
) -> None:
    """Say which songs of an artist to play, in which role, and why.

    Every song is placed among the artist's own songs in the newest scored week of a feed. Nothing
    in an export says what a crowd sings along to, or in which order to play.

    Examples:
      songpop setlist "Taylor Swift" --songs 20

      songpop setlist "Taylor Swift" --region gb --json
    """
    from songpop.settings import read_settings
    from songpop.touring.setlist import read_set_lists
    from songpop.warehouse.paths import WarehousePaths

    settings = read_settings(warehouse=warehouse)
    paths = WarehousePaths(settings.warehouse)
    lists = read_set_lists(paths, artist, songs, feed=feed, region=region)
    if as_json:
        print_json([_as_json(one) for one in lists])
        return
    for place, one in enumerate(lists):
        if place:
            typer.echo()
        _print_list(one)


def _print_list(one: "SetList") -> None:
    import polars as pl

    noun = "song" if one.songs_count == 1 else "songs"
    print_text(
        f"{one.artist_name}: {one.songs.height} of {one.songs_count} {noun} in {one.feed}, "
        f"week ending {one.week}"
    )
    table = one.songs.select(
        place="artist_rank", song=_cut_titles(), role=pl.col("role").fill_null("–"), why="reason"
    )
    print_frame(table, widest=_WIDEST_REASON)
    for note in _list_notes(one):
        print_text(f"note: {note}")


def _cut_titles() -> "pl.Expr":
    import polars as pl

    title = pl.col("title").fill_null("(no title)")
    is_long = title.str.len_chars() > _WIDEST_TITLE
    return pl.when(is_long).then(title.str.head(_WIDEST_TITLE - 1) + "…").otherwise(title)


def _list_notes(one: "SetList") -> list[str]:
    from songpop.touring.setlist import FEWEST_SONGS

    notes: list[str] = []
    if one.songs_count < FEWEST_SONGS:
        notes.append(f"fewer than {FEWEST_SONGS} songs: nothing to compare with, so no roles")
    elif not one.has_momentum:
        notes.append("no song was scored 4 weeks before: nothing can be called a riser")
    if one.joint_names:
        names = "; ".join(one.joint_names[:_MOST_NAMES])
        count = len(one.joint_names)
        more = f" and {count - _MOST_NAMES} more" if count > _MOST_NAMES else ""
        notes.append(f"songs with others stand under their joint names: {names}{more}")
    return notes


def _as_json(one: "SetList") -> dict[str, Any]:
    shared = ("feed", "region", "week", "artist_name", "songs_count")
    return {
        **{name: getattr(one, name) for name in shared},
        "notes": _list_notes(one),
        "songs": one.songs.drop(shared).to_dicts(),
    }
