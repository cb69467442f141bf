"""What a changed week makes stale in the other regions' feeds, and what heals it."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from songpop.formats.registry import load_formats
from songpop.pipeline.session import Session
from songpop.pipeline.unload import remove_feed, unload_week
from tests.builders import NOW, ChartRow, week_number, write_chart
from tests.songpop.pipeline.test_runner import Label, make_rows

REGIONS = ("kr", "us")
KR, US = (f"spotify_charts_{region}" for region in REGIONS)
WEEKS = range(1, 10)


def land(label: Label, region: str, week: int, rows: Sequence[ChartRow] | None = None) -> Path:
    drop = label.landing / f"drop{len(list(label.landing.glob('*')))}"
    given = make_rows(week + 100 * REGIONS.index(region)) if rows is None else rows
    return write_chart(drop, week_number(week), given, region)


def land_all(label: Label, weeks: Sequence[int] = WEEKS, regions: Sequence[str] = REGIONS) -> None:
    for week in weeks:
        for region in regions:
            land(label, region, week)


def days(*weeks: int) -> list[str]:
    return [week_number(week).isoformat() for week in weeks]


def reasons(label: Label) -> dict[str, set[str]]:
    rows = label.query("select feed, stale_because from mart.data_quality where is_stale")
    found: dict[str, set[str]] = {}
    for feed, because in rows:
        found.setdefault(str(feed), set()).add(str(because))
    return found


def results(label: Label) -> dict[str, list[tuple[object, ...]]]:
    """Return every table but that of the exports, which says in which order they came."""
    return label.standing()


@pytest.fixture(scope="module")
def in_order(tmp_path_factory: pytest.TempPathFactory) -> Label:
    """Nine weeks of two regions, each week landed and run in its own week."""
    label = Label(tmp_path_factory.mktemp("regions"))
    for week in WEEKS:
        land_all(label, [week])
        assert label.run().stale == {}
    return label


def test_first_loads_in_order_mark_nothing_and_equal_a_run_of_all_at_once(
    in_order: Label, tmp_path: Path
) -> None:
    at_once = Label(tmp_path)
    land_all(at_once)

    assert at_once.run().stale == {}
    assert results(at_once) == results(in_order)
    assert in_order.errors() == []


def test_feed_that_comes_late_makes_later_weeks_of_its_sisters_stale_until_the_backfill(
    in_order: Label, tmp_path: Path
) -> None:
    label = Label(tmp_path)
    land_all(label, regions=("us",))
    label.run()
    land_all(label, regions=("kr",))

    late = label.run()

    assert late.stale == {US: days(*WEEKS[1:])}
    assert f"feed {KR}, week {week_number(8)} changed later (first)" in reasons(label)[US]
    assert label.run("backfill").stale == {}
    assert results(label) == results(in_order)


def test_correction_marks_later_weeks_of_sister_feeds_with_its_feed_and_week(
    tmp_path: Path,
) -> None:
    label = Label(tmp_path)
    land_all(label, range(1, 8))
    label.run()
    land(label, "kr", 4, [(name, count + 7) for name, count in make_rows(4)])

    report = label.run()

    because = f"week {week_number(4)} changed later (correction)"
    assert report.stale == dict.fromkeys((KR, US), days(5, 6, 7))
    assert reasons(label) == {
        KR: {because},
        US: {f"feed {KR}, {because}"},
    }
    assert label.errors() == []


def test_backfill_of_one_feed_heals_that_feed_alone(tmp_path: Path) -> None:
    label = Label(tmp_path)
    land_all(label, range(1, 8))
    label.run()
    land(label, "kr", 4, [(name, count + 7) for name, count in make_rows(4)])
    label.run()

    of_sister = label.run("backfill", feed=US, from_week=week_number(5))
    of_rest = label.run("backfill", from_week=week_number(4))

    assert of_sister.stale == {KR: days(5, 6, 7)}
    assert of_rest.stale == {}


def test_supplement_marks_sister_feeds_too(tmp_path: Path) -> None:
    label = Label(tmp_path)
    land_all(label, range(1, 4))
    label.run()
    land(label, "us", 2, [("newcomer", 5)])

    assert label.run().stale == dict.fromkeys((KR, US), days(3))
    assert reasons(label)[KR] == {f"feed {US}, week {week_number(2)} changed later (supplement)"}


def test_correction_of_text_alone_marks_no_sister_feed(tmp_path: Path) -> None:
    label = Label(tmp_path)
    land_all(label, range(1, 4))
    label.run()
    corrected = land(label, "us", 2)
    text = corrected.read_text(encoding="utf-8").replace("Song", "Tune")
    corrected.write_text(text, encoding="utf-8")

    report = label.run()

    assert [arrival.kind for arrival in report.weeks[0].arrivals] == ["correction"]
    assert report.stale == {}


def test_unloaded_week_marks_later_weeks_of_sister_feeds(tmp_path: Path) -> None:
    label = Label(tmp_path)
    land_all(label, range(1, 5))
    label.run()

    with label.open() as con:
        session = Session(label.settings, load_formats(), con, "run", NOW)
        own = unload_week(session, KR, week_number(2))

    assert [str(week) for week in own] == days(3, 4)
    assert reasons(label)[US] == {f"feed {KR}, week {week_number(2)} was unloaded"}
    assert label.run("backfill").stale == {}


def test_removed_feed_marks_what_its_sisters_made_of_it(tmp_path: Path) -> None:
    label = Label(tmp_path)
    land_all(label, range(1, 4))
    label.run()

    with label.open() as con:
        remove_feed(Session(label.settings, load_formats(), con, "run", NOW), KR)

    assert reasons(label) == {US: {f"feed {KR}, week {week_number(1)} and all later were removed"}}
