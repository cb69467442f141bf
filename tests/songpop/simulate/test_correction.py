from pathlib import Path

import polars as pl

from songpop.simulate.columns import HEADERS, ISRC
from tests.songpop.simulate.read_exports import read_export, simulate_weeks


def test_a_correction_follows_the_export_that_it_corrects(tmp_path: Path) -> None:
    plain = simulate_weeks(tmp_path / "plain", 3)
    paths = simulate_weeks(tmp_path / "faulty", 3, "correct@2")

    assert [path.name for path in paths] == [
        "chartmetric-2024-01-05.csv",
        "chartmetric-2024-01-12.csv",
        "chartmetric-2024-01-12-corrected.csv",
        "chartmetric-2024-01-19.csv",
    ]
    usual = [paths[0], paths[1], paths[3]]
    assert [path.read_bytes() for path in usual] == [path.read_bytes() for path in plain]


def test_a_correction_changes_a_few_numbers_of_the_same_tracks(tmp_path: Path) -> None:
    _, usual, corrected = simulate_weeks(tmp_path, 2, "correct@2", tracks=1_000)
    frame = read_export(usual).join(read_export(corrected), on=ISRC, suffix="_corrected")
    changed = {
        header: frame.filter(~pl.col(header).eq_missing(pl.col(f"{header}_corrected")))
        for header in HEADERS
        if header != ISRC
    }
    counts = {header: rows.height for header, rows in changed.items() if rows.height}

    assert frame.height == 1_000
    assert set(counts) == {"Spotify Streams", "Spotify Playlist Count"}
    assert all(1 <= count <= 5 for count in counts.values())


def test_corrected_totals_lie_between_the_weeks_around(tmp_path: Path) -> None:
    paths = simulate_weeks(tmp_path, 3, "correct@2", tracks=2_000)
    before, corrected, after = (read_export(paths[place]) for place in (0, 2, 3))
    frame = corrected.join(before, on=ISRC, suffix="_before").join(after, on=ISRC, suffix="_after")
    known = frame.drop_nulls(["Spotify Streams", "Spotify Streams_before", "Spotify Streams_after"])

    assert (known["Spotify Streams"] >= known["Spotify Streams_before"]).all()
    assert (known["Spotify Streams"] <= known["Spotify Streams_after"]).all()


def test_even_one_track_is_corrected(tmp_path: Path) -> None:
    usual, corrected = simulate_weeks(tmp_path, 1, "correct@1", tracks=1)

    assert usual.read_bytes() != corrected.read_bytes()
