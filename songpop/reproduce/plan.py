"""What is tried and how often: the grids, the folds, the seeds."""

from typing import Final, Literal, Self

from pydantic import BaseModel, ConfigDict, Field

from songpop.settings import TrainingSettings

SEED_STRIDE: Final = 1_000
"""Between the first members of two ensembles, so that no two share a member."""

USED_SETTINGS: Final = (
    "hidden_units",
    "dropout",
    "batch_norm_momentum",
    "learning_rate",
    "halve_every_epochs",
    "max_epochs",
    "batch_rows",
    "seed",
)
"""What of the training settings a reproduction reads, beside an ``l2_grid`` of one's own."""

ModelName = Literal["vanilla", "l1", "l2", "l2_single", "logistic", "boosting"]
MODELS: tuple[ModelName, ...] = ("vanilla", "l1", "l2", "l2_single", "logistic", "boosting")


class BoostingGrid(BaseModel):
    """What histogram gradient boosting is tuned over.

    The learning rate stays at 0.05: with the number of trees chosen for it, a smaller one costs
    time and a larger one accuracy (Hastie, Tibshirani and Friedman, "The Elements of Statistical
    Learning", 2nd ed., section 10.12.1).
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    learning_rate: float = 0.05
    leaves: tuple[int, ...] = (8, 16)
    """Most leaves of a tree."""
    features_shares: tuple[float, ...] = (0.3, 1.0)
    """Share of the features that each split may choose from."""
    trees: tuple[int, ...] = (100, 150, 200, 300, 400, 600, 800, 1000, 1250, 1500)
    """Numbers of trees, all read off one fit."""
    leaf_rows: int = 20
    """Fewest rows of a leaf."""


class ReproducePlan(BaseModel):
    """Everything that decides the figures, beside the rows."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    network: TrainingSettings = TrainingSettings()
    """The design's written settings, ``USED_SETTINGS`` of them; λ as below."""
    l2_grid: tuple[float, ...] = (0.0003, 0.001, 0.003, 0.05)
    """About the shipped grid's best, and the 0.05 that the notebook's text names."""
    l1_grid: tuple[float, ...] = (0.00001, 0.0001, 0.001)
    softness_grid: tuple[float, ...] = (0.0, 0.05)
    """Of the targets that ``l2`` and boosting are fitted to; see ``soften``. 0 is the label."""
    members_grid: tuple[int, ...] = (1, 3, 5)
    """Sizes of the ensemble of ``l2`` and of boosting to choose from, rising."""
    inverse_strengths: tuple[float, ...] = (0.003, 0.03, 0.3, 3.0, 30.0)
    """scikit-learn's C of the logistic regression."""
    boosting: BoostingGrid = BoostingGrid()
    seeds_count: int = Field(default=5, ge=1)
    inner_folds_count: int = Field(default=3, ge=2)
    """Folds inside the rows that are fitted on, where everything is chosen."""
    artist_folds_count: int = Field(default=5, ge=2)
    draws_count: int = Field(default=2_000, ge=100)
    """Bootstrap samples of the artists."""
    workers_count: int = Field(default=2, ge=1)
    """Processes that share the work; no figure depends on it."""

    @classmethod
    def of(cls, training: TrainingSettings, seeds_count: int) -> Self:
        """Return the plan of the command: the shipped grids, or those of ``songpop.toml``.

        Args:
            training: the settings; their defaults are the design's written ones. An L2 grid
                other than the shipped one takes the place of this plan's.
            seeds_count: of the published split.
        """
        if training.l2_grid == TrainingSettings().l2_grid:
            return cls(network=training, seeds_count=seeds_count)
        return cls(network=training, seeds_count=seeds_count, l2_grid=training.l2_grid)

    @property
    def epochs(self) -> tuple[int, ...]:
        """Numbers of epochs to choose from: where the learning rate is halved, from a third on."""
        last, step = self.network.max_epochs, self.network.halve_every_epochs
        ends = [end for end in range(step, last, step) if 3 * end >= last]
        return (*ends, last)
