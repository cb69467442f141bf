"""A champion that does worse than what is simplest stops scoring at once."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from songpop.evaluate.clusters import row_losses, two_way_error
from songpop.evaluate.report import number_groups
from songpop.model.candidate import Candidate
from songpop.model.stand_in import StandIn, fit_stand_ins
from songpop.pipeline.session import WeekRun
from songpop.registry import champion_as_of, is_decided_by_hand
from songpop.training.install import install_stand_in
from songpop.training.matured import MaturedScores, gather_matured
from songpop.warehouse.sqlfiles import read_sql

STANDARD_ERRORS: Final = 2.0
"""By which the champion must be worse, clustered by artist and week. Of comparisons of equals one
in six shows a single one, and a demotion is undone by the gate alone."""


@dataclass(frozen=True)
class _Loss:
    """How much worse the champion did than one stand-in, in nats a row."""

    kind: StandIn
    log_loss: float
    mean: float
    standard_error: float

    @property
    def is_shown(self) -> bool:
        """Whether noise would hardly do it."""
        return self.mean > STANDARD_ERRORS * self.standard_error


def demote_if_worse(run: WeekRun) -> str | None:
    """Let persistence or the constant score if the champion does worse than they.

    A network that foresees a later week is judged by what it published for the newest matured
    weeks, all of them scored by that very version, beside stand-ins that learned from nothing
    later than the horizon before the first of them. The better of the two takes its place, as the
    artefact that was compared, until a challenger passes the gate. Where a person decided who
    scores, only weeks from that decision on are held against it.

    Args:
        run: the week's run, its labels stored.

    Returns:
        What was demoted and why, in words; null where nothing was.
    """
    con, plan = run.session.con, run.plan
    champion = champion_as_of(con, plan.feed, plan.week, inclusive=False)
    if champion is None or champion.kind != "network" or champion.label == "snapshot":
        return None
    if is_decided_by_hand(con, plan.feed, plan.week):
        return None
    matured = gather_matured(run, champion)
    if matured is None or _is_older_than_decision(run, matured):
        return None
    stand_ins = fit_stand_ins(
        matured.features,
        matured.labels,
        matured.blocks,
        matured.feature,
        run.session.settings.training,
    )
    better = find_better(matured, stand_ins)
    if better is None:
        return None
    reason = f"{champion.version} did worse than {better.kind}: {_say(matured, better)}"
    install_stand_in(run, champion, matured, stand_ins[better.kind], reason)
    return f"demoted, {better.kind} stands in: {reason}"


def _is_older_than_decision(run: WeekRun, matured: MaturedScores) -> bool:
    """Whether a compared week lies before a decision by hand that is in force."""
    row = run.session.con.execute(read_sql("load/decision_in_force"), run.key).fetchone()
    if row is None or row[1] != "hand":
        return False
    return matured.tested.get_column("week").min() < row[0]  # type: ignore[operator] - a date


def find_better(matured: MaturedScores, stand_ins: Mapping[StandIn, Candidate]) -> _Loss | None:
    """Return the better stand-in if the champion did demonstrably worse than either."""
    tested = matured.tested
    y = tested.get_column("is_high").to_numpy()
    weeks = number_groups(tested.select("week"))
    own = row_losses(y, matured.score)
    losses: list[_Loss] = []
    for kind, candidate in stand_ins.items():
        rows = matured.features[matured.blocks.test]
        p = candidate.scorer().score(rows, with_reasons=False).get_column("score").to_numpy()
        gaps = own - row_losses(y, p)
        error = two_way_error(gaps, matured.artists, weeks)
        losses.append(_Loss(kind, float((own - gaps).mean()), float(gaps.mean()), error))
    if not any(loss.is_shown for loss in losses):
        return None
    return min(losses, key=lambda loss: loss.log_loss)


def _say(matured: MaturedScores, loss: _Loss) -> str:
    weeks = matured.tested.get_column("week").unique().sort()
    return (
        f"log loss {loss.log_loss + loss.mean:.4f} against {loss.log_loss:.4f} on "
        f"{matured.score.size:,} published scores of {len(weeks)} weeks to {weeks[-1]} "
        f"(difference {loss.mean:+.4f}, standard error {loss.standard_error:.4f})"
    )
