"""Drift in whole runs: weeks that are kept out, what later weeks are compared with, retraining."""

from dataclasses import replace
from pathlib import Path

import pytest

from songpop.pipeline.unload import unload_week
from songpop.settings import DriftSettings, IngestSettings
from tests.builders import week_number
from tests.songpop.pipeline.drift_history import (
    TRACKS,
    DriftLabel,
    chart_rows,
    sim_week,
    simulate_into,
)
from tests.songpop.pipeline.test_runner import FEED as CHART

FEED = "chartmetric"
UNITS = "units:Spotify Streams:1000"


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Ten clean weeks."""
    return simulate_into(tmp_path_factory.mktemp("plain"), 10)


@pytest.fixture(scope="module")
def faulty(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Eight weeks; in the last two, Spotify's streams come in thousandths."""
    return simulate_into(tmp_path_factory.mktemp("faulty"), 8, f"{UNITS}@7")


@pytest.fixture(scope="module")
def calm(plain: list[Path], tmp_path_factory: pytest.TempPathFactory) -> DriftLabel:
    """Six clean weeks that were run; to be copied, not changed."""
    label = DriftLabel(tmp_path_factory.mktemp("calm"))
    label.put(*plain[:6])
    label.run_untrained()
    return label


@pytest.fixture(scope="module")
def kept_out(
    calm: DriftLabel,
    plain: list[Path],
    faulty: list[Path],
    tmp_path_factory: pytest.TempPathFactory,
) -> DriftLabel:
    """Six clean weeks, two in other units, two clean ones; not to be changed."""
    label = calm.copy_to(tmp_path_factory.mktemp("kept-out"))
    label.put(*faulty[6:8], *plain[8:])
    label.run_untrained()
    return label


def test_clean_weeks_are_quiet(calm: DriftLabel) -> None:
    assert calm.decisions() == [(sim_week(number), "quiet") for number in range(1, 7)]
    verdicts = "select distinct verdict from ml.drift"
    assert calm.query(verdicts) == [("pass",)]
    assert calm.errors() == []


def test_week_in_other_units_is_refused_whole_and_every_row_is_accounted_for(
    kept_out: DriftLabel,
) -> None:
    exports = kept_out.query(
        "select week, rows_read, loaded, duplicate, quarantined, status, reason from raw.exports "
        "where status = 'refused' order by week"
    )
    with kept_out.open() as con:
        reasons = con.execute(
            "select reason, count(*), count(distinct line) from raw.quarantine group by all"
        ).fetchall()

    assert exports == [
        (sim_week(number), TRACKS, 0, 0, TRACKS, "refused", "implausible") for number in (7, 8)
    ]
    assert reasons == [("export_refused", 2 * TRACKS, TRACKS)]  # the lines of two files


def test_nothing_of_a_refused_week_is_loaded_or_scored(kept_out: DriftLabel) -> None:
    with kept_out.open() as con:
        weeks = {
            table: {
                week for (week,) in con.execute(f"select distinct week from {table}").fetchall()
            }
            for table in ("core.track_weeks", "core.weeks", "mart.weekly_scores", "ml.labels")
        }
        newest_seen = con.execute(
            "select max(first_seen_week) from core.track_history where first_seen_week "
            "between $from_week and $to_week",
            {"from_week": sim_week(7), "to_week": sim_week(8)},
        ).fetchone()

    assert sim_week(6) in weeks["core.track_weeks"]
    assert all({sim_week(7), sim_week(8)}.isdisjoint(found) for found in weeks.values())
    assert newest_seen == (None,)


def test_refused_week_is_quarantined_with_its_reasons_the_column_named(
    kept_out: DriftLabel,
) -> None:
    rows = kept_out.query(
        "select decision, because, reasons from ml.drift_weeks "
        f"where week in ('{sim_week(7)}', '{sim_week(8)}')"
    )
    failing = kept_out.query(
        "select distinct check_name, column_name, verdict from ml.drift where verdict <> 'pass' "
        f"and week in ('{sim_week(7)}', '{sim_week(8)}')"
    )

    assert [row[:2] for row in rows] == [("quarantine", "implausible")] * 2
    for _, _, reasons in rows:
        assert isinstance(reasons, list)
        assert str(reasons[0]).startswith("Spotify streams: the median track has 1,0")
        assert reasons[-1] == "therefore quarantine: implausible"
    assert failing == [("units", "spotify_streams_count", "quarantine")]


