import datetime as dt
import tempfile
import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from songpop.errors import LandingError, WaitingError
from songpop.platforms.said import DateOrder, Said
from songpop.settings import IngestSettings
from tests.songpop.platforms.builders import (
    ARTIST,
    LENIENT,
    counts,
    make_days,
    reasons,
    recognise,
    stage,
    write,
    write_song,
)

DISTROKID = (
    "Reporting Date\tSale Month\tStore\tArtist\tTitle\tISRC\tUPC\tQuantity\tTeam Percentage\t"
    "Song/Album\tCountry of Sale\tSongwriter Royalties Withheld\tEarnings (USD)"
)


def make_sale(**cells: str) -> str:
    values = {
        "reported": "2023-02-02",
        "month": "2021-04",
        "store": "Deezer",
        "artist": "A",
        "title": "S",
        "isrc": "USRC17607839",
        "quantity": "1",
        "kind": "Song",
        "country": "FR",
        "earned": "0.5",
        **cells,
    }
    names = ("reported", "month", "store", "artist", "title", "isrc")
    rest = ("kind", "country")
    parts = [values[n] for n in names] + ["1", values["quantity"], "100"]
    return "\t".join([*parts, *(values[n] for n in rest), "0", values["earned"]])


def write_sales(folder: Path, *rows: str) -> Path:
    return write(folder, "sales.tsv", "\n".join([DISTROKID, *rows, ""]))


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("2026-13-01,1", ("date", "impossible_date")),
        ("2026-09-02,1", ("date", "future_date")),
        ("1899-01-01,1", ("date", "impossible_date")),
        (",1", ("date", "unreadable_date")),
        ("01/02/2026,1", ("date", "unreadable_date")),
        ("2026-03-04,-1", ("streams", "negative")),
        ("2026-03-04,1.5", ("streams", "not_whole")),
        ('2026-03-04,"1,2,3"', ("streams", "bad_thousands")),
        ("2026-03-04,many", ("streams", "unreadable_number")),
        ("2026-03-04,99999999999999999999", ("streams", "too_large")),
        ("2026-03-04,100000000001", ("streams", "too_large")),
        ("2026-03-04", (None, "too_few_cells")),
        ("2026-03-04,1,2", (None, "too_many_cells")),
        ('2026-03-04,"1', (None, "unterminated_quote")),
        ("2026-03-04,1\x00", ("streams", "nul_byte")),
    ],
)
def test_row_that_cannot_be_read_is_kept_aside(
    tmp_path: Path, row: str, reason: tuple[str | None, str]
) -> None:
    good = [f"{day},5" for day in make_days("2026-01-01", range(30))]
    path = write(tmp_path, "Song.csv", "\n".join(["date,streams", row, *good, ""]))

    staged = stage(path)

    assert (counts(staged), reasons(staged)) == ((31, 30, 0, 1), [(2, *reason)])
    assert staged.refused_because is None


def test_thousands_and_blanks_are_read_and_an_empty_cell_says_nothing(tmp_path: Path) -> None:
    path = write(
        tmp_path, "Song.csv", 'date,streams\n2026-03-04, 12 \n2026-03-05,"1,234"\n2026-03-06,\n'
    )

    staged = stage(path)

    assert counts(staged) == (3, 3, 0, 0)
    assert staged.facts["value"].to_list() == [12.0, 1234.0]


def test_exact_repeats_are_duplicates_and_contradictions_are_all_kept_aside(tmp_path: Path) -> None:
    rows = ["2026-03-04,7", "2026-03-04,7", "2026-03-05,8", "2026-03-05,9", "2026-03-06,1"]
    path = write(tmp_path, "Song.csv", "\n".join(["date,streams", *rows, ""]))

    staged = stage(path, settings=LENIENT)

    assert counts(staged) == (5, 2, 1, 2)
    assert reasons(staged) == [(4, None, "repeated_key"), (5, None, "repeated_key")]
    assert staged.bad["raw_text"].to_list() == ["2026-03-05,8", "2026-03-05,9"]


