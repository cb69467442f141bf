"""When a feed gets a new model, and of which kind: a pure function of what is known that week."""

import datetime as dt
from dataclasses import dataclass
from typing import Final, Literal

from songpop.settings import LabelKind, TrainingSettings

ModelKind = Literal["network", "logistic", "persistence", "constant"]
Because = Literal["first", "drift", "refresh", "forced"]

STAND_INS: Final = ("persistence", "constant")
"""Kinds that score in the place of a network that did worse than they."""
STAND_IN_WEEKS: Final = 4
"""Weeks between two challengers of a stand-in; DESIGN's cool-down after a training."""

_WEEK_DAYS = 7
# A week may come up to three days off its cadence and still count as the one it stands for.
_SLACK_DAYS = 3


@dataclass(frozen=True)
class TrainingFacts:
    """What decides about training, as known in the week that is being scored."""

    week: dt.date
    label: LabelKind
    has_snapshot_source: bool
    matured_weeks_count: int
    """Weeks whose forward labels are known."""
    matured_rows_count: int
    champion_kind: ModelKind | None
    """Null while the feed has no model."""
    champion_label: LabelKind | None
    last_trained_week: dt.date | None
    """The week in which a model was last trained, promoted or not."""
    is_forced: bool
    is_drifted: bool = False
    """Whether the week's data say that the champion no longer fits them."""
    has_had_network: bool = False
    """Whether a network that foresees the label has been champion before: what stands in its place
    now was put there for a reason, and makes way to a challenger that passes the gate alone."""


@dataclass(frozen=True)
class TrainingPlan:
    """A model to train now, and why."""

    kind: ModelKind
    label: LabelKind
    because: Because
    replaces_unseen: bool
    """Whether it becomes champion without a comparison: there is none, or only a lesser kind."""


def plan_training(facts: TrainingFacts, settings: TrainingSettings) -> TrainingPlan | None:
    """Return the model to train this week, or null for none.

    A feed with a snapshot source starts with a snapshot network; any feed gets a logistic model,
    marked provisional, once a few weeks have matured, and the forward network once there is
    enough for it. After that a model is trained when the data drift, every ``refresh_weeks``
    weeks, or when forced; while a simpler model stands in for the network, every four weeks. The
    challenger of a snapshot model, which no gate could let pass, is trained when forced alone.
    """
    candidate = _best_kind(facts, settings)
    if candidate is None:
        return None
    kind, label = candidate
    if facts.champion_kind is None:
        return TrainingPlan(kind, label, "first", replaces_unseen=True)
    if _is_step_up(facts, kind, label):
        return TrainingPlan(kind, label, "first", replaces_unseen=True)
    is_asked = facts.is_forced and not facts.is_drifted
    because = "forced" if is_asked else _find_occasion(facts, settings)
    if because is None or (not facts.is_forced and find_obstacle(facts, settings) is not None):
        return None
    return TrainingPlan(kind, label, because, replaces_unseen=False)


def find_obstacle(facts: TrainingFacts, settings: TrainingSettings) -> str | None:
    """Return why drift can start no training, in words; null where it can."""
    candidate = _best_kind(facts, settings)
    if candidate is None:
        if facts.label == "snapshot":
            return "the feed is set to snapshots, and its format declares no source for them"
        return (
            f"{'no model yet: ' if facts.champion_kind is None else ''}the labels of "
            f"{facts.matured_weeks_count} weeks are known, of at least "
            f"{settings.provisional_matured_weeks}"
        )
    if candidate[1] == "snapshot" == facts.champion_label:
        return (
            "no later week could show a new snapshot model to be better than the present one, "
            "until there are weeks enough for a forward model; --force-retrain trains one that a "
            "person may promote"
        )
    return None


def _best_kind(
    facts: TrainingFacts, settings: TrainingSettings
) -> tuple[ModelKind, LabelKind] | None:
    if facts.label != "snapshot":
        if (
            facts.matured_weeks_count >= settings.network_matured_weeks
            and facts.matured_rows_count >= settings.network_matured_rows
        ):
            return "network", facts.label
        if facts.has_snapshot_source:
            return "network", "snapshot"
        if facts.matured_weeks_count >= settings.provisional_matured_weeks:
            return "logistic", facts.label
        return None
    return ("network", "snapshot") if facts.has_snapshot_source else None


def _is_step_up(facts: TrainingFacts, kind: ModelKind, label: LabelKind) -> bool:
    was_lesser = facts.champion_kind == "logistic" or facts.champion_label == "snapshot"
    is_network = kind == "network" and label != "snapshot"
    return was_lesser and is_network and not facts.has_had_network


def _find_occasion(facts: TrainingFacts, settings: TrainingSettings) -> Because | None:
    if facts.is_drifted:
        return "drift"
    if facts.champion_kind in STAND_INS:
        return "drift" if _is_due(facts, STAND_IN_WEEKS) else None
    return "refresh" if _is_due(facts, settings.refresh_weeks) else None


def _is_due(facts: TrainingFacts, weeks: int) -> bool:
    if facts.last_trained_week is None:
        return True
    due_days = weeks * _WEEK_DAYS - _SLACK_DAYS
    return (facts.week - facts.last_trained_week).days >= due_days
