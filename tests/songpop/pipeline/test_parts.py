"""Weeks that are too large for one part: the same rows as in one, and nothing left behind."""

import shutil
from collections.abc import Sequence
from pathlib import Path

import duckdb
import polars as pl
import pytest
from polars.testing import assert_frame_equal

from songpop.model.batches import BATCH_ROWS_COUNT
from songpop.model.partition import Part, score_part
from songpop.pipeline.plan import Selection
from songpop.pipeline.runner import Caller, RunReport, run_weeks
from songpop.settings import ScoringSettings, TrainingSettings
from songpop.simulate import simulate
from tests.builders import NOW, make_settings

TRACKS = BATCH_ROWS_COUNT + 900
TABLES = {
    "mart.weekly_scores": "feed, week, rank",
    "core.score_profiles": "week",
    "core.track_weeks": "week, track_id",
}
_WHO = {"run_id", "scored_at"}


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of three exports, and a warehouse that has run the first and has a model."""
    root = tmp_path_factory.mktemp("first")
    simulate(3, TRACKS, 5, root / "exports")
    (root / "landing").mkdir()
    export = min((root / "exports").iterdir())
    shutil.copy(export, root / "landing")
    run(root, 10 * TRACKS, Caller("first", NOW))
    return root


def copy(first: Path, root: Path) -> Path:
    """Return *root* with the warehouse, two further weeks landed."""
    shutil.copytree(first / "warehouse", root / "warehouse")
    shutil.copytree(first / "exports", root / "landing")
    return root


def run(root: Path, part_rows: int, caller: Caller) -> RunReport:
    settings = make_settings(
        root,
        landing=root / "landing",
        scoring=ScoringSettings(part_rows=part_rows),
        training=TrainingSettings(max_rows=2_000),
    )
    return run_weeks(settings, "run", Selection(), caller)


def read(root: Path, table: str, order: str) -> pl.DataFrame:
    with duckdb.connect(root / "warehouse" / "private" / "songpop.duckdb", read_only=True) as con:
        rows = con.execute(f"from {table} order by {order}").pl()
    return rows.drop(name for name in rows.columns if name in _WHO)


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory, first: Path) -> Path:
    """A warehouse whose weeks were each scored in one part."""
    root = copy(first, tmp_path_factory.mktemp("whole"))
    report = run(root, 10 * TRACKS, Caller("one", NOW))
    assert [week.scored > BATCH_ROWS_COUNT for week in report.weeks] == [True] * 2
    return root


@pytest.mark.parametrize("others_score", [False, True])
def test_week_in_parts_has_the_rows_of_the_whole(
    tmp_path: Path, first: Path, whole: Path, *, others_score: bool
) -> None:
    scored: list[int] = []

    def score_parts(parts: Sequence[Part]) -> None:
        scored.extend(score_part(part) for part in parts)

    caller = Caller("several", NOW, score_parts=score_parts if others_score else None)
    report = run(copy(first, tmp_path), 1, caller)

    for table, order in TABLES.items():
        found, wanted = read(tmp_path, table, order), read(whole, table, order)
        assert wanted.height
        assert_frame_equal(found, wanted, check_exact=True)
    assert not (tmp_path / "warehouse" / "private" / "scratch" / "parts").exists()
    assert sum(scored) >= sum(week.scored for week in report.weeks) * others_score
    assert BATCH_ROWS_COUNT in scored or not others_score


@pytest.mark.parametrize(("part_rows", "order"), [(1, "track_id"), (10 * TRACKS, "line")])
def test_rows_are_stored_by_key_where_a_week_is_large(
    tmp_path: Path, first: Path, part_rows: int, order: str
) -> None:
    root = copy(first, tmp_path)
    shutil.rmtree(root / "landing")
    shuffle(max((first / "exports").iterdir()), root / "landing")

    run(root, part_rows, Caller("run", NOW))

    last = "core.track_weeks where week = (select max(week) from core.track_weeks)"
    keys = read(root, last, "rowid").get_column(order)
    assert keys.is_sorted()
    assert keys.len() > BATCH_ROWS_COUNT


def shuffle(export: Path, folder: Path) -> None:
    """Write an export whose rows are in no order to *folder*."""
    folder.mkdir()
    rows = pl.read_csv(export, infer_schema=False)
    rows.sample(fraction=1.0, shuffle=True, seed=1).write_csv(folder / export.name)
