"""The registry: which model versions exist, which one scores a feed in a week, and why."""

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

import duckdb

from songpop.policy import ModelKind
from songpop.settings import LabelKind
from songpop.warehouse.sqlfiles import read_sql

WAITS: Final = "waits for approval"
"""How the decision about a challenger begins that passed the gate and is put to a person."""

DecidedBy = Literal["gate", "hand"]
"""Who made a version champion: the rules, or a person, whose word holds in a replay too."""


@dataclass(frozen=True)
class ModelVersion:
    """A registered model, as far as scoring and training need to know it."""

    version: str
    feed: str
    kind: ModelKind
    label: LabelKind
    horizon_weeks: int
    trained_week: dt.date
    seen_until_week: dt.date
    """The last week whose rows it was fitted, stopped or calibrated on."""
    artefact_sha256: str
    warning: str | None = None
    """What must be said beside its scores; null: nothing."""

    @property
    def is_provisional(self) -> bool:
        """Whether its scores are marked as coming from a stand-in for the network."""
        return self.kind != "network"


@dataclass(frozen=True)
class Registration:
    """What is stored about a version beside the artefact."""

    model: ModelVersion
    trained_because: str
    decision: str
    trained_on_weeks: tuple[dt.date, ...]
    trained_on_exports: tuple[str, ...]
    rows_count: int
    settings: Mapping[str, Any]
    metrics: Mapping[str, Any]
    calibration: Mapping[str, Any]
    card: str | None = None
    """Markdown; see ``songpop.card``."""
    gate: Mapping[str, Any] | None = None
    """What the gate found; null: it was not asked."""


def champion_as_of(
    con: duckdb.DuckDBPyConnection, feed: str, week: dt.date, *, inclusive: bool
) -> ModelVersion | None:
    """Return the model that scores *feed* in *week*; null while there is none.

    Args:
        con: a connection to the private file.
        feed: the feed.
        week: the day that ends the week.
        inclusive: whether a model promoted in that very week counts; of two, the one that was
            promoted by hand.
    """
    row = con.execute(
        read_sql("load/champion_as_of"), {"feed": feed, "week": week, "inclusive": inclusive}
    ).fetchone()
    return None if row is None else ModelVersion(*row)


def is_decided_by_hand(con: duckdb.DuckDBPyConnection, feed: str, week: dt.date) -> bool:
    """Return whether somebody decided which model scores *feed* from exactly *week* on."""
    key = {"feed": feed, "week": week}
    return con.execute(read_sql("load/hand_decisions"), key).fetchone() is not None


def last_trained_week(con: duckdb.DuckDBPyConnection, feed: str, week: dt.date) -> dt.date | None:
    """Return the last week before *week* in which a model of *feed* was trained."""
    row = con.execute(read_sql("load/last_trained_week"), {"feed": feed, "week": week}).fetchone()
    return None if row is None else row[0]


def forget_week(con: duckdb.DuckDBPyConnection, feed: str, week: dt.date) -> None:
    """Take back what the rules decided about models in *week*, before the week is run anew.

    What was decided by hand stands.
    """
    key: dict[str, object] = {"feed": feed, "week": week}
    con.execute(read_sql("load/delete_champion"), {**key, "decided_by": "gate"})
    con.execute(read_sql("load/replace_models"), key)


def register(
    con: duckdb.DuckDBPyConnection, entry: Registration, run_id: str, now: dt.datetime
) -> None:
    """Store a version; one of the same name is replaced."""
    model = entry.model
    con.execute(read_sql("load/delete_model"), {"version": model.version})
    con.execute(
        read_sql("load/insert_model"),
        {
            "version": model.version,
            "feed": model.feed,
            "kind": model.kind,
            "label": model.label,
            "horizon_weeks": model.horizon_weeks,
            "trained_week": model.trained_week,
            "trained_because": entry.trained_because,
            "decision": entry.decision,
            "trained_on_weeks": list(entry.trained_on_weeks),
            "trained_on_exports": list(entry.trained_on_exports),
            "seen_until_week": model.seen_until_week,
            "rows_count": entry.rows_count,
            "settings": json.dumps(entry.settings, sort_keys=True),
            "metrics": json.dumps(entry.metrics, sort_keys=True),
            "calibration": json.dumps(entry.calibration, sort_keys=True),
            "artefact_sha256": model.artefact_sha256,
            "run_id": run_id,
            "created_at": now,
            "card": entry.card,
            "gate": None if entry.gate is None else json.dumps(entry.gate, sort_keys=True),
            "warning": model.warning,
        },
    )


def promote(
    con: duckdb.DuckDBPyConnection,
    week: dt.date,
    model: ModelVersion,
    because: str,
    decided_by: DecidedBy = "gate",
) -> None:
    """Let *model* score its feed from *week* on, for the reason *because*."""
    key = {"feed": model.feed, "week": week, "decided_by": decided_by}
    con.execute(read_sql("load/delete_champion"), key)
    con.execute(
        read_sql("load/insert_champion"), {**key, "version": model.version, "because": because}
    )


def settle_statuses(con: duckdb.DuckDBPyConnection, feed: str) -> None:
    """Make each version's status follow from the champions, and drop replaced ones out of use.

    Versions that ever published a score are kept.
    """
    con.execute(read_sql("load/update_model_status"), {"feed": feed})
    con.execute(read_sql("load/delete_replaced_models"), {"feed": feed})
