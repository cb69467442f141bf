"""Every real export of a platform: recognised, and each of its rows accounted for."""

import datetime as dt
import re
from pathlib import Path

import pytest

from songpop.platforms.said import Said
from tests.real_data import real_data
from tests.songpop.platforms.builders import (
    ARTIST,
    ask,
    counts,
    load,
    open_platforms,
    reasons,
    recognise,
    stage,
)

pytestmark = pytest.mark.real_data

DAY = dt.date
SAMPLES = {
    "s4a_label_portal_tiktok_LDV/CloneWars.csv": (
        *("spotify_song", "timeline", (297, 297, 0, 0), 297),
        *(DAY(2025, 2, 14), DAY(2025, 12, 7), 8_807),
    ),
    "s4a_label_portal_tiktok_LDV/PunchingBag.csv": (
        *("spotify_song", "timeline", (1027, 1027, 0, 0), 1027),
        *(DAY(2023, 2, 15), DAY(2025, 12, 7), 556),
    ),
    "s4a_label_portal_tiktok_LDV/Sweetface.csv": (
        *("spotify_song", "timeline", (1072, 1072, 0, 0), 1072),
        *(DAY(2023, 1, 1), DAY(2025, 12, 7), 1_006),
    ),
    "s4a_label_portal_tiktok_LDV/audience-timeline.csv": (
        *("spotify_audience", "four columns", (311, 311, 0, 0), 933),
        *(DAY(2025, 1, 31), DAY(2025, 12, 7), 106_037),
    ),
    "s4a_label_portal_tiktok_LDV/tiktok.csv": (
        *("tiktok_profile", "overview", (365, 365, 0, 0), 1825),
        *(DAY(2024, 12, 2), DAY(2025, 12, 1), 44_640),
    ),
    "s4a_label_portal_tiktok_LDV/StreamingPerformance.csv": (
        *("label_portal", "whole", (96, 96, 0, 0), 43),
        *(DAY(2025, 2, 28), DAY(2025, 12, 31), 109_104),
    ),
    "s4a_label_portal_tiktok_LDV/streamsource.csv": (
        *("label_portal", "source", (192, 192, 0, 0), 65),
        *(DAY(2025, 2, 28), DAY(2025, 12, 31), 54_552),
    ),
    "shazam_latest_TMU-ops.csv": (
        *("shazam_chart", "chart", (200, 199, 0, 1), 199),
        *(DAY(2026, 8, 22), DAY(2026, 8, 22), 19_915),
    ),
    "distributor_fixtures_TrackShift/DistroKid_Test.tsv": (
        *("distrokid_sales", "2023", (4, 4, 0, 0), 4),
        *(DAY(2021, 4, 30), DAY(2022, 7, 31), 5),
    ),
    "distributor_fixtures_TrackShift/DistroKid_NonAscii.tsv": (
        *("distrokid_sales", "2023", (4, 4, 0, 0), 4),
        *(DAY(2021, 4, 30), DAY(2022, 7, 31), 4),
    ),
    "distributor_fixtures_TrackShift/Tunecore_Test.csv": (
        *("tunecore_sales", "2020", (4, 4, 0, 0), 4),
        *(DAY(2020, 4, 30), DAY(2020, 4, 30), 5),
    ),
    "distributor_fixtures_TrackShift/CdBaby_Test.txt": (
        *("cdbaby_sales", "2023", (2, 2, 0, 0), 2),
        *(DAY(2023, 7, 31), DAY(2023, 7, 31), 2),
    ),
    "distributor_fixtures_TrackShift/bandcamp-non-ascii.csv": (
        *("bandcamp_sales", "2023", (13, 13, 0, 0), 13),
        *(DAY(2023, 6, 24), DAY(2024, 1, 2), 13),
    ),
    "distributor_fixtures_TrackShift/cargo-simple-3-songs.csv": (
        *("cargo_sales", "2022", (8, 8, 0, 0), 8),
        *(DAY(2022, 8, 31), DAY(2022, 8, 31), 8),
    ),
}
"""Format, layout, rows (read, loaded, duplicate, quarantined), numbers, first and last period end,
and the sum of the numbers, which was taken from the files by other means."""

NOT_LOADED = {
    "distributor_fixtures_TrackShift/prs-simple-3-songs.csv": "PRS for Music, a statement: .*dates",
    "s4a_label_portal_tiktok_LDV/streamingKPI.csv": "key figures: .* without saying which",
    "s4a_label_portal_tiktok_LDV/totalrelease.csv": "totals by store: .* without a date",
}


def sample(name: str) -> Path:
    return real_data(f"export_samples/{name}")


@pytest.mark.parametrize("name", SAMPLES)
def test_sample_is_recognised_and_loaded(name: str) -> None:
    path = sample(name)
    export = recognise(path)

    staged = stage(path)

    assert export is not None
    days = staged.facts["period_end"]
    assert (
        *(export.spec.name, export.header.layout.name, counts(staged), staged.facts.height),
        *(days.min(), days.max(), staged.facts["value"].sum()),
    ) == SAMPLES[name]


