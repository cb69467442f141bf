import polars as pl
import pytest

from songpop.ingest.texts import damaged_text, flag_rule, key_rule, text_rule
from tests.songpop.ingest.judge import cell_of, judge, make_column

TITLE = make_column("text", "title")
KEY = make_column("key", "track_id")
FLAG = make_column("flag", "is_explicit")
HOSTILE = [
    "'; drop table x; --",
    "<script>",
    "=1+1",
    "\u202eabc",
    "a\tb\nc\r\nd",
    " blank ",
    "x" * 10_000,
]


def test_text_is_data_whatever_it_says() -> None:
    assert judge(text_rule(TITLE, cell_of(TITLE)), [*HOSTILE, None]) == [*HOSTILE, None]


@pytest.mark.parametrize("sign", ["\x01", "\x07", "\x0b", "\x1b", "\x7f"])
def test_control_characters_are_no_text(sign: str) -> None:
    assert judge(text_rule(TITLE, cell_of(TITLE)), [f"a{sign}b"]) == ["!control_character"]


@pytest.mark.parametrize(
    ("cell", "result"),
    [
        (None, "!empty_key"),
        ("USUM71703861", "USUM71703861"),
        (" USUM71703861", "!unreadable_key"),
        ("USUM71703861\u00a0", "!unreadable_key"),
        (" ", "!unreadable_key"),
        ("US\n1", "!control_character"),
    ],
)
def test_key_is_kept_as_it_stands(cell: str | None, result: str) -> None:
    assert judge(key_rule(KEY, cell_of(KEY)), [cell]) == [result]


def test_key_is_extracted_where_the_format_says_how() -> None:
    column = make_column("key", "track_id", extract="^(?:id:|/)([a-z]+)$", template="id:{}")

    assert judge(key_rule(column, cell_of(column)), ["id:ab", "/cd", "x/ef", "/", None]) == [
        *("id:ab", "id:cd", "!unreadable_key", "!unreadable_key", "!empty_key")
    ]


def test_flags_are_digits_or_words_in_any_case() -> None:
    cells = ["0", "1", "TRUE", "False", None, "yes", "2", " 1"]

    assert judge(flag_rule(FLAG, cell_of(FLAG)), cells) == [
        *(
            False,
            True,
            True,
            False,
            None,
            "!unreadable_flag",
            "!unreadable_flag",
            "!unreadable_flag",
        )
    ]


@pytest.mark.parametrize(
    ("text", "is_damaged", "is_damaged_latin1"),
    [
        ("Beyonc\ufffd", True, True),
        ("Beyoncï¿½", True, True),
        ("Beyoncï¿", True, True),
        ("ýýchame", True, True),
        ("don\x92t", True, True),
        ("Anaï", False, True),
        ("Anaïs", False, False),
        ("Nový", False, False),
        ("Beyoncé", False, False),
        (None, False, False),
    ],
)
def test_debris_of_destroyed_names_is_flagged(
    text: str | None, *, is_damaged: bool, is_damaged_latin1: bool
) -> None:
    frame = pl.DataFrame(
        {"title": ["ok"], "artist_name": [text]}, schema_overrides={"artist_name": pl.String}
    )

    for is_latin1, expected in ((False, is_damaged), (True, is_damaged_latin1)):
        flag = frame.select(damaged_text(["title", "artist_name"], is_latin1=is_latin1)).item()
        assert flag == ("damaged_text" if expected else None)


def test_layout_without_names_has_no_damage() -> None:
    assert pl.DataFrame({"x": [1]}).select(damaged_text([], is_latin1=False)).item() is None