def test_other_units_stay_out_though_they_repeat(kept_out: DriftLabel) -> None:
    assert [decision for _, decision in kept_out.decisions()[6:8]] == ["quarantine"] * 2


def test_later_weeks_are_compared_with_the_last_accepted_week_and_are_quiet(
    kept_out: DriftLabel,
) -> None:
    with kept_out.open() as con:
        profiled = con.execute(
            "select week, before_week, is_accepted from core.week_profiles where week >= $week "
            "order by week",
            {"week": sim_week(7)},
        ).fetchall()

    assert profiled == [
        (sim_week(7), sim_week(6), False),
        (sim_week(8), sim_week(6), False),
        (sim_week(9), sim_week(6), True),
        (sim_week(10), sim_week(9), True),
    ]
    assert kept_out.decisions()[8:] == [(sim_week(9), "quiet"), (sim_week(10), "quiet")]


def test_warehouse_with_quarantined_weeks_is_healthy(kept_out: DriftLabel) -> None:
    assert kept_out.errors() == []


def test_quarantine_is_an_outcome_of_the_run_and_no_failure(
    calm: DriftLabel, faulty: list[Path], tmp_path: Path
) -> None:
    label = calm.copy_to(tmp_path)
    label.put(faulty[6])

    report = label.run_untrained()

    (week,) = report.weeks
    assert (week.outcome, week.drift, week.rows, week.scored) == ("refused", "quarantine", 0, 0)
    assert week.drift_reasons[-1] == "therefore quarantine: implausible"
    assert (report.failures, report.problems, report.stale) == ((), (), {})
    assert label.run_untrained().weeks == ()  # and is not tried again by itself


def test_running_a_week_again_gives_the_same_verdicts_and_profiles(
    kept_out: DriftLabel, tmp_path: Path
) -> None:
    label = kept_out.copy_to(tmp_path)
    before = label.tables()

    label.run_untrained(week=sim_week(9))
    label.run_untrained("backfill", from_week=sim_week(5))

    after = label.tables()
    for table in ("ml.drift", "ml.drift_weeks", "core.week_profiles", "core.column_profiles"):
        assert after[table] == before[table]
        assert before[table]


def test_correction_that_cannot_be_true_leaves_the_week_as_it_was(
    kept_out: DriftLabel, faulty: list[Path], tmp_path: Path
) -> None:
    label = kept_out.copy_to(tmp_path)
    before = label.tables()
    corrected = tmp_path / f"chartmetric-{sim_week(9)}-late.csv"
    corrected.write_bytes(faulty[7].read_bytes() + b"\n")  # other bytes, so another export
    label.put(corrected)

    (week,) = label.run_untrained().weeks

    assert [arrival.reason for arrival in week.arrivals] == ["implausible"]
    assert week.drift == "quiet"
    after = label.tables()
    for table in ("core.track_weeks", "core.weeks", "core.week_profiles", "ml.drift"):
        assert after[table] == before[table]


def test_unloading_takes_the_weeks_verdicts_and_profiles_along(
    kept_out: DriftLabel, tmp_path: Path
) -> None:
    label = kept_out.copy_to(tmp_path)
    week = sim_week(10)

    label.with_session(lambda session: unload_week(session, FEED, week))

    tables = label.tables()
    for name in ("core.week_profiles", "core.column_profiles", "ml.drift", "ml.drift_weeks"):
        weeks = {row[1] for row in tables[name]}
        assert week not in weeks
        assert sim_week(9) in weeks
    assert label.errors() == []


