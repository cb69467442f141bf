"""Automations: what the server does by itself, made by code and made again without duplicates."""

from collections.abc import Iterable, Mapping
from typing import Any, Final
from uuid import UUID

from prefect.client.orchestration import SyncPrefectClient
from prefect.events.schemas.automations import AutomationCore

SILENCE_SECONDS: Final = 90
"""Three heartbeats of 30 seconds, which a living run does not miss."""

START_SECONDS: Final = 900
"""How long a run that was handed to a worker may take to begin."""

_ENDS: Final = ("Completed", "Failed", "Cancelled", "Crashed", "TimedOut", "Suspended", "Paused")
_TROUBLE: Final = ("Failed", "Crashed", "TimedOut")
_ANY_RUN: Final = {"prefect.resource.id": "prefect.flow-run.*"}
_OURS: Final = {"prefect.resource.role": "tag", "prefect.resource.id": "prefect.tag.songpop"}

Entry = dict[str, Any]


def list_automations(
    deployments: Mapping[str, UUID], notify_block: UUID | None
) -> list[AutomationCore]:
    """Return the automations of songpop.

    Args:
        deployments: ids by name, as ``deployments/prefect.yaml`` has them.
        notify_block: the document of a notification block; null: nobody is notified.
    """
    found = [
        _find_dead_runs(),
        _find_runs_that_never_began(),
        _run_again(deployments["after-crash"]),
        _retrain(deployments["retrain"]),
        _ask(deployments["approval"]),
    ]
    found += [] if notify_block is None else _notify(notify_block)
    return [AutomationCore.model_validate(entry) for entry in found]


def apply(client: SyncPrefectClient, automations: Iterable[AutomationCore]) -> None:
    """Make each automation on the server, or change the one of its name."""
    for automation in automations:
        existing = client.read_automations_by_name(automation.name)
        if existing:
            client.update_automation(existing[0].id, automation)
        else:
            client.create_automation(automation)


def _find_dead_runs() -> Entry:
    return {
        "name": "songpop: runs that died",
        "description": "A run that is not heard of for three heartbeats is marked crashed.",
        "trigger": {
            "type": "event",
            "posture": "Proactive",
            "after": ["prefect.flow-run.heartbeat", "prefect.flow-run.Running"],
            "expect": ["prefect.flow-run.heartbeat", *_named(_ENDS)],
            "match": _ANY_RUN,
            "match_related": _OURS,
            "for_each": ["prefect.resource.id"],
            "threshold": 1,
            "within": SILENCE_SECONDS,
        },
        "actions": [
            {
                "type": "change-flow-run-state",
                "state": "CRASHED",
                "message": "not heard of for three heartbeats: its process or its worker died",
            }
        ],
    }


def _find_runs_that_never_began() -> Entry:
    return {
        "name": "songpop: runs that never began",
        "description": "A run that its worker took and never started is marked crashed.",
        "trigger": {
            "type": "event",
            "posture": "Proactive",
            "after": ["prefect.flow-run.Pending"],
            "expect": _named(("Running", *_ENDS)),
            "match": _ANY_RUN,
            "match_related": _OURS,
            "for_each": ["prefect.resource.id"],
            "threshold": 1,
            "within": START_SECONDS,
        },
        "actions": [
            {
                "type": "change-flow-run-state",
                "state": "CRASHED",
                "message": "its worker took it and never started it",
            }
        ],
    }


def _run_again(deployment: UUID) -> Entry:
    names = ("week", "feed", "landing", "warehouse")
    given = {name: _json(f"flow_run.parameters.get('{name}') | tojson") for name in names}
    # It takes the weeks of the run that died, not those of today.
    given["force_retrain"] = _json("(flow_run.parameters.get('force_retrain') or false) | tojson")
    given["due"] = _text("flow_run.expected_start_time.date()")
    return {
        "name": "songpop: weekly runs that crashed run again",
        "description": "Once: if the run in its place crashes as well, a person has to look.",
        "trigger": {
            **_at_once("prefect.flow-run.Crashed"),
            "match": _ANY_RUN,
            "match_related": {**_OURS, "prefect.resource.id": "prefect.tag.songpop-weekly"},
        },
        "actions": [_run(deployment, given)],
    }


def _retrain(deployment: UUID) -> Entry:
    return {
        "name": "songpop: drift retrains",
        "description": 'Where [operations] retrain_in = "deployment" leaves it to one.',
        "trigger": {
            **_at_once("songpop.drift.detected"),
            "match": {"prefect.resource.id": "songpop.*", "songpop.retrain": "wanted"},
        },
        "actions": [
            _run(
                deployment,
                {"feed": _text("event.payload.feed"), "week": _text("event.payload.week")},
            )
        ],
    }


def _ask(deployment: UUID) -> Entry:
    return {
        "name": "songpop: promotions are approved",
        "description": 'Where [operations] approval = "person" asks for one.',
        "trigger": _at_once("songpop.model.waits"),
        "actions": [_run(deployment, {"version": _text("event.payload.version")})],
    }


def _notify(block: UUID) -> list[Entry]:
    def say(subject: str, body: str) -> Entry:
        document = {"block_document_id": str(block)}
        return {"type": "send-notification", **document, "subject": subject, "body": body}

    return [
        {
            "name": "songpop: late and refused exports are told",
            "trigger": _at_once("songpop.week.late", "songpop.export.refused"),
            "actions": [say("{{ event.event }}", "{{ event.payload.message }}")],
        },
        {
            "name": "songpop: runs that failed are told",
            "trigger": {
                **_at_once(*_named(_TROUBLE)),
                "match": _ANY_RUN,
                "match_related": _OURS,
            },
            "actions": [
                say(
                    "songpop: {{ flow_run.name }} {{ flow_run.state.name }}",
                    "{{ flow_run.state.message }}\n{{ flow_run|ui_url }}",
                )
            ],
        },
    ]


def _named(states: Iterable[str]) -> list[str]:
    return [f"prefect.flow-run.{state}" for state in states]


def _at_once(*events: str) -> Entry:
    return {
        "type": "event",
        "posture": "Reactive",
        "expect": list(events),
        "threshold": 1,
        "within": 0,
    }


def _run(deployment: UUID, parameters: Entry) -> Entry:
    return {
        "type": "run-deployment",
        "source": "selected",
        "deployment_id": str(deployment),
        "parameters": parameters,
    }


def _text(expression: str) -> Entry:
    return {"__prefect_kind": "jinja", "template": f"{{{{ {expression} }}}}"}


def _json(expression: str) -> Entry:
    return {"__prefect_kind": "json", "value": _text(expression)}
