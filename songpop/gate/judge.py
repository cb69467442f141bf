"""The rules by which a challenger replaces a champion (DESIGN, Gate)."""

from songpop.evaluate.clusters import ClusterBootstrap
from songpop.evaluate.report import number_groups
from songpop.evaluate.slices import AGE_BANDS
from songpop.gate.calibration import bound_calibration_error
from songpop.gate.evidence import GateEvidence
from songpop.gate.verdict import GateFigures, SliceFigures, Verdict
from songpop.gate.words import (
    say_gain,
    say_miscalibrated,
    say_scant,
    say_small_gain,
    say_unbeaten,
    say_worse_ages,
)
from songpop.model.metrics import auc, log_loss
from songpop.settings import GateSettings


def judge(evidence: GateEvidence, settings: GateSettings, champion: str = "champion") -> Verdict:
    """Decide whether the challenger replaces the champion.

    It must be shown to be better by the margin, on weeks and rows enough, be calibrated as far as
    that can be told, lose no age, and have a lower log loss than the simpler models.

    Args:
        evidence: rows that neither model has seen.
        settings: the rules.
        champion: its version, for the figures.

    Returns:
        The verdict: promoted with what was shown, or refused with each rule that was not met.
    """
    figures = measure(evidence, settings, champion)
    if scant := say_scant(figures):
        return Verdict(is_promoted=False, reasons=(scant,), figures=figures)
    lacks = [
        *filter(None, (say_small_gain(figures), say_miscalibrated(figures))),
        *say_worse_ages(figures),
        *say_unbeaten(figures),
    ]
    return Verdict(not lacks, tuple(lacks) or (say_gain(figures),), figures)


def measure(evidence: GateEvidence, settings: GateSettings, champion: str) -> GateFigures:
    """Return everything that the rules look at."""
    y = evidence.y
    bootstrap = ClusterBootstrap(
        evidence.artists,
        number_groups(evidence.weeks.to_frame("week")),
        settings.seed,
        settings.draws_count,
    )
    is_judged = y.size >= settings.calibration_rows
    return GateFigures(
        rows_count=y.size,
        weeks_count=evidence.weeks_count,
        first_week=evidence.first_week,
        last_week=evidence.last_week,
        champion=champion,
        champion_log_loss=log_loss(y, evidence.champion),
        challenger_log_loss=log_loss(y, evidence.challenger),
        difference=bootstrap.compare_log_loss(y, evidence.challenger, evidence.champion),
        calibration_error=(
            bound_calibration_error(bootstrap, y, evidence.challenger) if is_judged else None
        ),
        slices=_compare_ages(evidence, settings),
        baselines=dict(evidence.baselines),
        rules=settings,
    )


def _compare_ages(evidence: GateEvidence, settings: GateSettings) -> dict[str, SliceFigures]:
    ages = evidence.age_weeks.to_frame("age_weeks")
    found: dict[str, SliceFigures] = {}
    for title, rule in AGE_BANDS.items():
        rows = ages.select(rule.fill_null(value=False)).to_series().to_numpy()
        y = evidence.y[rows]
        areas = [auc(y, p[rows]) for p in (evidence.champion, evidence.challenger)]
        if y.size >= settings.slice_rows and areas[0] is not None and areas[1] is not None:
            found[title] = SliceFigures(
                rows_count=y.size, champion_auc=areas[0], challenger_auc=areas[1]
            )
    return found
