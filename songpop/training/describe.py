"""The card of a model that has just been trained and decided upon."""

from songpop.card import CardMaterial, describe_blocks, write_card
from songpop.formats.spec import FormatSpec
from songpop.policy import TrainingPlan
from songpop.training.fit import Trained
from songpop.training.gather import TrainingSet


def describe_model(
    trained: Trained,
    training_set: TrainingSet,
    spec: FormatSpec,
    plan: TrainingPlan,
    decision: str,
    exports_count: int,
) -> str:
    """Return the card, in Markdown.

    Args:
        trained: the model.
        training_set: what it learned from and was tested on.
        spec: the feed's format.
        plan: why it was trained.
        decision: promoted or refused, and why.
        exports_count: exports that the rows came from.
    """
    labels = training_set.labels
    feeds = labels.get_column("feed").unique().sort().to_list()
    material = CardMaterial(
        model=trained.model,
        manifest=trained.manifest,
        spec=spec,
        blocks=describe_blocks(labels, training_set.blocks, trained.model.feed),
        other_feeds=tuple(feed for feed in feeds if feed != trained.model.feed),
        exports_count=exports_count,
        trained_because=plan.because,
        decision=decision,
    )
    return write_card(material)
