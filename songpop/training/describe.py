"""The card of a model that has just been trained and decided upon."""

from dataclasses import dataclass

from songpop.card import CardMaterial, describe_blocks, write_card
from songpop.formats.spec import FormatSpec
from songpop.gate import GateFigures
from songpop.training.fit import Trained
from songpop.training.gather import TrainingSet


@dataclass(frozen=True)
class Told:
    """What the card says of a training beside the model itself."""

    trained_because: str
    decision: str
    """Promoted or refused, and why."""
    exports_count: int
    """Exports that the rows came from."""
    gate: GateFigures | None
    """Null where the gate was not asked, or found nothing to compare on."""


def describe_model(
    trained: Trained, training_set: TrainingSet, spec: FormatSpec, told: Told
) -> str:
    """Return the card, in Markdown.

    Args:
        trained: the model.
        training_set: what it learned from and was tested on.
        spec: the feed's format.
        told: why it was trained, and what was decided.
    """
    labels = training_set.labels
    feeds = labels.get_column("feed").unique().sort().to_list()
    material = CardMaterial(
        model=trained.model,
        manifest=trained.manifest,
        spec=spec,
        blocks=describe_blocks(labels, training_set.blocks, trained.model.feed),
        other_feeds=tuple(feed for feed in feeds if feed != trained.model.feed),
        exports_count=told.exports_count,
        trained_because=told.trained_because,
        decision=told.decision,
        gate=told.gate,
    )
    return write_card(material)
