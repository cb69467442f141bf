"""songpop as an operator has it: a real server, a real worker, and what goes wrong in a year."""

import datetime as dt
import json
import random
import re
import sys
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import duckdb
import pytest
from prefect.client.schemas.actions import DeploymentUpdate
from prefect.client.schemas.schedules import IntervalSchedule
from prefect.states import Pending, Scheduled

from deployments.automations import apply, list_automations
from songpop.formats.registry import load_formats
from songpop.pipeline.plan import Selection
from songpop.pipeline.runner import Caller, run_weeks
from songpop.settings import Settings
from songpop.warehouse.doctor import examine
from songpop.warehouse.paths import WarehousePaths
from songpop.warehouse.writer import open_writer
from tests.builders import NOW, week_number, write_chart
from tests.deployments.live import Live, wait_for

pytestmark = pytest.mark.slow

TRACKS = 60
LOADED_WEEKS = 12
WEEKLY = "weekly-scoring/weekly"
HEARTBEAT_SECONDS = 32
FRIDAY = 4
NEVER_BEGAN = "songpop: runs that never began"


def write_week(live: Live, number: int, times: float = 1.0) -> None:
    """Land a chart whose tracks grow by a little each week, some more and some less."""
    luck = random.Random(number)  # noqa: S311 - a simulated chart
    rows = [
        (
            f"{place:02d}",
            round(times * (1_000 + 37 * place) * 1.02**number * luck.uniform(0.9, 1.1)),
        )
        for place in range(TRACKS)
    ]
    write_chart(live.landing, week_number(number), rows)


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    """A server with everything deployed, a worker, and twelve weeks that are scored."""
    live = Live(tmp_path_factory.mktemp("live"))
    try:
        live.start_server()
        for number in range(1, LOADED_WEEKS + 1):
            write_week(live, number)
        run_weeks(settings_of(live), "run", Selection(), Caller("first", NOW))
        live.deploy()
        live.start_worker()
        yield live
    finally:
        live.close()


def settings_of(live: Live) -> Settings:
    return Settings(warehouse=live.warehouse)


def ask(live: Live, sql: str) -> list[tuple[object, ...]]:
    with duckdb.connect(str(WarehousePaths(live.warehouse).snapshot), read_only=True) as con:
        return con.execute(sql).fetchall()


def loaded_weeks(live: Live) -> set[object]:
    return {row[0] for row in ask(live, "select week from mart.weeks")}


def schedule(live: Live, day: dt.date, parameters: Mapping[str, object] | None = None) -> UUID:
    """Let the server start the weekly deployment as if its schedule had named *day*."""
    at = dt.datetime.combine(day, dt.time(6), dt.UTC)
    with live.client() as client:
        deployment = client.read_deployment_by_name(WEEKLY)
        run = client.create_flow_run_from_deployment(
            deployment.id, parameters=dict(parameters or {}), state=Scheduled(scheduled_time=at)
        )
    return run.id


def is_running(live: Live, run_id: UUID) -> bool:
    with live.client() as client:
        state = client.read_flow_run(run_id).state
    return state is not None and state.is_running()


def planned_runs(live: Live) -> dict[dt.datetime, UUID]:
    """Return the runs of the weekly deployment that its schedules made, by when they are due."""
    with live.client() as client:
        deployment = client.read_deployment_by_name(WEEKLY)
        runs = client.read_flow_runs()
    return {
        run.expected_start_time: run.id
        for run in runs
        if run.deployment_id == deployment.id
        and run.auto_scheduled
        and run.expected_start_time is not None
    }


def artifacts_of(live: Live, run_id: UUID) -> dict[str | None, object]:
    with live.client() as client:
        everything = client.read_artifacts()
    return {one.key: one.data for one in everything if one.flow_run_id == run_id}


def test_deploying_again_duplicates_nothing(live: Live) -> None:
    def count() -> tuple[int, int]:
        with live.client() as client:
            return len(client.read_deployments()), len(client.read_automations())

    before = count()

    told = live.deploy()

    assert count() == before
    assert f"{before[0]} deployments and {before[1]} automations are registered." in told
    assert re.search(r"^weekly runs next on 20\d\d-\d\d-\d\d 0[56]:00 UTC\.$", told, re.MULTILINE)


def test_server_that_plans_nothing_is_told_when_deploying(tmp_path: Path) -> None:
    idle = Live(tmp_path)
    try:
        idle.start_server({"PREFECT_SERVER_SERVICES_SCHEDULER_ENABLED": "false"})
        done = idle.call([sys.executable, "-m", "deployments.deploy"])
    finally:
        idle.close()

    assert done.returncode == 2
    assert "expected runs planned for maintenance, weekly, got none" in done.stderr


def test_server_refuses_those_without_the_auth_string(live: Live) -> None:
    stranger = Live(live.folder, auth="guest:guess", port=live.port)
    try:
        done = stranger.prefect("deployment", "ls")
    finally:
        stranger.webhook.close()

    assert done.returncode != 0
    assert "weekly" not in done.stdout


