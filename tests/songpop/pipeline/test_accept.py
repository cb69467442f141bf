"""Letting in a week that was kept out."""

from pathlib import Path

import pytest

from songpop.errors import InputError
from songpop.pipeline.accept import accept_week
from songpop.pipeline.plan import Selection
from songpop.pipeline.runner import Caller, Command, run_weeks
from songpop.pipeline.session import Session
from tests.builders import NOW, week_number
from tests.songpop.pipeline.drift_history import DriftLabel, chart_rows
from tests.songpop.pipeline.test_runner import FEED

HELD = week_number(10)


@pytest.fixture(scope="module")
def held(tmp_path_factory: pytest.TempPathFactory) -> DriftLabel:
    """Eleven weeks of a chart with a model; week 10 came in other units. Not to be changed."""
    label = DriftLabel(tmp_path_factory.mktemp("held"))
    for week in range(1, 12):
        label.land(week, rows={week: chart_rows(week, 1_000 if week == 10 else 1)})
    label.run()
    return label


def accept(label: DriftLabel, because: str = "seen by hand") -> object:
    return label.with_session(lambda session: accept_week(session, FEED, HELD, because))


def retry(label: DriftLabel) -> list[tuple[str, str | None, int]]:
    selection = Selection(feed=FEED, week=HELD)
    report = run_weeks(label.settings, "retry", selection, Caller("retry", NOW))
    return [(week.outcome, week.drift, week.scored) for week in report.weeks]


def test_week_of_the_fixture_was_kept_out(held: DriftLabel) -> None:
    assert held.decisions()[8:] == [
        (week_number(9), "quiet"),
        (HELD, "quarantine"),
        (week_number(11), "quiet"),
    ]


def test_accepted_week_is_loaded_and_scored_and_what_was_odd_is_told(
    held: DriftLabel, tmp_path: Path
) -> None:
    label = held.copy_to(tmp_path)

    names = accept(label)

    assert names == (f"regional-us-weekly-{HELD}.csv",)
    # Its units are told; that its values are far from training's is drift as of any week.
    assert retry(label) == [("scored", "warn", 120)]
    told = label.query(
        f"select verdict, details from ml.drift where check_name = 'units' and week = '{HELD}'"
    )
    assert [verdict for verdict, _ in told] == ["warn"]
    assert str(told[0][1]).endswith("; let in")
    statuses = label.query(
        f"select status, reason, loaded, quarantined from raw.exports where week = '{HELD}'"
    )
    assert statuses == [("loaded", None, 120, 0)]
    assert label.errors() == []


def test_why_it_was_accepted_is_kept_and_the_newest_reason_stands(
    held: DriftLabel, tmp_path: Path
) -> None:
    label = held.copy_to(tmp_path)

    accept(label, "first")
    accept(label, "second")

    rows = label.tables()["core.accepted_weeks"]
    assert [(row[0], row[1], row[3]) for row in rows] == [(FEED, HELD, "second")]


def test_accepted_week_makes_later_weeks_stale_until_the_backfill(
    held: DriftLabel, tmp_path: Path
) -> None:
    label = held.copy_to(tmp_path)
    accept(label)
    retry(label)
    stale = label.query("select week from mart.weeks where is_stale")

    renewed = label.run("backfill", from_week=HELD)

    assert stale == [(week_number(11),)]
    assert renewed.stale == {}
    assert label.decisions()[9][1] == "warn"  # still let in
    with label.open() as con:
        compared = con.execute(
            "select before_week from core.week_profiles where week = $week",
            {"week": week_number(11)},
        ).fetchall()
    assert compared == [(HELD,)]


@pytest.mark.parametrize("command", ["run", "backfill"])
def test_week_whose_file_was_accepted_is_let_in_by_any_run(
    held: DriftLabel, tmp_path: Path, command: Command
) -> None:
    label = held.copy_to(tmp_path)
    accept(label)

    report = label.run(command)

    outcomes = {week.week: week.outcome for week in report.weeks}
    assert outcomes[str(HELD)] == "scored"
    assert label.decisions()[9] == (HELD, "warn")
    assert label.errors() == []


def test_run_leaves_a_refused_week_alone_that_nobody_accepted(
    held: DriftLabel, tmp_path: Path
) -> None:
    label = held.copy_to(tmp_path)

    assert label.run().weeks == ()


def test_backfill_from_an_accepted_week_judges_the_later_ones_anew(tmp_path: Path) -> None:
    label = DriftLabel(tmp_path)
    for week in range(1, 13):
        label.land(week, rows={week: chart_rows(week, 1_000 if week >= 10 else 1)})
    label.run()
    before = label.decisions()[9:]
    accept(label)
    retry(label)

    label.run("backfill", from_week=HELD)

    assert [decision for _, decision in before] == ["quarantine"] * 3
    assert "quarantine" not in [decision for _, decision in label.decisions()[9:]]
    loaded = label.query("select count(*) from mart.weeks")
    assert loaded == [(12,)]
    assert label.errors() == []


def test_retry_alone_does_not_let_a_week_in(held: DriftLabel, tmp_path: Path) -> None:
    label = held.copy_to(tmp_path)
    before = label.tables()

    assert retry(label) == [("refused", "quarantine", 0)]
    after = label.tables()
    for table in ("core.track_weeks", "ml.drift", "ml.drift_weeks", "core.week_profiles"):
        assert after[table] == before[table]


@pytest.mark.parametrize(
    ("feed", "week"), [(FEED, 9), (FEED, 30), ("spotify_charts", 10), ("nosuch", 10)]
)
def test_week_that_was_not_kept_out_cannot_be_accepted(
    held: DriftLabel, feed: str, week: int
) -> None:
    def act(session: Session) -> object:
        return accept_week(session, feed, week_number(week), "why not")

    message = f"{feed} {week_number(week)}: expected a week that is quarantined as implausible"
    with pytest.raises(InputError, match=message):
        held.with_session(act)


def test_week_whose_file_is_gone_cannot_be_accepted_and_nothing_is_recorded(
    held: DriftLabel, tmp_path: Path
) -> None:
    label = held.copy_to(tmp_path)
    name = f"regional-us-weekly-{HELD}.csv"
    for path in label.landing.rglob(name):
        path.unlink()

    message = f"{FEED} {HELD}: expected {name} in .*, got no such file.*put it back"
    with pytest.raises(InputError, match=message):
        accept(label)

    assert label.tables()["core.accepted_weeks"] == []


def test_file_with_other_content_is_not_the_one_that_was_kept_out(
    held: DriftLabel, tmp_path: Path
) -> None:
    label = held.copy_to(tmp_path)
    (path,) = label.landing.rglob(f"regional-us-weekly-{HELD}.csv")
    path.write_text(path.read_text(encoding="utf-8").replace("Song", "Tune"), encoding="utf-8")

    with pytest.raises(InputError, match="or another content"):
        accept(label)


def test_another_refused_file_of_the_week_does_not_stand_for_the_one_kept_out(
    held: DriftLabel, tmp_path: Path
) -> None:
    label = held.copy_to(tmp_path)
    (path,) = label.landing.rglob(f"regional-us-weekly-{HELD}.csv")
    header = path.read_text(encoding="utf-8").splitlines()[0]
    (path.with_name(f"regional-us-weekly-{HELD}-empty.csv")).write_text(header + "\n", "utf-8")
    label.run()
    path.unlink()

    with pytest.raises(InputError, match=f"expected regional-us-weekly-{HELD}.csv in"):
        accept(label)
