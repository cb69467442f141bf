import pytest
from hypothesis import given
from hypothesis import strategies as st

from songpop.errors import InputError
from songpop.simulate import Fault, parse_fault
from songpop.simulate.columns import NUMBERS
from songpop.simulate.faults import KINDS


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("scale:TikTok Views:1.25@22", Fault("scale", "TikTok Views", 1.25, 22)),
        ("scale:TikTok Views@22", Fault("scale", "TikTok Views", 2.0, 22)),
        ("units:Spotify Streams:1000@9", Fault("units", "Spotify Streams", 1000.0, 9)),
        ("units:Spotify Streams@9", Fault("units", "Spotify Streams", 1000.0, 9)),
        ("missing:Shazam Counts@5", Fault("missing", "Shazam Counts", 0.2, 5)),
        ("missing_small:Shazam Counts:0.05@5", Fault("missing_small", "Shazam Counts", 0.05, 5)),
        ("frozen:AirPlay Spins@2", Fault("frozen", "AirPlay Spins", None, 2)),
        ("slow:Track Score:0.5@3", Fault("slow", "Track Score", 0.5, 3)),
        ("copula@12", Fault("copula", None, 1.0, 12)),
        ("copula:YouTube Views:0.5@12", Fault("copula", "YouTube Views", 0.5, 12)),
        ("mix@12", Fault("mix", None, 0.4, 12)),
        ("mix::0.25@12", Fault("mix", None, 0.25, 12)),
        ("concept@12", Fault("concept", None, None, 12)),
        ("dirty@1", Fault("dirty", None, None, 1)),
        (" correct @ 7 ", Fault("correct", None, None, 7)),
    ],
)
def test_a_fault_is_read(text: str, fault: Fault) -> None:
    assert parse_fault(text) == fault


@pytest.mark.parametrize("text", ["", "dirty", "@3", "scale:TikTok Views:2:3@4", "a@b@3", "scale@"])
def test_another_form_is_refused(text: str) -> None:
    with pytest.raises(
        InputError,
        match=r"^fault '.*': expected the form kind\[:COLUMN\[:SIZE\]\]@WEEK, got another; "
        r"write it like scale:TikTok Views:2@22$",
    ):
        parse_fault(text)


def test_an_unknown_kind_is_refused() -> None:
    with pytest.raises(
        InputError,
        match=r"expected a known kind, got 'melt'; choose one of concept, copula, .*units",
    ):
        parse_fault("melt:TikTok Views@3")


@pytest.mark.parametrize(
    ("text", "got"),
    [
        ("scale:Tik Tok:2@3", "'Tik Tok'"),
        ("scale:Track:2@3", "'Track'"),
        ("missing:TIDAL Popularity@3", "'TIDAL Popularity'"),
        ("copula:tiktok_views_count@3", "'tiktok_views_count'"),
        ("scale@3", "none"),
        ("scale::2@3", "none"),
    ],
)
def test_an_unknown_column_is_refused(text: str, got: str) -> None:
    with pytest.raises(
        InputError,
        match=f"expected a numeric column of the export, got {got}; name one of the headers "
        r"\(22: AirPlay Spins, ",
    ):
        parse_fault(text)


def test_a_column_that_a_kind_cannot_have_is_refused() -> None:
    with pytest.raises(
        InputError, match="expected no column for dirty, got 'TikTok Views'; leave it out"
    ):
        parse_fault("dirty:TikTok Views@3")


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("scale:TikTok Views:0@3", r"up to 1e\+06, got '0'; the usual one for scale is 2"),
        ("scale:TikTok Views:-2@3", r"up to 1e\+06, got '-2'"),
        ("scale:TikTok Views:nan@3", r"up to 1e\+06, got 'nan'"),
        ("scale:TikTok Views:inf@3", r"up to 1e\+06, got 'inf'"),
        ("units:TikTok Views:k@3", r"up to 1e\+06, got 'k'; the usual one for units is 1000"),
        ("missing:TikTok Views:5@3", "up to 1, got '5'; the usual one for missing is 0.2"),
    ],
)
def test_an_impossible_size_is_refused(text: str, wanted: str) -> None:
    with pytest.raises(InputError, match=f"expected a size above 0 and {wanted}"):
        parse_fault(text)


def test_a_size_that_a_kind_cannot_have_is_refused() -> None:
    with pytest.raises(InputError, match="expected no size for frozen, got '2'; leave it out"):
        parse_fault("frozen:TikTok Views:2@3")


@pytest.mark.parametrize("week", ["0", "-1", "two", "1.5", "²"])
def test_a_week_that_is_none_is_refused(week: str) -> None:
    with pytest.raises(
        InputError,
        match=f"expected a week from 1, got '{week}'; weeks are whole numbers and count from 1",
    ):
        parse_fault(f"dirty@{week}")


def test_week_one_has_no_week_before_to_repeat() -> None:
    with pytest.raises(InputError, match="expected a week from 2, got '1'"):
        parse_fault("frozen:TikTok Views@1")


def test_faults_last_but_for_dirt_and_corrections() -> None:
    lasting, single = parse_fault("concept@3"), parse_fault("dirty@3")

    assert [lasting.is_on(week) for week in (2, 3, 4)] == [False, True, True]
    assert [single.is_on(week) for week in (2, 3, 4)] == [False, True, False]
    assert (lasting.strength, parse_fault("mix@3").strength) == (0.0, 0.4)


@given(st.sampled_from(sorted(KINDS)), st.sampled_from(NUMBERS), st.integers(2, 500))
def test_every_kind_is_read_back(kind: str, column: str, week: int) -> None:
    has_column = KINDS[kind].column == "required"
    text = f"{kind}:{column}@{week}" if has_column else f"{kind}@{week}"
    fault = parse_fault(text)

    assert (fault.kind, fault.week) == (kind, week)
    assert fault.column == (column if has_column else None)
    assert fault.size == KINDS[kind].size
