import datetime as dt
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from songpop.errors import InputError
from songpop.reproduce.read import read_rows
from songpop.reproduce.tracks import make_tracks
from songpop.settings import IngestSettings
from tests.real_data import real_data
from tests.songpop.reproduce.builders import FORMATS, make_records, make_small_tracks, read_records


def test_the_leak_is_the_one_column_more(tmp_path: Path) -> None:
    tracks = make_small_tracks(tmp_path)
    leak, honest = tracks.features["with_track_score"], tracks.features["leak_free"]

    assert set(leak.columns) - set(honest.columns) == {"track_score__log"}
    assert leak["track_score__log"].to_numpy() == pytest.approx(np.log1p(tracks.source), rel=1e-6)


def test_honest_features_know_neither_score_nor_rank_nor_line(tmp_path: Path) -> None:
    columns = make_small_tracks(tmp_path).features["leak_free"].columns
    sources = {name.partition("__")[0] for name in columns[3:]}

    assert columns[:3] == ["feed", "week", "track_id"]
    assert sources.isdisjoint({"track_score", "all_time_rank", "line"})


def test_columns_that_say_nothing_are_dropped(tmp_path: Path) -> None:
    honest = make_small_tracks(tmp_path).features["leak_free"]

    assert not [column.name for column in honest if column.null_count() == honest.height]
    assert "tidal_popularity_index__log" not in honest.columns
    assert honest["shazam_count__log"].null_count() > 0


def test_rows_stay_in_file_order_and_are_keyed_by_their_number(tmp_path: Path) -> None:
    tracks = make_small_tracks(tmp_path)
    scores = [float(record["Track Score"]) for record in make_records()]

    assert tracks.source.tolist() == scores
    assert tracks.features["leak_free"]["track_id"].to_list()[:2] == ["000", "001"]


def test_the_label_is_above_the_median_of_all_rows(tmp_path: Path) -> None:
    tracks = make_small_tracks(tmp_path)

    assert tracks.y.tolist() == (tracks.source > np.median(tracks.source)).tolist()
    assert 0.45 < tracks.y.mean() <= 0.5


def test_week_is_the_day_after_the_newest_release_unless_given(tmp_path: Path) -> None:
    export = read_records(tmp_path, make_records())
    counted = make_tracks(export, None)
    given = make_tracks(export, dt.date(2024, 6, 25))

    assert counted.week == dt.date(2024, 6, 15)
    assert counted.age_days.min() == 1
    assert (given.age_days - counted.age_days == 10).all()


def test_release_after_the_week_has_no_age(tmp_path: Path) -> None:
    tracks = make_tracks(read_records(tmp_path, make_records()), dt.date(2023, 6, 14))

    assert np.isnan(tracks.age_days).sum() > 0
    assert np.nanmin(tracks.age_days) >= 0


@pytest.mark.parametrize(
    ("week", "message"),
    [
        (
            dt.date(9999, 12, 31),
            r"most 366 days after the newest release, 2024-06-14, got one 2,913",
        ),
        (dt.date(2025, 6, 16), r"got one 367 days after it; pass the day .* leave --week out"),
        (
            dt.date(1990, 1, 1),
            r"--week 1990-01-01: expected .* 50% of the releases .*, got 0 of 300",
        ),
    ],
)
def test_week_that_tells_no_ages_is_refused(tmp_path: Path, week: dt.date, message: str) -> None:
    with pytest.raises(InputError, match=message):
        make_tracks(read_records(tmp_path, make_records()), week)


def test_week_is_taken_from_half_of_the_releases_to_a_year_after_the_newest(
    tmp_path: Path,
) -> None:
    export = read_records(tmp_path, make_records())
    middle = export.rows["release_date"].sort()[149]  # 150 of 300 are on or before it
    for week in (middle, dt.date(2025, 6, 15)):
        assert make_tracks(export, week).week == week
    with pytest.raises(InputError, match=r"got 1[0-9]{2} of 300"):
        make_tracks(export, middle - dt.timedelta(days=1))


def test_tracks_of_one_artist_share_a_number_and_blank_artists_do_not(tmp_path: Path) -> None:
    records = make_records()
    records[0]["Artist"], records[1]["Artist"] = "ABBA", " abba "
    records[2]["Artist"] = records[3]["Artist"] = ""
    artists = make_tracks(read_records(tmp_path, records), None).artists

    assert artists[0] == artists[1]
    assert len({int(artists[row]) for row in (0, 2, 3)}) == 3


def test_one_score_for_all_is_refused(tmp_path: Path) -> None:
    records = [record | {"Track Score": "5.0"} for record in make_records()]
    with pytest.raises(InputError, match=r"expected Track Score above .* 20% of the rows, got 0"):
        make_tracks(read_records(tmp_path, records), None)


def test_artist_with_most_rows_is_refused(tmp_path: Path) -> None:
    records = [record | {"Artist": "A"} for record in make_records()]
    with pytest.raises(
        InputError, match=r"expected no artist with more than 20% .*, got one with 300 of"
    ):
        make_tracks(read_records(tmp_path, records), None)


def test_table_without_dates_asks_for_the_week(tmp_path: Path) -> None:
    records = [record | {"Release Date": ""} for record in make_records()]
    export = read_records(tmp_path, records)
    with pytest.raises(InputError, match=r"expected a release date .*, got none; pass --week"):
        make_tracks(export, None)

    tracks = make_tracks(export, dt.date(2024, 6, 15))
    assert np.isnan(tracks.age_days).all()


@pytest.mark.real_data
def test_published_table_has_the_published_median_and_its_newest_day() -> None:
    path = real_data("chartmetric_2024/top_songs.csv")
    tracks = make_tracks(read_rows(path, FORMATS, IngestSettings()), None)

    assert tracks.week == dt.date(2024, 6, 15)
    assert np.median(tracks.source) == 29.9
    assert tracks.features["leak_free"].select(pl.len()).item() == 4_600