def test_one_song_in_two_spellings_is_a_repeat(tmp_path: Path) -> None:
    rows = ["BAR,1,5,3,", "bar,1,5,3,", "Cafe\u0301,1,5,3,", "Caf\xe9,1,6,3,", "Don't,1,2,3,"]
    header = "song,listeners,streams,saves,release_date"
    path = write(tmp_path, "songs-7day-2026-02-19.csv", "\n".join([header, *rows, ""]))

    staged = stage(path, settings=LENIENT)

    assert counts(staged) == (5, 2, 1, 2)
    assert reasons(staged) == [(4, None, "repeated_key"), (5, None, "repeated_key")]
    assert staged.spellings["title"].to_list() == ["BAR", "Don't"]
    assert sorted(staged.facts.filter(metric="streams")["value"]) == [2.0, 5.0]


def test_sales_of_one_song_in_two_spellings_add_up(tmp_path: Path) -> None:
    rows = [make_sale(title="BAR", isrc=""), make_sale(title="bar", isrc="")]

    assert counts(stage(write_sales(tmp_path, *rows))) == (2, 2, 0, 0)


def test_sales_of_one_key_add_up_and_only_the_very_same_row_is_a_duplicate(tmp_path: Path) -> None:
    rows = [make_sale(), make_sale(earned="0.6"), make_sale(), make_sale(quantity="-3")]

    staged = stage(write_sales(tmp_path, *rows))

    assert counts(staged) == (4, 3, 1, 0)
    assert staged.facts["value"].to_list() == [1.0, 1.0, -3.0]
    assert set(staged.facts["period_end"]) == {dt.date(2021, 4, 30)}


def test_sale_of_an_album_is_no_tracks_and_does_not_refuse_a_file(tmp_path: Path) -> None:
    staged = stage(write_sales(tmp_path, make_sale(kind="Album", quantity="?"), make_sale()))

    assert (counts(staged), reasons(staged)) == ((2, 1, 0, 1), [(2, "kind", "not_a_track")])


def test_row_without_a_song_is_kept_aside(tmp_path: Path) -> None:
    path = write_sales(tmp_path, make_sale(title=" ", isrc=""), make_sale(title=""))

    staged = stage(path, settings=LENIENT)

    assert reasons(staged) == [(2, "title", "empty_key")]
    assert staged.spellings["own_track_id"].to_list() == ["USRC17607839"]


def test_quarantine_keeps_neither_money_nor_addresses(tmp_path: Path) -> None:
    rows = [make_sale(quantity="x", earned="123.45"), make_sale(earned="9.87") + "\tme@home.org"]

    staged = stage(write_sales(tmp_path, *rows), settings=LENIENT)

    texts = " ".join(staged.bad["raw_text"].to_list())
    assert staged.quarantined == 2
    assert "Deezer" in texts
    assert [found for found in ("123.45", "9.87", "home.org") if found in texts] == []


def test_file_of_mostly_bad_rows_is_refused_whole(tmp_path: Path) -> None:
    path = write(tmp_path, "Song.csv", "date,streams\n2026-03-04,1\n2026-03-05,x\n")

    staged = stage(path)

    assert (counts(staged), staged.refused_because) == ((2, 0, 0, 2), "too_many_bad_rows")
    assert staged.refused_words == (
        "1 of 2 rows are bad (first line 3, streams: no number: got x), more than the 0.05 "
        "of max_bad_share"
    )
    assert staged.facts.is_empty()
    assert reasons(staged) == [(2, None, "export_refused"), (3, "streams", "unreadable_number")]


@pytest.mark.parametrize(
    ("row", "words"),
    [
        (
            "02/01/2026,1",
            "date: no date in a format of the layout: expected 2026-01-02, got 02/01/2026)",
        ),
        (
            "2026-03-05,1.5",
            "streams: a fraction or an exponent where a whole number belongs: got 1.5)",
        ),
        ("2026-03-05,\x1b[2J", r"streams: no number: got \x1b[2J)"),
        (",1", "date: no date in a format of the layout)"),
        ("2026-03-05", "line 2: fewer cells than the header)"),
    ],
)
def test_refusal_names_what_was_expected_and_what_came(
    tmp_path: Path, row: str, words: str
) -> None:
    staged = stage(write(tmp_path, "Song.csv", f"date,streams\n{row}\n"))

    assert staged.refused_words is not None
    assert words in staged.refused_words


