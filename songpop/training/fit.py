"""Fit a model, or take up the one that the very same data and settings gave before."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from songpop.errors import ArtefactError
from songpop.model.artefact import load_artefact, read_manifest, save_artefact
from songpop.model.candidate import Candidate
from songpop.model.manifest import Manifest
from songpop.model.prepare import digest_prepared
from songpop.model.train import calibrate, fit_networks, prepare_network, train_logistic
from songpop.pipeline.session import PlannedWeek, Session
from songpop.policy import TrainingPlan
from songpop.registry import ModelVersion
from songpop.training.compare import compare_with_baselines
from songpop.training.gather import TrainingSet
from songpop.training.ingredients import list_ingredients
from songpop.warehouse.sqlfiles import read_sql

_DIGEST_LENGTH = 10


@dataclass(frozen=True)
class Trained:
    """A model whose artefact is on disk, with what is registered about it."""

    model: ModelVersion
    manifest: Manifest
    settings: Mapping[str, Any]
    metrics: Mapping[str, Any]
    calibration: Mapping[str, Any]


def fit_or_reuse(
    session: Session, week: PlannedWeek, training_set: TrainingSet, plan: TrainingPlan
) -> Trained:
    """Fit a model and write its artefact.

    A version is named after the digest of everything that it depends on: rows, settings, the
    code that fits and its packages (``list_ingredients``). Since training is deterministic on one
    machine, an artefact of that name that the registry knows is the model, and is not trained
    twice.

    Args:
        session: the warehouse, held for writing.
        week: the week in which the model is trained.
        training_set: what it learns from.
        plan: its kind and label.
    """
    digest = _digest(session, training_set, plan)
    version = f"{week.feed}-{week.week}-{plan.label}-{plan.kind}-{digest}"
    folder = session.paths.models / week.feed / version
    sha256 = _find_registered(session, version)
    if sha256 is None or not _is_whole(folder, sha256):
        candidate = compare_with_baselines(_train(session, training_set, plan), training_set)
        sha256 = save_artefact(candidate, folder)
    manifest = read_manifest(folder, sha256)
    return Trained(
        model=ModelVersion(
            version=version,
            feed=week.feed,
            kind=plan.kind,
            label=plan.label,
            horizon_weeks=session.settings.feed(week.feed).horizon_weeks,
            trained_week=week.week,
            seen_until_week=training_set.seen_until,
            artefact_sha256=sha256,
        ),
        manifest=manifest,
        settings=manifest.settings,
        metrics=manifest.metrics.model_dump(mode="json"),
        calibration=manifest.calibration.model_dump(mode="json"),
    )


def _train(session: Session, training_set: TrainingSet, plan: TrainingPlan) -> Candidate:
    features, labels, blocks = training_set.features, training_set.labels, training_set.blocks
    settings = session.settings.training
    if plan.kind == "logistic":
        return train_logistic(features, labels, blocks, settings)
    data = prepare_network(features, labels, blocks, settings)
    digest = digest_prepared(data)
    if digest not in session.fitted:
        # The regions of a format learn from the same rows in turn; only their calibration differs.
        session.fitted.clear()
        session.fitted[digest] = fit_networks(data, settings)
    return calibrate(session.fitted[digest], features, labels, blocks, settings)


def _find_registered(session: Session, version: str) -> str | None:
    """Return the SHA-256 that the registry knows; files that it does not know are not trusted."""
    row = session.con.execute(read_sql("load/show_model_sha256"), {"version": version}).fetchone()
    return None if row is None else str(row[0])


def _is_whole(folder: Path, sha256: str) -> bool:
    try:
        load_artefact(folder, sha256)
    except ArtefactError:
        return False
    return True


def _digest(session: Session, training_set: TrainingSet, plan: TrainingPlan) -> str:
    blocks = training_set.blocks
    hasher = hashlib.sha256()
    hasher.update(session.settings.training.model_dump_json().encode())
    hasher.update(f"{plan.kind} {plan.label} {list_ingredients(plan.kind)}".encode())
    for rows in (blocks.fit, blocks.stop, blocks.calibrate, blocks.test):
        hasher.update(rows.tobytes())
        hasher.update(b"|")
    for frame in (training_set.features, training_set.labels, training_set.facts):
        for column in frame.iter_columns():
            hasher.update(f"{column.name} ".encode())
            hasher.update(column_bytes(column))
    return hasher.hexdigest()[:_DIGEST_LENGTH]


def column_bytes(column: pl.Series) -> bytes:
    """Return what a digest takes in of *column*; no version of a library changes it."""
    if column.dtype.is_numeric() or column.dtype == pl.Boolean:
        # NaN cannot occur in features, so it can stand for null here.
        return column.cast(pl.Float64).fill_null(float("nan")).to_numpy().tobytes()
    return "\n".join(column.cast(pl.String).fill_null("").to_list()).encode()
