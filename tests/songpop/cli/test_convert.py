"""``songpop convert`` and ``songpop sql --at``, as a user types them."""

import json
from pathlib import Path

import pytest

from tests.builders import write_charts
from tests.commands import songpop
from tests.songpop.warehouse.lakes import open_catalog

WEEKS = {1: [("a", 900), ("b", 500)], 2: [("a", 800), ("c", 700)]}


@pytest.mark.parametrize("kind", ["duckdb", "postgres"])
def test_warehouse_moves_into_a_lake_and_back_and_is_used_as_before(
    tmp_path: Path, kind: str
) -> None:
    landing = str(tmp_path / "landing")
    write_charts(tmp_path / "landing", {1: WEEKS[1]})
    songpop(tmp_path, "run", "--landing", landing)
    with open_catalog(kind, tmp_path) as catalog:
        moved = songpop(tmp_path, "convert", "--catalog", catalog, "--json")
        assert moved.returncode == 0, moved.stderr
        assert json.loads(moved.stdout)["tables"]["core.track_weeks"] == 2

        write_charts(tmp_path / "landing", {2: WEEKS[2]})
        run = songpop(tmp_path, "run", "--landing", landing)
        assert run.returncode == 0, run.stderr
        asked = songpop(
            tmp_path, "sql", "select count(*) as n from core.weeks", "--at", "2999-01-01", "--json"
        )
        assert json.loads(asked.stdout) == [{"n": 2}]
        assert songpop(tmp_path, "doctor").returncode == 0
        assert songpop(tmp_path, "backup").returncode == 0

        back = songpop(tmp_path, "convert", "--catalog", "file", SONGPOP_CATALOG=catalog)
        assert back.returncode == 0, back.stderr
        assert "left as it was, to be removed when you are sure: ducklake:" in back.stdout
        assert "change or unset catalog and lake_data, which are set to ducklake:" in back.stdout
        refused = songpop(tmp_path, "run", "--landing", landing, SONGPOP_CATALOG=catalog)
        assert refused.returncode == 2
    assert songpop(tmp_path, "doctor").returncode == 0
    again = songpop(tmp_path, "sql", "select count(*) as n from mart.weeks", "--json")
    assert json.loads(again.stdout) == [{"n": 2}]


def test_mistakes_end_with_one_line_and_no_traceback(tmp_path: Path) -> None:
    write_charts(tmp_path / "landing", {1: WEEKS[1]})
    nothing = songpop(tmp_path, "convert", "--catalog", "ducklake:here.ducklake")
    songpop(tmp_path, "run", "--landing", str(tmp_path / "landing"))
    same = songpop(tmp_path, "convert", "--catalog", "file")
    nowhere = songpop(tmp_path, "convert")
    secret = songpop(tmp_path, "convert", "--catalog", "ducklake:postgres:password=hush")
    foreign = songpop(tmp_path, "convert", "--catalog", "postgres:dbname=x")
    when = songpop(tmp_path, "sql", "select 1", "--at", "yesterday")
    never = songpop(tmp_path, "sql", "select 1", "--at", "2024-01-01")

    for done in (nothing, same, nowhere, secret, foreign, when, never):
        assert (done.returncode, len(done.stderr.splitlines())) == (2, 1), done.stderr
        assert "hush" not in done.stderr
    assert "expected a warehouse, got none" in nothing.stderr
    assert "expected another place" in same.stderr
    assert "expected where to, got none, and none is set" in nowhere.stderr
    assert "expected ducklake:" in foreign.stderr
    assert "expected a date like" in when.stderr
    assert "expected one in a lake, got one file" in never.stderr