def test_header_without_rows_is_refused(tmp_path: Path) -> None:
    assert stage(write(tmp_path, "Song.csv", "date,streams\n")).refused_because == "no_rows"


@pytest.mark.parametrize(
    "title",
    [
        "=HYPERLINK(1)",
        "<script>alert(1)</script>",
        "'; drop table x; --",
        "\u202etitle",
        "x" * 9_000,
    ],
)
def test_titles_are_data_whatever_they_say(tmp_path: Path, title: str) -> None:
    staged = stage(write_sales(tmp_path, make_sale(title=title, isrc="")))

    assert staged.spellings["title"].to_list() == [title]


@pytest.mark.parametrize("title", ["line 1\nline 2", "line 1\r\nline 2", "a\tb"])
def test_line_end_or_tab_within_quotes_is_part_of_a_name(tmp_path: Path, title: str) -> None:
    staged = stage(write_sales(tmp_path, make_sale(title=f'"{title}"', isrc="")))

    assert counts(staged) == (1, 1, 0, 0)
    assert staged.spellings["title"].to_list() == [title]
    assert staged.spellings["title_key"].to_list() == [" ".join(title.split())]


def test_control_characters_in_names_are_kept_aside(tmp_path: Path) -> None:
    staged = stage(write_sales(tmp_path, make_sale(title="a\x1b[2Jb")), settings=LENIENT)

    assert reasons(staged) == [(2, "title", "control_character")]
    assert staged.bad["raw_text"].to_list()[0].isprintable()


def test_binary_and_wide_files_are_none_of_ours(tmp_path: Path) -> None:
    assert recognise(write(tmp_path, "a.csv", bytes(range(256)) * 50)) is None
    assert recognise(write(tmp_path, "b.csv", ",".join(["date"] * 10_000))) is None


def test_limits_hold_for_platforms_too(tmp_path: Path) -> None:
    path = write_song(tmp_path, "Song", make_days("2026-01-01", range(100)))
    small = IngestSettings.model_validate({"max_file_bytes": 100})

    with pytest.raises(LandingError, match="at most 100 bytes of text"):
        stage(path, settings=small)


def test_tables_below_each_other_are_held_in_memory_up_to_a_limit(tmp_path: Path) -> None:
    text = "Artist:,Somebody,\nTotal\nDate,Value\n01/13/25,1\n01/14/25,2\n"
    path = write(tmp_path, "p.csv", text)
    message = (
        rf"at most {len(text) - 1} bytes in a file of several tables \(max_sectioned_bytes\), "
        r"got more; export a shorter period$"
    )

    with pytest.raises(LandingError, match=message):
        stage(path, Said(), IngestSettings(max_sectioned_bytes=len(text) - 1))

    whole = stage(path, Said(), IngestSettings(max_sectioned_bytes=len(text)))
    assert counts(whole) == (2, 2, 0, 0)


def test_limit_of_tables_below_each_other_is_none_of_other_files(tmp_path: Path) -> None:
    path = write_song(tmp_path, "Song", make_days("2026-01-01", range(100)))

    staged = stage(path, settings=IngestSettings(max_sectioned_bytes=10))

    assert counts(staged) == (100, 100, 0, 0)


def test_tables_below_each_other_are_told_apart(tmp_path: Path) -> None:
    months = [f"01/{month:02}/25" for month in range(1, 13)] + ["01/01/26"]
    total = [f"{month},{value}" for value, month in enumerate(months)]
    parts = [f"{month},{value},0.5" for value, month in enumerate(months)]
    lines = ["Artist:,Somebody,", "Total", "Date,Value", *total, "Premium"]
    lines += ["Date,Value,PeriodOverPeriod", *parts, "stray"]

    staged = stage(write(tmp_path, "p.csv", "\n".join(lines)), Said(), LENIENT)

    assert counts(staged) == (27, 26, 0, 1)
    assert reasons(staged) == [(len(lines), None, "too_few_cells")]
    assert set(staged.facts["part"]) == {None, "access: Premium"}
    assert set(staged.facts["subject_id"]) == {"Somebody"}


