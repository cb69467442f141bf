"""What the gate found: each rule, what it asks for, and what there was."""

from collections.abc import Iterator

from songpop.card.markdown import count, level, plain, signed, table
from songpop.card.material import CardMaterial
from songpop.evaluate.clusters import Difference
from songpop.gate import GateFigures


def write_gate(material: CardMaterial) -> str:
    """Return the section on how it did beside the champion of its time."""
    figures = material.gate
    if figures is None:
        return "It was not compared with a champion on weeks that neither had seen."
    own, other = level(figures.challenger_log_loss), level(figures.champion_log_loss)
    where = (
        f"Compared with {plain(figures.champion)} on weeks that neither had seen, from "
        f"{figures.first_week} to {figures.last_week}: log loss {own} against {other}, lower is "
        "better."
    )
    return f"{where}\n\n{table(('rule', 'asked for', 'found'), _rules(figures))}{_note(figures)}"


def _rules(figures: GateFigures) -> Iterator[tuple[str, str, str]]:
    rules = figures.rules
    yield "weeks", f"at least {rules.min_weeks}", count(figures.weeks_count)
    yield "rows", f"at least {count(rules.min_rows)}", count(figures.rows_count)
    asked = f"all below {signed(-rules.log_loss_margin)}"
    yield "log loss less the champion's, 95 % interval", asked, _interval(figures.difference)
    error = figures.calibration_error
    found = "too few rows" if error is None else f"{level(error.low)} of {level(error.mean)}"
    most = f"at most {level(rules.max_calibration_error)}"
    yield "calibration error that is demonstrated", most, found
    for title, one in figures.slices.items():
        lost = one.champion_auc - one.challenger_auc
        yield f"AUC lost, {title}", f"at most {level(rules.max_auc_loss)}", signed(lost)
    for name, gap in figures.baselines.items():
        yield f"log loss less that of {name}", "below 0", signed(gap.mean)


def _interval(gap: Difference) -> str:
    return f"{signed(gap.mean)} ({signed(gap.low)} to {signed(gap.high)})"


def _note(figures: GateFigures) -> str:
    if figures.calibration_error is None:
        return ""
    return (
        "\n\nA perfect model shows a calibration error too; demonstrated is what remains when that "
        "and chance are taken off."
    )
