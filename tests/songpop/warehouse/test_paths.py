import datetime as dt
from pathlib import Path

from songpop.warehouse.paths import WarehousePaths


def test_fixed_names_stand_where_people_look_for_them() -> None:
    paths = WarehousePaths(Path("warehouse"))

    assert str(paths.snapshot) == "warehouse/songpop.duckdb"
    assert str(paths.private) == "warehouse/private/songpop.duckdb"
    assert str(paths.parquet("us", dt.date(2024, 6, 13))) == (
        "warehouse/published/weekly_scores/feed=us/week=2024-06-13.parquet"
    )
    assert str(paths.models) == "warehouse/models"
    assert str(paths.page("us", dt.date(2024, 6, 13))) == "warehouse/reports/us/2024-06-13.html"
    assert str(paths.replaced) == "warehouse/replaced"


def test_warehouse_is_there_with_its_tables_in_either_place(tmp_path: Path) -> None:
    paths = WarehousePaths(tmp_path)
    assert not paths.exists

    paths.private.parent.mkdir()
    paths.private.touch()
    assert (paths.exists, paths.tables) == (True, paths.private)

    paths.lake.touch()
    assert paths.tables == paths.lake
    paths.private.unlink()
    assert paths.exists


def test_private_names_are_those_that_an_earlier_run_left() -> None:
    paths = WarehousePaths(Path("w"))
    left = [paths.lake, paths.converting, paths.lock, paths.own, paths.scratch, paths.publish_anew]

    assert [str(path.relative_to("w/private")) for path in left] == [
        "lake.json",
        "converting.json",
        "writer.lock",
        "own",
        "scratch",
        "publish-anew",
    ]


def test_scratch_and_lock_stand_beside_the_private_file() -> None:
    paths = WarehousePaths(Path("w"))

    assert paths.scratch.parent == paths.lock.parent == paths.private.parent