def test_portal_by_day_counts_for_weeks_and_may_be_told_its_order(tmp_path: Path) -> None:
    days = [f"01/{day:02}/26,{day}" for day in range(1, 32)]
    head = "Artist:,Somebody,\nTotal\nDate,Value\n"
    path = write(tmp_path, "p.csv", head + "\n".join(days))
    short = write(tmp_path, "q.csv", head + "\n".join(days[:8]))

    facts = stage(path, Said()).facts

    assert set(facts.select("grain", "sums_to").rows()) == {("day", "week")}
    assert facts["period_end"].max() == dt.date(2026, 1, 31)
    with pytest.raises(WaitingError, match="got both"):
        stage(short, Said())
    told = stage(short, Said(date_order="month-first")).facts
    assert told["period_end"].to_list()[-1] == dt.date(2026, 1, 8)
    assert set(stage(short, Said(date_order="day-first")).facts["grain"]) == {"month"}


@pytest.mark.parametrize("order", [None, "day-first", "month-first"])
def test_portal_of_one_row_is_told_to_be_longer_at_once(
    tmp_path: Path, order: DateOrder | None
) -> None:
    path = write(tmp_path, "p.csv", "Artist:,Somebody,\nTotal\nDate,Value\n01/02/26,7\n")

    with pytest.raises(WaitingError, match=r"got one, 01/02/26; download a longer period"):
        stage(path, Said(date_order=order))


def test_portal_whose_dates_are_none_is_refused_with_its_rows(tmp_path: Path) -> None:
    path = write(tmp_path, "p.csv", "Artist:,Somebody,\nTotal\nDate,Value\n2026-01-02,7\n")

    assert reasons(stage(path, Said())) == [(4, "date", "unreadable_date")]


def test_days_without_a_year_stand_once_each(tmp_path: Path) -> None:
    header = '"Date","Video Views","Profile Views","Likes","Comments","Shares"'
    rows = [f'"{day}","1","0","0","0","0"' for day in ("March 1", "March 1")]
    path = write(tmp_path, "t.csv", "\n".join([header, *rows]))

    with pytest.raises(WaitingError, match="each day once"):
        stage(path)


def test_many_songs_are_read_in_seconds(tmp_path: Path) -> None:
    rows = [
        make_sale(title=f"Song {n}", isrc=f"USRC1{n:07}", store=store)
        for n in range(5_000)
        for store in ("Deezer", "Spotify")
    ]
    path = write_sales(tmp_path, *rows)
    began = time.perf_counter()

    staged = stage(path)

    assert counts(staged) == (10_000, 10_000, 0, 0)
    assert staged.spellings.height == 5_000
    assert time.perf_counter() - began < 20


CELLS = st.sampled_from(
    ["2026-03-04", "2026-03-05", "7", "8", "", "x", "-1", '"', '"7"', "1.5", "\x00", "2027-01-01"]
)


@settings(deadline=None, max_examples=80, suppress_health_check=[HealthCheck.too_slow])
@given(
    rows=st.lists(st.lists(CELLS, min_size=1, max_size=3), max_size=12),
    end=st.sampled_from(["\n", "\r\n", "\r"]),
)
def test_every_row_of_any_file_is_accounted_for(rows: list[list[str]], end: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        text = end.join(["date,streams", *(",".join(row) for row in rows), "2026-03-01,1", ""])
        path = write(Path(folder), "Song.csv", text)

        staged = stage(path, Said(artist=ARTIST), LENIENT)  # asserts the identity

    assert staged.rows_read >= 1
    assert staged.facts["line"].is_unique().all()
