"""What a backtest does: which weeks are tested, in blocks of how many, with which settings."""

import datetime as dt
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from songpop.settings import TrainingSettings

ForwardKind = Literal["level", "growth"]

BLOCK_WEEKS = 13
"""Weeks that one fit is tested on: as long as the weekly run keeps a model (refresh_weeks)."""


class BacktestPlan(BaseModel):
    """Everything that decides the figures, beside the rows."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    label: ForwardKind = "level"
    horizon_weeks: int = Field(default=4, ge=1, le=26)
    from_week: dt.date | None = None
    """First day whose week may be tested; null: as soon as there is enough to fit on."""
    to_week: dt.date | None = None
    """Last week that may be tested; null: the last one whose labels are known."""
    block_weeks: int = Field(default=BLOCK_WEEKS, ge=1)
    embargo_weeks: int | None = Field(default=None, ge=1)
    """From the last week that is learned from to the first tested one; null: the horizon."""
    training: TrainingSettings = TrainingSettings()

    @property
    def gap_weeks(self) -> int:
        """The embargo in weeks, never shorter than the horizon."""
        return max(self.embargo_weeks or 0, self.horizon_weeks)
