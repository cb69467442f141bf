import numpy as np
import polars as pl

from songpop.simulate.columns import ALBUM, ARTIST, ISRC, RELEASE_DATE, TITLE
from songpop.simulate.describe import describe_tracks
from songpop.simulate.roster import World
from songpop.simulate.tracks import Regime, first_panel

WORLD = World(seed=7, tracks_count=50)


def test_a_track_is_described_alike_wherever_it_stands() -> None:
    panel = first_panel(WORLD, Regime())
    slots = np.array([3, 1, 40])
    everything = pl.DataFrame(describe_tracks(WORLD, panel, np.arange(50)))

    assert everything.columns == [TITLE, ALBUM, ARTIST, RELEASE_DATE, ISRC]
    assert pl.DataFrame(describe_tracks(WORLD, panel, slots)).equals(everything[slots.tolist()])


def test_release_dates_are_the_panels() -> None:
    panel = first_panel(WORLD, Regime())
    dates = describe_tracks(WORLD, panel, np.arange(50))[RELEASE_DATE]

    assert [date.toordinal() for date in dates] == panel.releases.tolist()