def test_week_by_command_runs_to_its_end_and_leaves_what_an_operator_looks_at(live: Live) -> None:
    write_week(live, 13)

    done = live.prefect("deployment", "run", WEEKLY, "-p", f"week={week_number(13)}", "--watch")

    assert done.returncode == 0, done.stdout + done.stderr
    assert week_number(13) in loaded_weeks(live)
    run = live.wait_for_run(f"weekly-scoring {week_number(13)}")
    shown = artifacts_of(live, run.id)
    assert str(week_number(13)) in str(shown["run-summary"])
    assert shown["progress"] == 100.0
    drift = json.loads(str(shown["drift-verdicts"]))
    assert drift[0]["week"] == str(week_number(13))
    assert json.loads(str(shown["quarantined-rows"]))[0]["reason"] == "nothing was quarantined"


def test_server_plans_the_fridays_ahead(live: Live) -> None:
    planned = wait_for(lambda: planned_runs(live), 120, "runs that the server planned")

    local = [at.astimezone(ZoneInfo("Europe/London")) for at in planned]
    assert {(at.weekday(), at.hour, at.minute) for at in local} == {(FRIDAY, 6, 0)}


def test_run_that_is_due_by_its_schedule_starts_by_itself(live: Live) -> None:
    soon = dt.datetime.now(dt.UTC).replace(microsecond=0) + dt.timedelta(seconds=20)
    daily = IntervalSchedule(interval=dt.timedelta(days=1), anchor_date=soon)
    with live.client() as client:
        deployment = client.read_deployment_by_name(WEEKLY)
        (made,) = client.create_deployment_schedules(deployment.id, [(daily, True)])
        # Deployments that were changed are planned within seconds, all others within a minute.
        client.update_deployment(
            deployment.id, DeploymentUpdate(description=deployment.description)
        )
        try:
            run_id = wait_for(lambda: planned_runs(live).get(soon), 60, "the run that was planned")
            ended = live.wait_until_ended(run_id)
        finally:
            client.delete_deployment_schedule(deployment.id, made.id)

    assert ended.auto_scheduled
    assert ended.state is not None
    assert ended.state.is_completed(), ended.state.message


def test_week_that_has_not_landed_fails_the_command_and_is_told(live: Live) -> None:
    done = live.prefect("deployment", "run", WEEKLY, "-p", "week=2024-12-26", "--watch")

    assert done.returncode == 1
    wait_for(
        lambda: any("2024-12-26" in text and "Failed" in text for text in live.webhook.told),
        60,
        "the notification of a failed run",
    )


def test_late_run_takes_the_week_of_its_own_time(live: Live) -> None:
    write_week(live, 14)
    write_week(live, 15)

    run = live.wait_until_ended(schedule(live, week_number(14) + dt.timedelta(days=1)))

    assert run.state is not None
    assert run.state.is_completed()
    assert week_number(14) in loaded_weeks(live)
    assert week_number(15) not in loaded_weeks(live)


def test_runs_that_piled_up_do_each_week_once(live: Live) -> None:
    write_week(live, 16)
    due = [week_number(number) + dt.timedelta(days=1) for number in (15, 16, 16)]

    runs = [live.wait_until_ended(run_id) for run_id in [schedule(live, day) for day in due]]

    assert all(run.state is not None and run.state.is_completed() for run in runs)
    assert {week_number(15), week_number(16)} <= loaded_weeks(live)
    counts = ask(live, "select count(*) from ml.runs group by feed, week having count(*) > 1")
    assert counts == []


def test_week_that_is_late_is_told(live: Live) -> None:
    live.wait_until_ended(schedule(live, week_number(17) + dt.timedelta(days=4)))

    wait_for(
        lambda: any(
            "songpop.week.late" in text and str(week_number(17)) in text
            for text in live.webhook.told
        ),
        60,
        "the notification of a late week",
    )


def test_second_writer_is_refused_by_name(live: Live) -> None:
    settings = settings_of(live)
    with (
        open_writer(settings, load_formats(), "the other run", NOW),
        live.client() as client,
    ):
        deployment = client.read_deployment_by_name(WEEKLY)
        run = client.create_flow_run_from_deployment(
            deployment.id, job_variables={"env": {"SONGPOP_WAIT_SECONDS": "1"}}
        )
        ended = live.wait_until_ended(run.id)

    assert ended.state is not None
    assert ended.state.is_failed()
    assert "the other run" in str(ended.state.message)


