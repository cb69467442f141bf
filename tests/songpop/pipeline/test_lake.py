"""The same weeks in a lake and in one file: the same rows, times and run ids apart."""

import re
from pathlib import Path

import pytest

from songpop.errors import EXIT_OK
from songpop.settings import Settings
from songpop.simulate import parse_fault, simulate
from songpop.warehouse.fingerprint import Fingerprints, fingerprint
from songpop.warehouse.paths import WarehousePaths
from songpop.warehouse.reader import open_private
from songpop.warehouse.sqlfiles import read_sql
from tests.commands import songpop
from tests.songpop.warehouse.lakes import open_catalog

_OF_THE_RUN = re.compile(r"run_id|_at$|seconds|hash_sum")
"""Columns that two runs of the same week cannot share."""


def read_rows(settings: Settings) -> dict[str, Fingerprints]:
    with open_private(WarehousePaths(settings.warehouse), "test", 0) as con:
        return {
            f"{schema}.{table}": fingerprint(
                con.table(f"{schema}.{table}").project(
                    ", ".join(
                        f'"{column}"'
                        for column in con.table(f"{schema}.{table}").columns
                        if not _OF_THE_RUN.search(column)
                    )
                )
            )
            for schema, table in con.execute(read_sql("marts/list_tables")).fetchall()
        }


@pytest.mark.slow
def test_weeks_in_a_lake_are_those_in_one_file_row_for_row(tmp_path: Path) -> None:
    landing = tmp_path / "landing"
    simulate(3, 300, 5, landing, [parse_fault("dirty@2"), parse_fault("correct@3")])
    with open_catalog("postgres", tmp_path) as catalog:
        for name, place in (("file", {}), ("lake", {"SONGPOP_CATALOG": catalog})):
            done = songpop(tmp_path, "run", "--landing", str(landing), "--warehouse", name, **place)
            assert done.returncode == EXIT_OK, done.stderr
        rows = [read_rows(Settings(warehouse=tmp_path / name)) for name in ("file", "lake")]

        assert rows[0] == rows[1]
        assert rows[0]["mart.weekly_scores"][()][0] > 800
        assert songpop(tmp_path, "doctor", "--warehouse", "lake").returncode == EXIT_OK
    models = [
        sorted(path.name for path in (tmp_path / name / "models").glob("*/*"))
        for name in ("file", "lake")
    ]
    assert models[0] == models[1] != []
