"""A lake whose Parquet is in an object store, as a user moves there and back."""

import json
from pathlib import Path

import pytest

from tests.builders import write_charts
from tests.commands import songpop
from tests.songpop.warehouse.lakes import open_catalog
from tests.songpop.warehouse.stores import BUCKET, list_objects, open_store

WEEKS = "select feed, week, model_version from mart.weeks order by all"


@pytest.mark.slow
def test_warehouse_moves_into_an_object_store_and_back(tmp_path: Path) -> None:
    landing = str(tmp_path / "landing")
    write_charts(tmp_path / "landing", {1: [("a", 900), ("b", 500)]})
    songpop(tmp_path, "run", "--landing", landing)
    with open_catalog("duckdb", tmp_path) as catalog, open_store(tmp_path) as keys:
        place = ("--catalog", catalog, "--lake-data", f"s3://{BUCKET}/lake")
        moved = songpop(tmp_path, "convert", *place, **keys)
        assert moved.returncode == 0, moved.stderr
        assert b"lake/core/track_weeks/" in list_objects(keys)

        write_charts(tmp_path / "landing", {2: [("a", 800), ("c", 700)]})
        run = songpop(tmp_path, "run", "--landing", landing, **keys)
        assert run.returncode == 0, run.stderr
        assert "healthy" in songpop(tmp_path, "doctor", **keys).stdout
        then = songpop(tmp_path, "sql", WEEKS, "--at", "2999-01-01", "--json", **keys)
        backup = songpop(tmp_path, "backup", **keys)
        assert backup.returncode == 0, backup.stderr

        elsewhere = {**keys, "DUCKDB_S3_ENDPOINT": "127.0.0.1:9"}
        lost = songpop(tmp_path, "run", "--landing", landing, **elsewhere)
        assert (lost.returncode, len(lost.stderr.splitlines())) == (1, 1), lost.stderr
        back = songpop(tmp_path, "convert", "--catalog", "file", **keys)
        assert back.returncode == 0, back.stderr
        assert "nothing to set" in back.stdout
    now = songpop(tmp_path, "sql", WEEKS, "--json")
    assert json.loads(now.stdout) == json.loads(then.stdout)
    assert len(json.loads(now.stdout)) == 2
