from pathlib import Path

from songpop.platforms.said import Said
from songpop.platforms.unload import unload_export
from tests.songpop.platforms.builders import NOW, ask, load, make_days, open_platforms, write


def write_audience(folder: Path, listeners: int) -> Path:
    days = make_days("2026-03-06", [listeners] * 7)
    rows = [f"{day},{count},1,1" for day, count in days.items()]
    lines = ["date,listeners,streams,followers", *rows, ""]
    return write(folder, f"audience-{listeners}.csv", "\n".join(lines))


def test_artist_is_one_however_the_name_is_written_and_shown_as_the_newest_file_says(
    tmp_path: Path,
) -> None:
    con = open_platforms()
    load(con, write_audience(tmp_path, 5), said=Said("Lady Vengeance"))

    (newer,) = load(con, write_audience(tmp_path, 6), said=Said("lady  VENGEANCE")).files

    query = "select artist_name, value from mart.artist_weeks where metric = 'daily_listeners'"
    assert ask(con, query) == [("lady  VENGEANCE", 6.0)]
    assert newer.outdone == 0
    unload_export(con, newer.file_name, NOW)
    assert ask(con, query) == [("Lady Vengeance", 5.0)]
