"""Loaded models, each verified and read once a session."""

from songpop.model.artefact import load_artefact
from songpop.model.scorer import Scorer
from songpop.pipeline.session import Session
from songpop.registry import ModelVersion


def load_scorer(session: Session, model: ModelVersion) -> Scorer:
    """Return the scorer of a registered version.

    Raises:
        ArtefactError: its files are missing, or their SHA-256 differs from the registry's.
    """
    if model.version not in session.scorers:
        folder = session.paths.models / model.feed / model.version
        session.scorers[model.version] = load_artefact(folder, model.artefact_sha256)
    return session.scorers[model.version]
