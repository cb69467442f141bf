"""One sentence a rule of the gate: null where it is met, else what it lacks, with the figure."""

from songpop.gate.verdict import GateFigures


def say_gain(figures: GateFigures) -> str:
    """Return both losses, their difference and its interval."""
    gap = figures.difference
    way = "closer" if gap.mean < 0 else "no closer"
    return (
        f"its forecasts came {way} to what happened than the champion's on "
        f"{say_rows(figures.rows_count, figures.weeks_count)} that neither has seen (log loss, "
        f"less is better: {figures.challenger_log_loss:.4f} against {figures.champion_log_loss:.4f}"
        f", difference {gap.mean:+.4f}, 95 % interval {gap.low:+.4f} to {gap.high:+.4f})"
    )


def say_rows(rows_count: int, weeks_count: int) -> str:
    """Return a number of rows and weeks in words."""
    rows = "1 row" if rows_count == 1 else f"{rows_count:,} rows"
    weeks = "1 week" if weeks_count == 1 else f"{weeks_count} weeks"
    return f"{rows} of {weeks}"


def say_scant(figures: GateFigures) -> str | None:
    """Return why the rows are no evidence."""
    rules = figures.rules
    if figures.weeks_count >= rules.min_weeks and figures.rows_count >= rules.min_rows:
        return None
    return (
        f"insufficient evidence: {say_rows(figures.rows_count, figures.weeks_count)} that neither "
        f"has seen, of at least {say_rows(rules.min_rows, rules.min_weeks)}"
    )


def say_small_gain(figures: GateFigures) -> str | None:
    """Return why the gain is not shown."""
    margin = figures.rules.log_loss_margin
    if figures.difference.high < -margin:
        return None
    return f"not shown to be better by {margin:g}: {say_gain(figures)}"


def say_miscalibrated(figures: GateFigures) -> str | None:
    """Return how far its probabilities are demonstrably off."""
    error, most = figures.calibration_error, figures.rules.max_calibration_error
    if error is None or error.low <= most:
        return None
    return (
        "what it calls likely does not happen as often as it says (calibration error "
        f"{error.mean:.3f}, of which {error.low:.3f} is demonstrated, above {most:g})"
    )


def say_worse_ages(figures: GateFigures) -> list[str]:
    """Return the age slices in which it ranks worse."""
    most = figures.rules.max_auc_loss
    return [
        f"{title}: ranks tracks worse than the champion (AUC {one.challenger_auc:.3f} against "
        f"{one.champion_auc:.3f} on {one.rows_count:,} rows, a loss above {most:g})"
        for title, one in figures.slices.items()
        if one.champion_auc - one.challenger_auc > most
    ]


def say_unbeaten(figures: GateFigures) -> list[str]:
    """Return the simpler models that it does not beat."""
    return [
        f"does not beat {name}: its forecasts came no closer to what happened (log loss "
        f"{gap.mean:+.4f} beside it, below 0 would be better)"
        for name, gap in figures.baselines.items()
        if gap.mean >= 0
    ]
