from songpop.formats.registry import load_formats
from songpop.ingest.headers import describe_mismatch, match_header, nearest_match
from tests.songpop.ingest.exports import HEADER

FORMATS = load_formats()


def describe(names: list[str]) -> str:
    match = nearest_match(match_header(names, FORMATS, ","))
    return describe_mismatch("a.csv", match, names, FORMATS)


def test_order_case_blanks_and_aliases_are_free() -> None:
    names = [f" {name.lower()} " for name in reversed(HEADER)]

    exact = [match for match in match_header(names, FORMATS, ",") if match.is_exact]

    assert [match.spec.name for match in exact] == ["chartmetric"]
    assert exact[0].columns[0] == "is_explicit"


def test_layouts_of_another_delimiter_are_not_tried() -> None:
    assert match_header(HEADER, FORMATS, ";") == []


def test_missing_unknown_and_repeated_columns_are_named() -> None:
    names = [*HEADER, "Artist"]
    names[HEADER.index("ISRC")] = "ISRC Code"

    assert describe(names) == (
        'a.csv: expected the columns of chartmetric (29), got 30, missing 1: "ISRC", '
        'unknown 1: "ISRC Code", repeated 1: "Artist"; '
        "export it again with these columns, or declare its format in formats_dir"
    )


def test_one_column_under_two_of_its_names_is_repeated() -> None:
    assert 'repeated 1: "Position"' in describe(["rank", "Position", "uri"])


def test_header_that_is_like_none_is_shown_shortened_and_safe() -> None:
    assert describe(["\x1b" + "x" * 100]) == (
        "a.csv: expected a header of one of the formats chartmetric, spotify_charts, "
        "youtube_charts, or of a platform's export (see README), got "
        f'"\\x1b{"x" * 56}…"; export it again with these columns, or declare its format in '
        "formats_dir"
    )


def test_file_without_columns_has_no_header() -> None:
    assert 'got ""' in describe_mismatch("a.parquet", None, [], FORMATS)


def test_what_songpop_writes_itself_is_never_the_nearest() -> None:
    names = [column.headers[0] for column in FORMATS["own"].columns][:-1]
    matches = match_header(names, FORMATS, ",")

    nearest = nearest_match(matches)

    assert max(matches, key=lambda match: match.closeness).spec.name == "own"
    assert nearest is None or nearest.spec.name != "own"
    assert "own" not in describe(["nothing"])
