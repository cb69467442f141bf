import datetime as dt
import glob
import hashlib
from pathlib import Path

import duckdb
import polars as pl
import pytest

from songpop.errors import InputError
from songpop.warehouse.parquet import (
    check_feed_name,
    remove_parquet,
    remove_strays,
    write_parquet,
)
from tests.builders import week_number
from tests.songpop.warehouse.make_warehouse import make_healthy

WEEK = week_number(6)


def test_week_is_published_by_rank_with_feed_and_week_as_columns(tmp_path: Path) -> None:
    paths, con = make_healthy(tmp_path)
    paths.parquet("us", WEEK).unlink()

    sha256 = write_parquet(con, paths, "us", WEEK)

    df = pl.read_parquet(paths.parquet("us", WEEK), hive_partitioning=False)
    wanted = con.execute("select * from mart.weekly_scores where week = ? order by rank", [WEEK])
    assert df.rows() == wanted.pl().rows()
    assert sha256 == hashlib.sha256(paths.parquet("us", WEEK).read_bytes()).hexdigest()
    assert df["feed"].to_list() == ["us"] * 3
    assert df["rank"].to_list() == [1, 2, 3]
    assert list(paths.scratch.iterdir()) == []
    con.close()


def test_week_whose_rows_are_not_stored_by_rank_is_published_by_rank(tmp_path: Path) -> None:
    paths, con = make_healthy(tmp_path)
    rows = con.execute("select * from mart.weekly_scores where week = ? order by rank", [WEEK]).pl()
    con.execute("delete from mart.weekly_scores where week = ?", [WEEK])
    con.register("backwards", rows.reverse().to_arrow())
    con.execute("insert into mart.weekly_scores by name from backwards")

    write_parquet(con, paths, "us", WEEK)

    assert pl.read_parquet(paths.parquet("us", WEEK), hive_partitioning=False).rows() == rows.rows()
    con.close()


def test_all_weeks_are_read_at_once_by_tools_that_know_hive_folders(tmp_path: Path) -> None:
    paths, con = make_healthy(tmp_path)
    files = str(paths.published / "**" / "*.parquet")

    by_duckdb = duckdb.sql(
        "select feed, week, count(*) from read_parquet($files) group by all order by all",
        params={"files": files},
    ).fetchall()
    by_polars = pl.read_parquet(files)

    assert by_duckdb == [("us", week_number(number), 3) for number in (2, 3, 6)]
    assert by_polars.height == 9
    con.close()


def test_file_of_a_week_without_scores_is_removed(tmp_path: Path) -> None:
    paths, con = make_healthy(tmp_path)

    assert remove_parquet(paths, "us", WEEK)
    assert not paths.parquet("us", WEEK).exists()
    assert not remove_parquet(paths, "us", WEEK)
    con.close()


def test_strays_are_removed_and_published_weeks_kept(tmp_path: Path) -> None:
    paths, con = make_healthy(tmp_path)
    stray = paths.parquet("old", WEEK)
    stray.parent.mkdir()
    stray.write_bytes(b"")

    remove_strays(paths, [("us", WEEK)])

    assert sorted(paths.published.rglob("*.parquet")) == [paths.parquet("us", WEEK)]
    assert not stray.parent.exists()
    con.close()


@pytest.mark.parametrize(("feed", "got"), [("", "no name"), ("US", "other characters")])
def test_feed_without_a_proper_name_is_told_what_it_may_be(feed: str, got: str) -> None:
    with pytest.raises(InputError) as refused:
        check_feed_name(feed)

    wanted = "lower-case letters, digits, _ and -, no sign first"
    message = f"feed {feed!r}: expected {wanted}, got {got}; choose another --feed"
    assert str(refused.value) == message


def test_file_is_compressed_by_zstd_and_may_stand_in_a_folder_with_signs_of_a_pattern(
    tmp_path: Path,
) -> None:
    paths, con = make_healthy(tmp_path / "a[1]*")

    write_parquet(con, paths, "us", WEEK)

    path = glob.escape(str(paths.parquet("us", WEEK)))
    kinds = con.execute("select distinct compression from parquet_metadata(?)", [path]).fetchall()
    assert kinds == [("ZSTD",)]
    con.close()


@pytest.mark.parametrize(
    "feed", ["", "../us", "us/gb", "US", "us\n", "us gb", "é", "-us", "_us", "us."]
)
def test_feed_that_cannot_name_a_folder_is_refused(feed: str, tmp_path: Path) -> None:
    paths, con = make_healthy(tmp_path)
    pattern = r"feed .*: expected lower-case letters, digits, _ and -, no sign first, got .*; cho"

    with pytest.raises(InputError, match=pattern):
        check_feed_name(feed)
    with pytest.raises(InputError, match=pattern):
        write_parquet(con, paths, feed, dt.date(2024, 6, 13))
    with pytest.raises(InputError, match=pattern):
        remove_parquet(paths, feed, dt.date(2024, 6, 13))
    con.close()


@pytest.mark.parametrize("feed", ["spotify_charts_us2", "my-label", "2nd"])
def test_feed_of_letters_digits_and_signs_is_fine(feed: str) -> None:
    assert check_feed_name(feed) == feed
