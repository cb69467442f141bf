"""What the crash harness takes for the same state."""

from pathlib import Path

from songpop.warehouse.paths import WarehousePaths
from songpop.warehouse.publish import mark_revised, publish
from songpop.warehouse.transaction import transaction
from tests.crash.state import in_one_order, read_snapshot
from tests.songpop.warehouse.make_warehouse import make_healthy


def read_views(paths: WarehousePaths) -> dict[str, object]:
    state = read_snapshot(paths.snapshot)
    return {name: text for name, text in state.items() if name.startswith("snapshot view ")}


def test_views_are_the_same_however_often_the_snapshot_was_copied(tmp_path: Path) -> None:
    paths, con = make_healthy(tmp_path)
    seen = [read_views(paths)]
    for _ in range(3):
        with transaction(con):
            mark_revised(con, [])
        assert not publish(con, paths).is_rebuilt
        seen.append(read_views(paths))
    con.close()

    assert len(seen[0]) > 5
    assert seen == [seen[0]] * 4


def test_views_that_leave_out_other_columns_differ() -> None:
    first = in_one_order('SELECT * EXCLUDE (feed, "week"), a FROM t')

    assert in_one_order('SELECT * EXCLUDE ("week", feed), a FROM t') == first
    assert in_one_order('SELECT * EXCLUDE ("week"), a FROM t') != first
    assert in_one_order('SELECT * EXCLUDE (feed, "week"), b FROM t') != first
