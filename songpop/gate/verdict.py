"""What the gate says, as it is stored: figures for machines, reasons for people."""

import datetime as dt
from dataclasses import dataclass

from pydantic import BaseModel, ConfigDict

from songpop.evaluate.clusters import Difference
from songpop.settings import GateSettings


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class SliceFigures(_Frozen):
    """Both models on the rows of one age."""

    rows_count: int
    champion_auc: float
    challenger_auc: float


class GateFigures(_Frozen):
    """What a challenger was compared by; ``ml.models.gate``."""

    rows_count: int
    weeks_count: int
    first_week: dt.date
    last_week: dt.date
    champion: str
    """The version that it was compared with."""
    champion_log_loss: float
    """Mean over the rows, in nats."""
    challenger_log_loss: float
    difference: Difference
    """The challenger's less the champion's, with its 95 % interval; below 0 is better."""
    calibration_error: Difference | None
    """The challenger's; null where the rows are too few to say."""
    slices: dict[str, SliceFigures]
    """By age; those with rows enough, of both classes."""
    baselines: dict[str, Difference]
    """The challenger's log loss less each baseline's."""
    rules: GateSettings


@dataclass(frozen=True)
class Verdict:
    """Whether a challenger becomes champion, and why."""

    is_promoted: bool
    reasons: tuple[str, ...]
    """Promoted: what was shown; refused: each rule that it did not meet. With the figures."""
    figures: GateFigures | None = None
    """Null where there was nothing to compare on."""

    @property
    def text(self) -> str:
        """The reasons as one line."""
        return "; ".join(self.reasons)