def test_drift_starts_the_retrain_deployment_where_it_is_left_to_it(live: Live) -> None:
    live.kill_workers()
    live.start_worker({"SONGPOP_OPERATIONS__RETRAIN_IN": "deployment"})
    write_week(live, 17, times=2.5)

    live.wait_until_ended(schedule(live, week_number(17)))

    decided = ask(live, f"select decision from ml.drift_weeks where week = '{week_number(17)}'")
    assert decided == [("retrain",)]
    run = live.wait_for_run("retrain spotify_charts_us")
    ended = live.wait_until_ended(run.id)
    assert ended.state is not None
    assert ended.state.is_completed()
    assert ended.parameters["week"] == str(week_number(17))
    trained = ask(
        live,
        f"select trained_because from ml.models where trained_week = '{week_number(17)}'",
    )
    assert trained == [("drift",)]


def test_person_lets_a_challenger_become_champion(live: Live) -> None:
    with open_writer(settings_of(live), load_formats(), "test", NOW) as con:
        # What the gate would have written of a challenger that it let pass.
        con.execute(
            "update ml.models set decision = 'waits for approval: better', "
            f"status = 'challenger', created_at = now() where trained_week = '{week_number(17)}'"
        )
        row = con.execute(
            f"select version from ml.models where trained_week = '{week_number(17)}'"
        ).fetchone()
    assert row is not None
    version = row[0]
    with live.client() as client:
        deployment = client.read_deployment_by_name("approval/approval")
        run = client.create_flow_run_from_deployment(deployment.id, parameters={"version": version})

    def is_suspended() -> bool:
        with live.client() as client:
            state = client.read_flow_run(run.id).state
        return state is not None and state.name == "Suspended"

    wait_for(is_suspended, 120, "a suspended run")
    with live.client() as client:
        client.resume_flow_run(run.id, run_input={"is_approved": True, "because": "looked at it"})
    ended = live.wait_until_ended(run.id)

    assert ended.state is not None
    assert ended.state.is_completed(), ended.state.message
    with open_writer(settings_of(live), load_formats(), "test", NOW) as con:
        found = con.execute(
            f"select status, decision from ml.models where version = '{version}'"
        ).fetchone()
    assert found == ("champion", "promoted: approved by hand: looked at it; better")


def test_run_whose_worker_died_is_found_and_its_week_is_run_again(live: Live) -> None:
    write_week(live, 18)
    with open_writer(settings_of(live), load_formats(), "test", NOW):
        # The run waits for the warehouse, so that it is killed in its midst.
        run_id = schedule(live, week_number(18))
        wait_for(lambda: is_running(live, run_id), 120, "a running run")
        time.sleep(HEARTBEAT_SECONDS)  # what dies before its first beat is found later, or not
        live.kill_workers()
    live.start_worker()

    ended = live.wait_until_ended(run_id, 300)

    assert ended.state is not None
    assert ended.state.is_crashed()
    wait_for(lambda: week_number(18) in loaded_weeks(live), 240, "the week of the crashed run")
    again = live.wait_until_ended(live.wait_for_run(str(ended.name)).id)
    assert again.id != ended.id
    assert again.state is not None
    assert again.state.is_completed()
    errors = [
        finding
        for finding in examine(WarehousePaths(live.warehouse))
        if finding.severity == "error"
    ]
    assert errors == []


def test_run_outlives_the_server(live: Live) -> None:
    write_week(live, 19)
    with open_writer(settings_of(live), load_formats(), "test", NOW):
        # The run waits for the warehouse while its server is killed and starts again.
        run_id = schedule(live, week_number(19))
        wait_for(lambda: is_running(live, run_id), 120, "a running run")
        live.kill_server()
        live.start_server()

    ended = live.wait_until_ended(run_id, 300)

    assert ended.state is not None
    assert ended.state.is_completed(), ended.state.message
    assert week_number(19) in loaded_weeks(live)


def test_run_that_its_worker_never_began_is_found(live: Live) -> None:
    ids: dict[str, UUID] = dict.fromkeys(("after-crash", "retrain", "approval"), uuid4())
    (quick,) = [one for one in list_automations(ids, None) if one.name == NEVER_BEGAN]
    trigger = quick.trigger.model_copy(update={"within": dt.timedelta(seconds=10)})
    with live.client() as client:
        apply(client, [quick.model_copy(update={"trigger": trigger})])
        deployment = client.read_deployment_by_name("maintenance/maintenance")
        later = dt.datetime.now(dt.UTC) + dt.timedelta(days=1)
        run = client.create_flow_run_from_deployment(
            deployment.id, state=Scheduled(scheduled_time=later)
        )
        # What a worker says of a run that it takes; then it says no more.
        client.set_flow_run_state(run.id, Pending(), force=True)

    ended = live.wait_until_ended(run.id, 120)

    assert ended.state is not None
    assert ended.state.is_crashed()


def test_no_secret_and_no_pickle_is_left_behind(live: Live) -> None:
    told = live.webhook.url.encode()
    found = [path for path in live.folder.rglob("*") if path.is_file()]

    assert any(path.name == "prefect.db" for path in found)
    for path in found:
        content = path.read_bytes()
        assert live.auth.encode() not in content, path
        assert told not in content, path
        assert b"picklelib" not in content, path
