# pyright: reportPrivateUsage=false
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path

import duckdb
import pytest

from songpop.backtest import command
from songpop.backtest.command import run_backtests
from songpop.backtest.groups import Group
from songpop.errors import InputError
from songpop.formats.registry import load_formats
from songpop.settings import Settings, read_settings
from songpop.training.gather import TrainingSet
from songpop.warehouse.paths import WarehousePaths
from tests.builders import NOW
from tests.songpop.backtest.make_material import FEEDS, PLAN, make_material

FORMATS = load_formats()
MATERIAL = make_material()


@contextmanager
def follow(title: str, total: int) -> Generator[Callable[[], None]]:
    del title, total
    yield lambda: None


def settings_of(root: Path) -> Settings:
    return read_settings(warehouse=root / "warehouse")


def test_a_warehouse_that_is_not_there_is_refused_and_not_made(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="expected a warehouse with history, got none"):
        next(run_backtests(settings_of(tmp_path), FORMATS, None, PLAN, follow, NOW))

    assert not (tmp_path / "warehouse").exists()


def test_a_feed_that_is_too_young_is_found_before_any_model_is_fitted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = Group("old", FEEDS, FEEDS, FORMATS["spotify_charts"])
    young = Group("young", ("young",), ("young",), FORMATS["spotify_charts"])
    private = WarehousePaths(tmp_path / "warehouse").private
    private.parent.mkdir(parents=True)
    duckdb.connect(str(private)).close()

    def list_both(*_: object, **__: object) -> list[Group]:
        return [old, young]

    def read(*_: object) -> TrainingSet:
        return MATERIAL

    def fail(*_: object) -> None:
        pytest.fail("a model was fitted")

    monkeypatch.setattr(command, "list_groups", list_both)
    monkeypatch.setattr(command, "read_material", read)
    monkeypatch.setattr(command, "backtest", fail)

    with pytest.raises(
        InputError, match=r"backtest of young: expected enough labelled weeks .*got 0"
    ):
        next(run_backtests(settings_of(tmp_path), FORMATS, None, PLAN, follow, NOW))
