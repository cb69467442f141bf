"""Other places than one machine with SQLite: Prefect's records on Postgres, runs on Kubernetes."""

import sys
from pathlib import Path

import pytest

from deployments.local import POOL
from songpop.warehouse.paths import WarehousePaths
from tests.builders import week_number, write_chart
from tests.deployments.live import ROOT, Live
from tests.deployments.postgres import find_programs, run_postgres

pytestmark = pytest.mark.slow


def test_week_runs_while_postgres_holds_prefects_records(tmp_path: Path) -> None:
    programs = find_programs()
    if programs is None:
        pytest.skip("Postgres is not installed (Debian: apt-get install postgresql)")
    live = Live(tmp_path)
    write_chart(live.landing, week_number(1), [(name, 100) for name in "abcdef"])
    with run_postgres(programs) as url:
        try:
            live.start_server({"PREFECT_SERVER_DATABASE_CONNECTION_URL": url})
            deployed = live.deploy()
            live.start_worker()
            done = live.prefect("deployment", "run", "weekly-scoring/weekly", "--watch")
        finally:
            live.close()

    assert "weekly runs next on" in deployed
    assert done.returncode == 0, done.stdout + done.stderr
    assert WarehousePaths(live.warehouse).snapshot.exists()
    assert not (tmp_path / "prefect" / "prefect.db").exists()


def test_server_takes_the_pool_for_kubernetes_and_the_deployments_into_it(tmp_path: Path) -> None:
    live = Live(tmp_path)
    template = str(ROOT / "deployments" / "kubernetes" / "pool.json")
    try:
        live.start_server()
        made = live.prefect(
            *("work-pool", "create", POOL, "--type", "kubernetes"),
            *("--base-job-template", template),
        )
        deployed = live.call([sys.executable, "-m", "deployments.deploy"])
        with live.client() as client:
            pool = client.read_work_pool(POOL)
            weekly = client.read_deployment_by_name("weekly-scoring/weekly")
    finally:
        live.close()

    assert made.returncode == 0, made.stdout + made.stderr
    assert deployed.returncode == 0, deployed.stdout + deployed.stderr
    assert pool.type == "kubernetes"
    assert weekly.work_pool_name == POOL