@pytest.mark.parametrize("name", NOT_LOADED)
def test_sample_without_days_is_known_by_name_and_not_loaded(name: str) -> None:
    con = open_platforms()

    (file,) = load(con, sample(name)).files

    assert file.status == "not loaded"
    assert file.reason is not None
    assert re.search(NOT_LOADED[name], file.reason)
    assert ask(con, "select count(*) from core.platform_facts") == [(0,)]


def test_every_sample_is_one_of_these() -> None:
    folder = real_data("export_samples")
    found = {
        str(path.relative_to(folder))
        for path in folder.rglob("*")
        if path.is_file() and path.suffix != ".md"
    }

    assert found == {*SAMPLES, *NOT_LOADED}


def test_row_with_a_stray_quote_is_the_only_one_kept_aside() -> None:
    staged = stage(sample("shazam_latest_TMU-ops.csv"))

    assert reasons(staged) == [(188, None, "unterminated_quote")]
    assert staged.bad["raw_text"].to_list() == ['185,"Haddaway","What Is Love (7" Mix)"']


def test_portal_writes_the_day_first_as_its_own_total_confirms() -> None:
    """The portal's key figures say 54,552 streams since release."""
    facts = stage(sample("s4a_label_portal_tiktok_LDV/StreamingPerformance.csv")).facts

    whole = facts.filter(facts["part"].is_null())
    assert facts["part"].n_unique() == 4
    assert whole["value"].sum() == 54_552
    assert set(facts["grain"]) == {"month"}
    assert whole["period_end"].to_list()[0] == DAY(2025, 2, 28)


def test_parts_of_two_exports_of_the_portal_are_told_apart() -> None:
    con = open_platforms()
    names = ("StreamingPerformance.csv", "streamsource.csv")

    load(con, *(sample(f"s4a_label_portal_tiktok_LDV/{name}") for name in names))

    assert ask(
        con,
        """
        select part, value from mart.platform_months
        where month = date '2025-02-28' and part like '%Not available'
        order by part
        """,
    ) == [("access: Not available", 9.0), ("source: Not available", 1.0)]


def test_all_samples_load_together_and_again_add_nothing() -> None:
    con = open_platforms()
    paths = [sample(name) for name in (*SAMPLES, *NOT_LOADED)]

    first = load(con, *paths)
    tables = "core.platform_facts", "raw.platform_exports", "raw.platform_quarantine"
    before = [ask(con, f"select count(*), sum(hash(t)) from {table} as t") for table in tables]
    again = load(con, *paths)

    assert (len(first.files), first.waiting, first.problems) == (17, (), ())
    assert (again.files, again.known_count) == ((), 17)
    assert before == [
        ask(con, f"select count(*), sum(hash(t)) from {table} as t") for table in tables
    ]


def test_songs_days_are_summed_to_whole_weeks_that_end_on_thursdays() -> None:
    con = open_platforms()

    load(con, sample("s4a_label_portal_tiktok_LDV/CloneWars.csv"))

    weeks = ask(con, "select week, value, days_count from mart.platform_weeks order by week")
    # The file begins on a Friday and ends on a Sunday: its last three days are no week.
    assert weeks[0] == (DAY(2025, 2, 20), 92 + 63 + 57 + 147 + 88 + 250 + 411, 7)
    assert (len(weeks), weeks[-1][0]) == (42, DAY(2025, 12, 4))
    assert {week.isoweekday() for week, _, _ in weeks} == {4}


def test_weeks_of_an_audience_average_people_and_keep_the_last_followers() -> None:
    con = open_platforms()

    load(con, sample("s4a_label_portal_tiktok_LDV/audience-timeline.csv"))

    assert ask(
        con,
        """
        select metric, value, combined from mart.artist_weeks
        where week = date '2025-12-04' order by metric
        """,
    ) == [
        ("daily_listeners", (2 + 2 + 2 + 2 + 5 + 8 + 9) / 7, "mean"),
        ("followers", 336.0, "last"),
        ("streams", 2 + 2 + 2 + 2 + 7 + 13 + 13, "sum"),
    ]


def test_spellings_of_one_isrc_are_one_song() -> None:
    con = open_platforms()

    load(con, sample("distributor_fixtures_TrackShift/DistroKid_NonAscii.tsv"))

    assert ask(con, "select own_track_id, same_as from core.own_tracks") == [
        ("AAAAA1234567", "AAAAA1234567")
    ]
    # Straight and curly apostrophes are no difference; three spellings are left.
    assert ask(con, "select count(distinct (artist_key, title_key)) from core.own_spellings") == [
        (3,)
    ]
    assert ask(con, "select count(*) from mart.doubtful_matches") == [(0,)]


def test_money_and_buyers_are_stored_nowhere() -> None:
    con = open_platforms()

    load(con, *(sample(name) for name in SAMPLES if "TrackShift" in name))

    texts = ""
    for table in ("core.platform_facts", "raw.platform_quarantine", "core.own_spellings"):
        texts += str(ask(con, f"select * from {table}"))
    assert "example.com" not in texts
    assert "0.00789993" not in texts


def test_year_is_told_where_the_person_knows_better() -> None:
    path = sample("s4a_label_portal_tiktok_LDV/tiktok.csv")

    facts = stage(path, Said(artist=ARTIST, year=2024)).facts

    assert (facts["period_end"].min(), facts["period_end"].max()) == (
        DAY(2023, 12, 2),
        DAY(2024, 12, 1),
    )
