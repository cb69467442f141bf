"""What an export says about tracks beside numbers: names, release dates, codes."""

import datetime as dt
from typing import Final

import polars as pl

from songpop.simulate import columns
from songpop.simulate.codes import code_tracks
from songpop.simulate.draws import Integers
from songpop.simulate.panel import Panel
from songpop.simulate.roster import World
from songpop.simulate.wording import add_guests, name_albums, name_artists, title_tracks

EPOCH_ORDINAL: Final = dt.date(1970, 1, 1).toordinal()
"""The day from which dates are counted in frames."""


def describe_tracks(world: World, panel: Panel, slots: Integers) -> dict[str, pl.Series]:
    """Return the titles, albums, artists, release dates (Date) and ISRCs by header.

    Args:
        world: the simulation.
        panel: the tracks.
        slots: (n,) which of them, in the order of the result.
    """
    serials = panel.serials[slots]
    dates = pl.Series(panel.releases[slots] - EPOCH_ORDINAL).cast(pl.Int32).cast(pl.Date)
    titles = title_tracks(world, serials)
    years = dates.dt.year().cast(pl.Int64).to_numpy()
    return {
        columns.TITLE: add_guests(world, serials, titles),
        columns.ALBUM: name_albums(world, serials, titles),
        columns.ARTIST: name_artists(world.artists_of(serials), world.seed),
        columns.RELEASE_DATE: dates,
        columns.ISRC: code_tracks(serials, years, world.seed),
    }
