"""The three networks: λ, epochs and ensemble chosen by inner folds, then fitted on all rows."""

from dataclasses import dataclass
from itertools import product
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from songpop.model.evaluation import EpochLosses
from songpop.model.sample import Sample
from songpop.reproduce.choice import Choice, Fitted, Trial, choose_calibration, judge_logits
from songpop.reproduce.fitter import Fitter, get_fitter
from songpop.reproduce.material import Material
from songpop.reproduce.plan import SEED_STRIDE, ReproducePlan

NetworkName = Literal["vanilla", "l1", "l2"]
Floats = NDArray[np.float32]
Curve = tuple[EpochLosses, ...]


@dataclass(frozen=True, eq=False)
class _Candidate:
    """A setting with the logits (n,) of all rows to fit on, each by a network new to it."""

    trial: Trial
    logits: Floats
    curve: Curve

    @property
    def strength(self) -> float:
        return self.trial.setting["lambda"]

    @property
    def softness(self) -> float:
        return self.trial.setting["softness"]

    @property
    def epochs(self) -> int:
        return int(self.trial.setting["epochs"])

    @property
    def members(self) -> int:
        return int(self.trial.setting["members"])


def fit_networks(name: NetworkName, material: Material, plan: ReproducePlan) -> list[Fitted]:
    """Choose the settings of a network inside its rows and fit it with several seeds.

    λ, the number of epochs and, for ``l2``, the softness of the targets are those with the lowest
    log loss of single networks over the inner folds; the size of the ensemble is then chosen in
    the same way. ``vanilla``, ``l1`` and the published three are single networks fitted to the
    label. Settings and Platt scaling are chosen with the first seed, for all of them.

    Returns:
        One answer; of ``l2`` two, its ensemble and the first members alone (``l2_single``).
    """
    settings = plan.network.model_copy(update={"regularizer": "l1" if name == "l1" else "l2"})
    study = _Study(get_fitter(material.fit.x.shape[1], settings), material, settings.seed)
    # Without a penalty the network is the one whose λ is 0.
    grid = {"vanilla": (0.0,), "l1": plan.l1_grid, "l2": plan.l2_grid}[name]
    softness = plan.softness_grid if name == "l2" else (0.0,)
    singles = study.try_grid([*product(grid, softness)], plan.epochs)
    single = _best(singles)
    if name != "l2":
        return [study.answer(name, singles, single, study.fit_all(single, members=1))]
    ensembles = study.grow(single, plan.members_grid)
    best = _best(ensembles)
    logits = study.fit_all(single, best.members)
    return [
        study.answer("l2", [*singles, *ensembles], best, logits),
        study.answer("l2_single", singles, single, logits[:, :1]),
    ]


def _best(candidates: list[_Candidate]) -> _Candidate:
    return min(candidates, key=lambda one: one.trial.log_loss)


@dataclass(frozen=True, eq=False)
class _Study:
    fitter: Fitter
    material: Material
    seed: int

    def try_grid(self, grid: list[tuple[float, float]], ends: tuple[int, ...]) -> list[_Candidate]:
        """Judge each λ and softness at each number of epochs, by single networks."""
        found: list[_Candidate] = []
        for strength, softness in grid:
            logits, curve = self._unseen(strength, softness, self.seed, ends)
            for epochs, row in zip(ends, logits, strict=True):
                setting = {"lambda": strength, "softness": softness, "epochs": float(epochs)}
                found.append(self._candidate({**setting, "members": 1.0}, row, curve))
        return found

    def grow(self, single: _Candidate, sizes: tuple[int, ...]) -> list[_Candidate]:
        """Judge ensembles of the given sizes, with the setting of *single*, their first."""
        total = single.logits
        found: list[_Candidate] = []
        for size in range(1, max(sizes) + 1):
            if size > 1:
                more, _ = self._unseen(
                    single.strength, single.softness, self.seed + size - 1, (single.epochs,)
                )
                total = total + more[0]
            if size in sizes:
                mean = total / np.float32(size)
                setting = {**single.trial.setting, "members": float(size)}
                found.append(self._candidate(setting, mean, single.curve))
        return found

    def fit_all(self, chosen: _Candidate, members: int) -> Floats:
        """Return (seeds, members, test rows) logits of networks fitted on every row."""
        shape = (self.material.seeds_count, members, len(self.material.test))
        logits = np.empty(shape, dtype=np.float32)
        taught = self.material.fit.x, self.material.targets(chosen.softness)
        for place in np.ndindex(shape[:2]):
            seed = self.seed + place[0] * SEED_STRIDE + place[1]
            ends = (chosen.epochs,)
            fit = self.fitter.fit(taught, self.material.test, chosen.strength, seed, ends)
            logits[place] = fit.logits[0]
        return logits

    def answer(
        self, name: str, tried: list[_Candidate], chosen: _Candidate, logits: Floats
    ) -> Fitted:
        """Return probabilities of the mean logits over members, scaled if that was chosen."""
        y, folds = self.material.fit.y, self.material.folds
        scaling, raw_loss, scaled_loss = choose_calibration(y, chosen.logits, folds)
        choice = Choice(
            setting=chosen.trial.setting,
            trials=tuple(candidate.trial for candidate in tried),
            is_calibrated=scaling.method == "platt",
            raw_log_loss=raw_loss,
            calibrated_log_loss=scaled_loss,
            curve=chosen.curve,
        )
        return Fitted(name, scaling.probability(logits.mean(axis=1)), choice)

    def _unseen(
        self, strength: float, softness: float, seed: int, ends: tuple[int, ...]
    ) -> tuple[Floats, Curve]:
        """Return (ends, n) logits of rows new to their network, and the first fold's curve."""
        sample = self.material.fit
        logits = np.empty((len(ends), sample.y.size), dtype=np.float32)
        curves: list[Curve] = []
        for others, fold in self.material.divided():
            rest = sample.x[others], self.material.targets(softness, others)
            held = Sample(sample.x[fold], sample.y[fold])
            fit = self.fitter.fit(rest, held, strength, seed, ends)
            logits[:, fold] = fit.logits
            curves.append(fit.curve)
        return logits, curves[0]

    def _candidate(self, setting: dict[str, float], logits: Floats, curve: Curve) -> _Candidate:
        losses = judge_logits(self.material.fit.y, logits, self.material.folds)
        return _Candidate(Trial(setting, min(losses)), logits, curve)