def test_supplement_of_few_tracks_is_not_judged_as_a_week(
    calm: DriftLabel, plain: list[Path], tmp_path: Path
) -> None:
    label = calm.copy_to(tmp_path)
    lines = plain[6].read_bytes().splitlines(keepends=True)
    whole, rest = tmp_path / plain[6].name, tmp_path / f"chartmetric-{sim_week(7)}-b.csv"
    whole.write_bytes(b"".join(lines[: TRACKS - 19]))
    rest.write_bytes(b"".join([lines[0], *lines[TRACKS - 19 :]]))
    label.put(whole)
    label.run_untrained()
    label.put(rest)

    (week,) = label.run_untrained().weeks

    assert [arrival.kind for arrival in week.arrivals] == ["supplement"]
    assert (week.rows, week.drift) == (TRACKS, "quiet")
    with label.open() as con:
        counted = con.execute(
            "select rows_count from core.week_profiles where week = $week", {"week": sim_week(7)}
        ).fetchall()
    assert counted == [(TRACKS,)]


def test_half_of_a_week_is_kept_out_and_both_halves_together_are_not(
    calm: DriftLabel, plain: list[Path], tmp_path: Path
) -> None:
    lines = plain[6].read_bytes().splitlines(keepends=True)
    halves = (tmp_path / f"chartmetric-{sim_week(7)}-{half}.csv" for half in "ab")
    first, second = halves
    first.write_bytes(b"".join(lines[:201]))
    second.write_bytes(b"".join([lines[0], *lines[201:]]))
    alone = calm.copy_to(tmp_path / "alone")
    together = calm.copy_to(tmp_path / "together")
    alone.put(first)
    together.put(first, second)

    assert [week.drift for week in alone.run_untrained().weeks] == ["quarantine"]
    assert [(week.drift, week.rows) for week in together.run_untrained().weeks] == [
        ("quiet", TRACKS)
    ]


def land_two(
    calm: DriftLabel, root: Path, first: bytes, second: bytes
) -> tuple[DriftLabel, list[tuple[object, ...]]]:
    """Land two exports of week 7 at once; return the label, and what became of each."""
    label = calm.copy_to(root / "label")
    for half, text in zip("ab", (first, second), strict=True):
        path = root / f"chartmetric-{sim_week(7)}-{half}.csv"
        path.write_bytes(text)
        label.put(path)
    label.run_untrained()
    became = label.query(
        "select status, rows_read, loaded, duplicate, quarantined, cause from raw.exports "
        f"where week = '{sim_week(7)}' order by file_name"
    )
    return label, became


def test_of_two_exports_the_one_that_cannot_be_true_is_refused_alone_whichever_comes_first(
    calm: DriftLabel, plain: list[Path], faulty: list[Path], tmp_path: Path
) -> None:
    good, wrong = plain[6].read_bytes(), faulty[6].read_bytes()

    for place, texts in enumerate([(good, wrong), (wrong, good)]):
        label, became = land_two(calm, tmp_path / str(place), *texts)

        assert became[place][:5] == ("loaded", TRACKS, TRACKS, 0, 0)
        refused = became[1 - place]
        assert refused[:5] == ("refused", TRACKS, 0, 0, TRACKS)
        assert str(refused[5]).startswith("Spotify streams: the median track has 1,0")
        decided = label.query(
            f"select decision, reasons from ml.drift_weeks where week = '{sim_week(7)}'"
        )
        assert decided[0][0] == "quiet"
        assert "an export was refused as implausible: Spotify streams" in str(decided[0][1])
        assert label.errors() == []


def test_words_about_a_refused_export_outlast_a_run_of_its_week(
    calm: DriftLabel, plain: list[Path], faulty: list[Path], tmp_path: Path
) -> None:
    label, _ = land_two(calm, tmp_path, plain[6].read_bytes(), faulty[6].read_bytes())
    before = label.tables()["ml.drift_weeks"]

    label.run_untrained(week=sim_week(7))

    assert label.tables()["ml.drift_weeks"] == before


