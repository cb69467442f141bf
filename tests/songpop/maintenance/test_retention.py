import datetime as dt
import os
import shutil
from pathlib import Path

import duckdb
import pytest

from songpop.maintenance.retention import Retention, apply_retention
from songpop.settings import MaintenanceSettings
from songpop.warehouse.leftovers import Removed, measure
from songpop.warehouse.paths import WarehousePaths
from songpop.warehouse.publish import publish
from tests.builders import NOW
from tests.songpop.maintenance.states import errors_of
from tests.songpop.warehouse.make_warehouse import add_model, make_healthy

WEEK = dt.timedelta(weeks=1)
SETTINGS = MaintenanceSettings(quarantine_weeks=60, runs_weeks=60, models_weeks=60)


def retain(con: duckdb.DuckDBPyConnection, paths: WarehousePaths, weeks: float) -> Retention:
    """Apply the retention of 60 weeks when everything in the warehouse is *weeks* old."""
    done = apply_retention(con, paths, SETTINGS, NOW + weeks * WEEK)
    publish(con, paths, rebuild=True)  # the tests change more than retention marks
    return done


def add_unused(con: duckdb.DuckDBPyConnection, paths: WarehousePaths) -> Path:
    """Register a challenger that never scored and that nobody promoted; return its folder."""
    add_model(con, paths, "us-0", from_week=1)
    con.execute("delete from ml.champions where version = 'us-0'")
    con.execute("update ml.models set status = 'challenger' where version = 'us-0'")
    return paths.models / "us" / "us-0"


@pytest.mark.parametrize(("weeks", "count", "size"), [(60, 0, 0), (60.001, 4, 5)])
def test_texts_go_by_age_while_lines_and_counts_stay(
    tmp_path: Path, weeks: float, count: int, size: int
) -> None:
    paths, con = make_healthy(tmp_path)
    rows = "select * exclude (raw_text) from raw.quarantine order by all"
    before = con.execute(rows).fetchall()

    done = retain(con, paths, weeks)
    texts = con.execute(
        "select raw_text from raw.quarantine union all select raw_text from raw.platform_quarantine"
    ).fetchall()

    assert done.texts == Removed(count, size)
    assert {text[0] is None for text in texts} == {count > 0}
    assert con.execute(rows).fetchall() == before
    con.close()
    assert errors_of(paths) == []


@pytest.mark.parametrize(("weeks", "count"), [(60, 0), (60.001, 7)])
def test_runs_go_by_age_unless_something_names_them(
    tmp_path: Path, weeks: float, count: int
) -> None:
    paths, con = make_healthy(tmp_path)
    con.execute("insert into ml.runs select 'unnamed', * exclude (run_id) from ml.runs")

    done = retain(con, paths, weeks)

    assert done.runs_count == count
    kept = con.execute("select run_id, count(*) from ml.runs group by all order by all").fetchall()
    assert kept == ([("run", 7)] if count else [("run", 7), ("unnamed", 7)])
    con.close()
    assert errors_of(paths) == []


@pytest.mark.parametrize(("weeks", "count"), [(60, 0), (60.001, 1)])
def test_artefact_that_never_scored_goes_by_age_and_its_row_says_so(
    tmp_path: Path, weeks: float, count: int
) -> None:
    paths, con = make_healthy(tmp_path)
    folder = add_unused(con, paths)
    size_bytes = measure(folder).size_bytes

    done = retain(con, paths, weeks)

    assert done.artefacts == Removed(count, count * size_bytes)
    assert folder.exists() is not bool(count)
    removed = con.execute(
        "select version, artefact_removed_at from ml.models where artefact_removed_at is not null"
    ).fetchall()
    assert removed == [("us-0", NOW + weeks * WEEK)] * count
    con.close()
    assert errors_of(paths) == []


def test_artefacts_that_scored_or_were_promoted_stay_for_ever(tmp_path: Path) -> None:
    paths, con = make_healthy(tmp_path)
    con.execute("update mart.weekly_scores set model_version = 'us-2'")
    con.execute("delete from ml.champions where version = 'us-1'")  # only superseded scores name it

    done = retain(con, paths, 3_000)

    assert done.artefacts == Removed()
    assert sorted(path.name for path in (paths.models / "us").iterdir()) == ["us-1", "us-2"]


def test_folder_of_no_model_goes_once_it_is_old(tmp_path: Path) -> None:
    paths, con = make_healthy(tmp_path)
    for name, weeks in (("old", -61), ("young", -59)):
        folder = paths.models / "us" / name
        shutil.copytree(paths.models / "us" / "us-1", folder)
        os.utime(folder, (0, (NOW + weeks * WEEK).timestamp()))

    done = retain(con, paths, 0)

    assert done.artefacts.count == 1
    assert sorted(path.name for path in (paths.models / "us").iterdir()) == [
        "us-1",
        "us-2",
        "young",
    ]


def test_second_time_nothing_is_left_to_do(tmp_path: Path) -> None:
    paths, con = make_healthy(tmp_path)
    add_unused(con, paths)
    con.execute("insert into ml.runs select 'unnamed', * exclude (run_id) from ml.runs")
    retain(con, paths, 100)
    revision = con.execute("from mart.publication").fetchall()

    assert retain(con, paths, 100) == Retention(Removed(), 0, Removed())
    assert con.execute("from mart.publication").fetchall() == revision


def test_scores_exports_and_labels_are_never_touched(tmp_path: Path) -> None:
    paths, con = make_healthy(tmp_path)
    tables = ("raw.exports", "core.track_weeks", "ml.labels", "mart.weekly_scores")
    before = [con.execute(f"from {name} order by all").fetchall() for name in tables]
    earlier = con.execute("from mart.superseded_scores").fetchall()

    retain(con, paths, 4_000)

    assert [con.execute(f"from {name} order by all").fetchall() for name in tables] == before
    assert con.execute("from mart.superseded_scores").fetchall() == earlier
