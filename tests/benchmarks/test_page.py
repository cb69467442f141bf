"""That the page's benchmark measures a whole page, and says so when it is over its limits."""

import duckdb
import pytest

from songpop.warehouse.query import open_snapshot
from songpop.weekly.read import MOST_WEEKS, list_entries, read_week
from tests.benchmarks import page
from tests.benchmarks.limits import ExceededError
from tests.benchmarks.page import compare_page, make_published


def test_page_that_is_measured_has_every_section(tmp_path_factory: pytest.TempPathFactory) -> None:
    paths, con = make_published(tmp_path_factory.mktemp("published"), 500)
    with open_snapshot(paths) as snapshot:
        entries = list_entries(snapshot)
        scored = read_week(snapshot, entries[0], entries).scored
    facets = con.execute("select count(*) from core.metric_facets").fetchone()
    con.close()

    assert scored is not None
    assert len(scored.matured) == MOST_WEEKS
    assert all(0.5 < row["persistence_accuracy"] < 1 for row in scored.matured)
    assert scored.set_lists
    assert scored.risers
    assert facets != (0,)


def test_page_over_its_limits_fails_with_the_table_that_shows_it(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(page, "SMALL_TRACKS_COUNT", 100)
    monkeypatch.setattr(page, "MOST_BYTES", 1_000)
    folder = tmp_path_factory.mktemp("over")

    with pytest.raises(ExceededError, match=r"over 1,000 bytes or 60 s: 100 tracks: .*; 200") as e:
        compare_page(folder, 200, 1, ["## Weekly page"])

    assert e.value.lines[0] == "## Weekly page"
    assert [line[:5] for line in e.value.lines[-2:]] == ["| 100", "| 200"]
    assert duckdb.connect(str(folder / "200.duckdb")).sql("from current_metrics").shape[0] == 200