def test_part_of_a_week_that_would_replace_the_whole_is_refused_alone(
    calm: DriftLabel, plain: list[Path], tmp_path: Path
) -> None:
    whole = plain[6].read_bytes()
    part = b"".join(whole.splitlines(keepends=True)[: TRACKS // 2])

    _, became = land_two(calm, tmp_path, whole, part)

    assert [row[0] for row in became] == ["loaded", "refused"]
    assert str(became[1][5]).startswith(f"the week: {TRACKS // 2 - 1} tracks, usually {TRACKS}")


def test_two_exports_that_cannot_be_true_are_both_refused_each_with_its_cause(
    calm: DriftLabel, faulty: list[Path], tmp_path: Path
) -> None:
    wrong = faulty[6].read_bytes()

    label, became = land_two(calm, tmp_path, wrong, wrong + b"\n")

    assert [row[0] for row in became] == ["refused", "refused"]
    assert all(str(row[5]).startswith("Spotify streams: the median") for row in became)
    assert label.decisions()[6:] == [(sim_week(7), "quarantine")]
    assert label.errors() == []


def test_implausible_export_too_large_to_be_listed_is_a_problem_and_is_not_recorded(
    calm: DriftLabel,
    plain: list[Path],
    faulty: list[Path],
    tmp_path: Path,
) -> None:
    label = replace(calm.copy_to(tmp_path), ingest=IngestSettings(max_bad_rows=100))
    label.put(faulty[6])
    alone = label.run_untrained()
    late = tmp_path / f"chartmetric-{sim_week(7)}-b.csv"
    late.write_bytes(plain[6].read_bytes())
    label.put(late)

    together = label.run_untrained()

    message = (
        f"{faulty[6].name}: expected a week that can be true, got Spotify streams: the median "
        "track has 1,0"
    )
    for report in (alone, together):
        (problem,) = report.problems
        assert problem.startswith(message)
        assert f"of its {TRACKS} rows nothing was recorded" in problem
        assert "the quarantine lists at most 100 of a file" in problem
    assert alone.weeks == ()
    assert [week.rows for week in together.weeks] == [TRACKS]
    exports = label.query(f"select file_name from raw.exports where week = '{sim_week(7)}'")
    assert exports == [(late.name,)]
    assert label.errors() == []


def test_level_that_lasts_is_let_in_the_second_week_and_told(
    calm: DriftLabel, tmp_path: Path
) -> None:
    label = calm.copy_to(tmp_path)
    label.put(*simulate_into(tmp_path / "sim", 8, "scale:TikTok Views:5@7")[6:])

    first, second = label.run_untrained().weeks

    assert (first.drift, first.outcome) == ("quarantine", "refused")
    assert second.outcome != "refused"
    assert second.rows == TRACKS
    told = label.query(
        "select check_name, verdict, details from ml.drift where check_name = 'level_jump' "
        f"and column_name = 'tiktok_views_count' and week = '{sim_week(8)}'"
    )
    assert [row[:2] for row in told] == [("level_jump", "warn")]
    assert str(told[0][2]).endswith("as in the week that was quarantined")


def test_export_that_cannot_be_read_at_all_is_quarantined_with_its_reason(
    calm: DriftLabel, plain: list[Path], tmp_path: Path
) -> None:
    label = calm.copy_to(tmp_path)
    header, *lines = plain[6].read_bytes().splitlines(keepends=True)
    path = tmp_path / plain[6].name
    path.write_bytes(header + b"".join(b"broken," + line for line in lines))
    label.put(path)

    (week,) = label.run_untrained().weeks

    assert (week.outcome, week.drift) == ("refused", "quarantine")
    assert week.drift_reasons == ("export refused: a share of bad rows above max_bad_share",)
    assert label.query(f"select * from ml.drift where week = '{sim_week(7)}'") == []


@pytest.fixture(scope="module")
def charts(tmp_path_factory: pytest.TempPathFactory) -> DriftLabel:
    """Eight weeks of a chart, the last of which trained its first model; not to be changed."""
    label = DriftLabel(tmp_path_factory.mktemp("charts"), DriftSettings(cool_down_weeks=0))
    for week in range(1, 9):
        label.land(week, rows={week: chart_rows(week)})
    label.run()
    return label


def land_moved(label: DriftLabel, *weeks: int, times: float) -> None:
    for week in weeks:
        label.land(week, rows={week: chart_rows(week, times)})


def test_strong_drift_trains_at_once_and_the_registry_says_why(
    charts: DriftLabel, tmp_path: Path
) -> None:
    label = charts.copy_to(tmp_path)
    land_moved(label, 9, times=2.5)

    (week,) = label.run().weeks

    assert week.drift == "retrain"
    assert week.drift_reasons[-1] == "therefore retrain: strong"
    assert week.training is not None
    assert week.training.startswith("drift level logistic")
    trained = label.query("select trained_because, trained_week from ml.models order by all")
    assert trained == [("drift", week_number(9)), ("first", week_number(8))]
    assert label.errors() == []


def test_drift_before_the_first_model_says_that_and_why_nothing_is_trained(
    tmp_path: Path,
) -> None:
    label = DriftLabel(tmp_path)
    for week in range(1, 7):
        label.land(week, rows={week: chart_rows(week, 2.5 if week == 6 else 1.0)})

    last = label.run().weeks[-1]

    assert (last.drift, last.training, last.untrained) == ("retrain", None, None)
    assert last.drift_reasons[-2:] == (
        "therefore retrain: strong",
        "but nothing is trained: no model yet: the labels of 2 weeks are known, of at least 4",
    )
    stored = label.query(f"select reasons from ml.drift_weeks where week = '{week_number(6)}'")
    assert stored == [(list(last.drift_reasons),)]


def test_week_that_is_run_again_says_which_model_its_drift_had_trained(
    charts: DriftLabel, tmp_path: Path
) -> None:
    label = charts.copy_to(tmp_path)
    land_moved(label, 9, times=2.5)
    label.run()

    (week,) = label.run(week=week_number(9)).weeks

    assert (week.drift, week.training) == ("retrain", None)
    assert str(week.untrained).startswith(f"nothing trained again: {CHART}-{week_number(9)}-level-")


def test_week_without_drift_trains_nothing(charts: DriftLabel, tmp_path: Path) -> None:
    label = charts.copy_to(tmp_path)
    land_moved(label, 9, times=1.0)

    (week,) = label.run().weeks

    assert (week.drift, week.training) == ("quiet", None)


def test_drift_soon_after_a_training_only_warns(charts: DriftLabel, tmp_path: Path) -> None:
    charts.copy_to(tmp_path)
    label = DriftLabel(tmp_path)  # with four weeks of cool-down
    land_moved(label, 9, times=2.5)

    (week,) = label.run().weeks

    assert (week.drift, week.training) == ("warn", None)
    assert week.drift_reasons[-1] == ("therefore warn: strong, but a model was trained recently")


def test_backfill_of_a_drift_training_equals_the_runs(charts: DriftLabel, tmp_path: Path) -> None:
    label = charts.copy_to(tmp_path)
    land_moved(label, 9, 10, times=2.5)
    label.run()
    before = label.tables()

    label.run("backfill", from_week=week_number(7))

    assert label.tables() == before


def test_champions_scores_are_profiled_each_week_that_it_scores(
    charts: DriftLabel, tmp_path: Path
) -> None:
    label = charts.copy_to(tmp_path)
    land_moved(label, 9, 10, 11, times=1.0)
    land_moved(label, 12, times=1.0)

    label.run()

    tables = label.tables()
    assert [row[1] for row in tables["core.score_profiles"]] == [
        week_number(week) for week in (8, 9, 10, 11, 12)
    ]
    judged = label.query(
        "select check_name, week from ml.drift where check_name in ('scores', 'estimated_loss', "
        "'realised_loss') order by all"
    )
    twelfth = week_number(12)
    # Three weeks were scored before week 11; week 8 was scored first, and matured in week 12.
    assert set(judged) == {
        ("scores", week_number(11)),
        ("estimated_loss", week_number(11)),
        ("scores", twelfth),
        ("estimated_loss", twelfth),
        ("realised_loss", twelfth),
    }
    (loss,) = tables["core.matured_losses"]
    assert loss[:3] == (CHART, week_number(8), twelfth)
