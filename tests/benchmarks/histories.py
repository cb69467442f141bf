"""Simulated histories in memory, divided as a challenger's training is, to try the gate on."""

import datetime as dt
from dataclasses import dataclass
from functools import cache

import duckdb
import numpy as np
import polars as pl

from songpop.formats.registry import load_formats
from songpop.formats.spec import FormatSpec
from songpop.labels.forward import select_labels
from songpop.labels.maturity import find_matured_weeks
from songpop.pipeline.weeks import update_history
from songpop.settings import GateSettings
from songpop.simulate.columns import NUMBERS
from songpop.simulate.observe import observe
from songpop.simulate.panel import Panel
from songpop.simulate.roster import World
from songpop.simulate.tracks import Regime, first_panel, next_panel
from songpop.training.gather import Target, TrainingSet, gather_forward
from songpop.warehouse.frames import registered
from songpop.warehouse.migrate import add_metric_columns, migrate

HORIZON_WEEKS = 4
FEED = "simulated"
_NOW = dt.datetime(2024, 1, 1, tzinfo=dt.UTC)
_CLEAN = Regime()


@dataclass(frozen=True)
class Shape:
    """How large a history is, and what the gate sees of it."""

    tracks: int
    weeks: int
    gate_weeks: int

    @property
    def title(self) -> str:
        """How the table calls it."""
        return f"{self.gate_weeks} weeks × {self.tracks:,} rows"


def gather_history(shape: Shape, seed: int) -> TrainingSet:
    """Simulate a history and divide it; its test block are the gate weeks.

    Exports go straight into an in-memory warehouse, typed, as the ingest would leave them; labels,
    features and blocks are made by the code of the weekly run.

    Args:
        shape: of the history.
        seed: of the simulation.
    """
    spec = chartmetric()
    con = duckdb.connect()
    migrate(con, _NOW)
    add_metric_columns(con, [spec])
    world = World(seed, shape.tracks)
    panel = first_panel(world, _CLEAN)
    for week in range(1, shape.weeks + 1):
        if week > 1:
            panel = next_panel(world, panel, week, _CLEAN)
        _load(con, spec, panel, _rows_of(world, panel, week, spec))
    last = dt.date.fromordinal(panel.week_ordinal)
    first_gate = last - dt.timedelta(weeks=HORIZON_WEEKS + shape.gate_weeks - 1)
    gate = GateSettings(min_weeks=shape.gate_weeks, min_rows=1)
    target = Target("level", HORIZON_WEEKS, first_gate, gate=gate)
    gathered = gather_forward(con, FEED, last, spec, target)
    con.close()
    if gathered is None or gathered.blocks.test.size < shape.gate_weeks * shape.tracks:
        raise RuntimeError(f"{shape} is too short a history for so many gate weeks")
    return gathered


@cache
def chartmetric() -> FormatSpec:
    """Return the format that the simulator writes."""
    return load_formats()["chartmetric"]


def _rows_of(world: World, panel: Panel, week: int, spec: FormatSpec) -> pl.DataFrame:
    names = {column.headers[0]: column for column in spec.metrics}
    values = observe(world, panel, week)
    day = dt.date.fromordinal(panel.week_ordinal)
    releases = panel.releases - dt.date(1970, 1, 1).toordinal()
    metrics = {
        names[header].name: pl.Series(values[row])
        .fill_nan(None)
        .cast(pl.Int64 if names[header].type == "integer" else pl.Float64)
        for row, header in enumerate(NUMBERS)
    }
    return pl.DataFrame(
        {
            "feed": [FEED] * panel.serials.size,
            "week": [day] * panel.serials.size,
            "track_id": pl.Series(panel.serials).cast(pl.String).str.zfill(9),
            "artist_name": pl.Series(world.artists_of(panel.serials)).cast(pl.String),
            "release_date": pl.Series(releases).cast(pl.Int32).cast(pl.Date),
            "is_explicit": world.is_explicit(panel.serials),
            "sha256": [str(week)] * panel.serials.size,
            "line": np.arange(panel.serials.size),
            **metrics,
        }
    )


def _load(
    con: duckdb.DuckDBPyConnection, spec: FormatSpec, panel: Panel, rows: pl.DataFrame
) -> None:
    week = dt.date.fromordinal(panel.week_ordinal)
    with registered(con, "export", rows):
        con.execute("insert into core.track_weeks by name select * from export")
    con.execute(
        "insert into core.weeks by name select $feed as feed, $week as week, $format as format, "
        "$rows as rows_count, 'x' as content_sha256, false as is_stale, $now as loaded_at",
        {"feed": FEED, "week": week, "format": spec.name, "rows": rows.height, "now": _NOW},
    )
    update_history(con, FEED, week, rows_left=False)
    for labelled in find_matured_weeks(con, FEED, week, HORIZON_WEEKS):
        select_labels(con, FEED, (labelled, week), spec, "level", into="ml.labels")
