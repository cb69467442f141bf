"""A stand-in becomes a registered version, with an artefact and a card like any other."""

import hashlib
from typing import Final

from songpop.card import CardMaterial, describe_blocks, write_card
from songpop.model.artefact import read_manifest, save_artefact
from songpop.model.candidate import Candidate
from songpop.pipeline.session import WeekRun
from songpop.registry import ModelVersion, Registration, promote, register
from songpop.training.exports import list_exports
from songpop.training.fit import column_bytes
from songpop.training.matured import MaturedScores

_DIGEST_LENGTH: Final = 10


def install_stand_in(
    run: WeekRun,
    champion: ModelVersion,
    matured: MaturedScores,
    stand_in: Candidate,
    reason: str,
) -> None:
    """Write, register and promote a stand-in from the week of *run* on.

    Args:
        run: the week's run.
        champion: the network that it stands in for.
        matured: what it learned from and was compared on.
        stand_in: the candidate that was compared.
        reason: why, in words; stored with the stand-in and with the champion that goes.
    """
    session, week = run.session, run.plan
    digest = _digest(matured, stand_in)
    version = f"{week.feed}-{week.week}-{champion.label}-{stand_in.kind}-{digest}"
    folder = session.paths.models / week.feed / version
    sha256 = save_artefact(stand_in, folder)
    model = ModelVersion(
        version=version,
        feed=week.feed,
        kind=stand_in.kind,
        label=champion.label,
        horizon_weeks=champion.horizon_weeks,
        trained_week=week.week,
        seen_until_week=matured.seen_until,
        artefact_sha256=sha256,
        warning=f"is {stand_in.kind}, which stands in for {champion.version} until a better "
        "one passes the gate",
    )
    session.scorers.pop(version, None)
    register(session.con, _describe(run, model, matured, reason), session.run_id, session.now)
    promote(session.con, week.week, model, f"demoted: {reason}")


def _describe(
    run: WeekRun, model: ModelVersion, matured: MaturedScores, reason: str
) -> Registration:
    session = run.session
    manifest = read_manifest(
        session.paths.models / model.feed / model.version, model.artefact_sha256
    )
    exports = list_exports(session.con, matured.labels)
    decision = f"promoted: stands in, since {reason}"
    card = write_card(
        CardMaterial(
            model=model,
            manifest=manifest,
            spec=run.spec,
            blocks=describe_blocks(matured.labels, matured.blocks, model.feed),
            other_feeds=(),
            exports_count=len(exports),
            trained_because="drift",
            decision=decision,
        )
    )
    return Registration(
        model=model,
        trained_because="drift",
        decision=decision,
        trained_on_weeks=tuple(matured.labels.get_column("week").unique().sort()),
        trained_on_exports=exports,
        rows_count=matured.labels.height,
        settings=manifest.settings,
        metrics=manifest.metrics.model_dump(mode="json"),
        calibration=manifest.calibration.model_dump(mode="json"),
        card=card,
    )


def _digest(matured: MaturedScores, stand_in: Candidate) -> str:
    hasher = hashlib.sha256(f"{stand_in.kind} {stand_in.settings.model_dump_json()}".encode())
    for rows in (matured.blocks.fit, matured.blocks.test):
        hasher.update(rows.tobytes())
    for frame in (matured.features, matured.labels):
        for column in frame.iter_columns():
            hasher.update(f"{column.name} ".encode())
            hasher.update(column_bytes(column))
    return hasher.hexdigest()[:_DIGEST_LENGTH]
