"""What a run tells the world: events that automations and people act on."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final, Literal

from prefect.events import emit_event

from songpop.pipeline.report import Report

Event = Literal[
    "songpop.week.published",
    "songpop.week.late",
    "songpop.export.refused",
    "songpop.drift.detected",
    "songpop.model.promoted",
    "songpop.model.refused",
    "songpop.model.waits",
]

_LONGEST_TEXT: Final = 500
_OF_DECISION: Final[dict[str, Event]] = {
    "promoted": "songpop.model.promoted",
    "refused": "songpop.model.refused",
    "waits for approval": "songpop.model.waits",
}


@dataclass(frozen=True)
class Notice:
    """One event.

    Attributes:
        event: its name.
        feed: the feed; empty for a file of which it is not known.
        week: the day that ends the week, ISO 8601; empty where it is not known.
        message: what happened, in a sentence.
        labels: further labels of the event's resource, which triggers match.
        facts: the payload.
    """

    event: Event
    feed: str
    week: str
    message: str
    labels: dict[str, str] = field(default_factory=dict[str, str])
    facts: dict[str, object] = field(default_factory=dict[str, object])

    def resource(self) -> dict[str, str]:
        """Return what the event is about, with the labels that triggers match."""
        subject = ".".join(part for part in (self.feed, self.week) if part) or "landing"
        return {
            "prefect.resource.id": f"songpop.{subject}",
            "prefect.resource.name": " ".join(filter(None, (self.feed, self.week))) or "landing",
            "songpop.feed": self.feed,
            "songpop.week": self.week,
            **self.labels,
        }

    def payload(self) -> dict[str, object]:
        """Return the event's payload."""
        return {"feed": self.feed, "week": self.week, "message": self.message, **self.facts}


def list_notices(week: Report, *, wants_retrain: bool) -> list[Notice]:
    """Return what a week has to tell once it is published, in the order of what happened.

    Args:
        week: what it came to, as values.
        wants_retrain: whether drift in it is left to the deployment ``retrain``.
    """
    found = _of_week(week, wants_retrain=wants_retrain)
    return [*found, *(_of_model(model) for model in week["models"])]


def list_last_notices(report: Report) -> list[Notice]:
    """Return what a run has to tell beside its weeks: files, challengers, weeks that are late."""
    notices = [_of_problem(problem) for problem in report["problems"]]
    notices += [
        Notice(
            "songpop.model.refused",
            one["feed"],
            one["week"],
            f"{one['version']} refused: nobody approved it in time",
            facts={"version": one["version"]},
        )
        for one in report["expired"]
    ]
    notices += [
        Notice(
            "songpop.week.late",
            feed,
            weeks[0],
            f"{feed}: no export yet for {', '.join(weeks)}",
            facts={"weeks": weeks},
        )
        for feed, weeks in report["late"].items()
    ]
    return notices


def _of_week(week: Report, *, wants_retrain: bool) -> Iterator[Notice]:
    feed, day, mode = week["feed"], week["week"], {"songpop.mode": week["mode"]}
    reasons = [_cut(reason) for reason in week["drift_reasons"]]
    for export in week["exports"]:
        if export["arrival"] == "refused":
            name, reason = _cut(export["file_name"]), export["reason"]
            text = f"{name} was refused: {reason}"
            yield Notice("songpop.export.refused", feed, day, text, mode)
    if week["outcome"] != "refused":
        facts = {name: week[name] for name in ("rows", "scored", "high", "model_version")}
        message = f"{feed} {day}: {week['scored']} of {week['rows']} tracks scored"
        yield Notice("songpop.week.published", feed, day, message, mode, facts)
    if week["drift"] in {"retrain", "quarantine"}:
        labels = {**mode, "songpop.decision": week["drift"]}
        if wants_retrain and week["drift"] == "retrain":
            labels["songpop.retrain"] = "wanted"
        first = reasons[0] if reasons else ""
        message = f"{feed} {day}: {week['drift']}: {first}"
        yield Notice(
            "songpop.drift.detected", feed, day, message, labels, {"reasons": list(reasons)}
        )


def _of_model(model: Report) -> Notice:
    outcome, _, reason = model["decision"].partition(": ")
    message = f"{model['version']} {outcome}: {_cut(reason)}"
    facts = {name: model[name] for name in ("version", "kind", "label", "because")}
    return Notice(_OF_DECISION[outcome], model["feed"], model["week"], message, facts=facts)


def _of_problem(problem: str) -> Notice:
    return Notice("songpop.export.refused", "", "", _cut(problem))


def _cut(text: str) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= _LONGEST_TEXT else f"{flat[:_LONGEST_TEXT]}…"


def send(notices: Iterable[Notice]) -> None:
    """Emit the events; without a server to take them Prefect drops them."""
    for notice in notices:
        emit_event(event=notice.event, resource=notice.resource(), payload=notice.payload())
