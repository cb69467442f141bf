"""What a card is made from."""

import datetime as dt
from dataclasses import dataclass

import polars as pl

from songpop.formats.spec import FormatSpec
from songpop.gate import GateFigures
from songpop.model.blocks import Blocks, Rows
from songpop.model.evaluation import BlockMetrics
from songpop.model.manifest import Manifest
from songpop.registry import ModelVersion
from songpop.splits import ROW_BLOCKS


@dataclass(frozen=True)
class BlockFacts:
    """The rows of one block."""

    name: str
    """fit, stop, calibrate or test."""
    rows_count: int
    other_rows_count: int
    """Of these, rows of other regions."""
    weeks_count: int
    """Different weeks, whichever feed they are of."""
    first_week: dt.date | None
    """Null where the block is empty."""
    last_week: dt.date | None
    base_rate: float | None
    """Share of rows that are high; null where the block is empty."""


@dataclass(frozen=True)
class CardMaterial:
    """Everything that the card of a version may speak of."""

    model: ModelVersion
    manifest: Manifest
    spec: FormatSpec
    """The feed's format."""
    blocks: tuple[BlockFacts, ...]
    """The four, in order; empty ones too."""
    other_feeds: tuple[str, ...]
    """Other regions whose rows it was fitted or stopped on, sorted."""
    exports_count: int
    trained_because: str
    decision: str
    """Promoted or refused, and why."""
    gate: GateFigures | None = None
    """What it was compared with its champion by; null: it was not."""

    @property
    def test(self) -> BlockMetrics | None:
        """Figures of the test block; null where there is none."""
        return self.manifest.metrics.test

    @property
    def is_promoted(self) -> bool:
        """Whether it became champion when it was registered."""
        return self.decision.startswith("promoted")

    @property
    def size_label(self) -> str:
        """How people call the metric that ranks the tracks, as the format has it."""
        is_snapshot = self.model.label == "snapshot"
        name = (self.spec.snapshot_source if is_snapshot else None) or self.spec.size_metric
        return self.spec.column(name).label

    def block(self, name: str) -> BlockFacts:
        """Return the block called *name*."""
        return next(one for one in self.blocks if one.name == name)


def describe_blocks(labels: pl.DataFrame, blocks: Blocks, feed: str) -> tuple[BlockFacts, ...]:
    """Return the facts of the four blocks, in order.

    Args:
        labels: (n, 3+), feed, week and is_high.
        blocks: numbers of its rows.
        feed: the model's own feed; rows of any other are of other regions.
    """
    return tuple(_describe(name, labels, getattr(blocks, name), feed) for name in ROW_BLOCKS)


def _describe(name: str, labels: pl.DataFrame, numbers: Rows, feed: str) -> BlockFacts:
    rows = labels[numbers]
    weeks = rows.get_column("week").unique().sort().to_list()
    return BlockFacts(
        name=name,
        rows_count=rows.height,
        other_rows_count=rows.filter(pl.col("feed") != feed).height,
        weeks_count=len(weeks),
        first_week=weeks[0] if weeks else None,
        last_week=weeks[-1] if weeks else None,
        base_rate=float(rows.get_column("is_high").to_numpy().mean()) if rows.height else None,
    )
