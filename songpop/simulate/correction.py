"""A corrected export: the same tracks, a few numbers changed."""

from typing import Final

import numpy as np

from songpop.simulate.columns import METRICS, METRICS_FROM
from songpop.simulate.draws import Floats, Purpose, stream
from songpop.simulate.panel import COUNTER_ROWS, Panel
from songpop.simulate.roster import World

CORRECTED_SHARE: Final = 0.005
"""The share of tracks whose numbers change, at least one."""


def correct(world: World, panel: Panel, week: int, values: Floats) -> Floats:
    """Return *values* (22, n) with half of some tracks' new streams taken back.

    The corrected totals lie between the week before and the week after, so none of them falls. The
    same tracks have one Spotify playlist more, so that the file differs even in tiny tables.
    """
    rng = stream(world.seed, Purpose.CORRECTION, week)
    count = max(1, round(CORRECTED_SHARE * world.tracks_count))
    slots = rng.choice(world.tracks_count, size=count, replace=False)
    corrected = values.copy()
    streams = METRICS_FROM + COUNTER_ROWS[0]
    excess = np.floor(panel.weekly[0, slots].astype(np.float64) / 2.0)
    corrected[streams, slots] = np.maximum(corrected[streams, slots] - excess, 1.0)
    corrected[METRICS_FROM + METRICS.index("Spotify Playlist Count"), slots] += 1.0
    return corrected
