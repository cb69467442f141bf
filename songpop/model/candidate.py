"""A fitted model, before anyone has decided what becomes of it."""

from dataclasses import dataclass
from typing import Literal

from songpop.model.calibration import Calibration
from songpop.model.conformal import Conformal
from songpop.model.evaluation import ModelMetrics
from songpop.model.inputs import InputTransform
from songpop.model.layers import Stack
from songpop.model.scorer import Scorer
from songpop.settings import TrainingSettings

ModelKind = Literal["network", "logistic", "persistence", "constant"]


@dataclass(frozen=True, eq=False)
class Candidate:
    """Everything of a fitted model.

    Attributes:
        kind: network, logistic, or the stand-in that it is.
        inputs: fitted on the fit block.
        stacks: the networks of the ensemble, or the one layer of a logistic model.
        calibration: fitted on the calibration block.
        conformal: fitted on the calibration block.
        metrics: from the test block and the grid.
        settings: with which it was trained.
        keras: the bytes of a ``.keras`` file for each network; empty for a logistic model.
    """

    kind: ModelKind
    inputs: InputTransform
    stacks: tuple[Stack, ...]
    calibration: Calibration
    conformal: Conformal
    metrics: ModelMetrics
    settings: TrainingSettings
    keras: tuple[bytes, ...] = ()

    def scorer(self) -> Scorer:
        """Return what scores with this model."""
        return Scorer(self.inputs, self.stacks, self.calibration, self.conformal)
