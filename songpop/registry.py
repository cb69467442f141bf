"""The registry: which model versions exist, which one scores a feed in a week, and why."""

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import duckdb

from songpop.policy import ModelKind
from songpop.settings import LabelKind
from songpop.warehouse.sqlfiles import read_sql


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

    @property
    def is_provisional(self) -> bool:
        """Whether its scores are marked as coming from a stand-in for the network."""
        return self.kind == "logistic"


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


def champion_as_of(
    con: duckdb.DuckDBPyConnection, feed: str, week: dt.date, *, inclusive: bool
) -> ModelVersion | None:
    """Return the model that scores *feed* in *week*; null while there is none.

    Args:
        con: a connection to the private file.
        feed: the feed.
        week: the day that ends the week.
        inclusive: whether a model promoted in that very week counts.
    """
    row = con.execute(
        read_sql("load/champion_as_of"), {"feed": feed, "week": week, "inclusive": inclusive}
    ).fetchone()
    return None if row is None else ModelVersion(*row)


def last_trained_week(con: duckdb.DuckDBPyConnection, feed: str, week: dt.date) -> dt.date | None:
    """Return the last week before *week* in which a model of *feed* was trained."""
    row = con.execute(read_sql("load/last_trained_week"), {"feed": feed, "week": week}).fetchone()
    return None if row is None else row[0]


def forget_week(con: duckdb.DuckDBPyConnection, feed: str, week: dt.date) -> None:
    """Take back what was decided about models in *week*, before the week is run anew."""
    con.execute(read_sql("load/delete_champion"), {"feed": feed, "week": week})
    con.execute(read_sql("load/replace_models"), {"feed": feed, "week": week})


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
        },
    )


def promote(
    con: duckdb.DuckDBPyConnection, feed: str, week: dt.date, version: str, because: str
) -> None:
    """Let *version* score *feed* from *week* on."""
    con.execute(read_sql("load/delete_champion"), {"feed": feed, "week": week})
    con.execute(
        read_sql("load/insert_champion"),
        {"feed": feed, "week": week, "version": version, "because": because},
    )


def settle_statuses(con: duckdb.DuckDBPyConnection, feed: str) -> None:
    """Make each version's status follow from the champions, and drop replaced ones out of use."""
    con.execute(read_sql("load/update_model_status"), {"feed": feed})
    con.execute(read_sql("load/delete_replaced_models"), {"feed": feed})
