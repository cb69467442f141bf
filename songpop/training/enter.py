"""A challenger enters the gate: its champion and itself on the rows that neither has seen."""

import numpy as np
import polars as pl

from songpop.evaluate.clusters import Difference
from songpop.evaluate.report import Evaluation, number_groups
from songpop.gate import GateEvidence, Verdict, judge
from songpop.gate.warning import SIMPLER
from songpop.model.rows import thin_rows
from songpop.pipeline.session import Session
from songpop.registry import ModelVersion
from songpop.training.compare import MOST_TESTED_ROWS
from songpop.training.fit import Trained
from songpop.training.gather import TrainingSet
from songpop.training.scorers import load_scorer


def enter_gate(
    session: Session, trained: Trained, training_set: TrainingSet, champion: ModelVersion
) -> Verdict:
    """Judge a challenger by its test block, as the artefact that would be promoted.

    Args:
        session: the warehouse, held for writing.
        trained: the challenger, its artefact on disk.
        training_set: what it was trained on; of a bigger test block at most 50,000 rows count, the
            same that its baselines were compared on.
        champion: the model that it would replace, for the same label.

    Raises:
        CheckError: either model has seen the test block.
        ArtefactError: a model's files are missing or differ from the registry's.
    """
    test = thin_rows(training_set.features, training_set.blocks.test, MOST_TESTED_ROWS)
    evaluation = trained.manifest.metrics.evaluation
    if not test.size or evaluation is None:
        reason = "insufficient evidence: no weeks that neither model has seen"
        return Verdict(is_promoted=False, reasons=(reason,))
    features, labels = training_set.take(test)
    facts = training_set.facts[test]
    evidence = GateEvidence(
        y=labels.get_column("is_high").to_numpy(),
        champion=_score(session, champion, features),
        challenger=_score(session, trained.model, features),
        artists=number_groups(facts.select("artist")),
        weeks=labels.get_column("week"),
        age_weeks=facts.get_column("age_weeks"),
        baselines=_beside_simpler(evaluation),
        champion_seen_until=champion.seen_until_week,
        challenger_seen_until=training_set.seen_until,
        horizon_weeks=trained.model.horizon_weeks,
    )
    return judge(evidence, session.settings.gate, champion.version)


def _beside_simpler(evaluation: Evaluation) -> dict[str, Difference]:
    return {one.other: one.log_loss for one in evaluation.comparisons if one.other in SIMPLER}


def _score(
    session: Session, model: ModelVersion, features: pl.DataFrame
) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    scorer = load_scorer(session, model)
    return scorer.score(features, with_reasons=False).get_column("score").to_numpy()
