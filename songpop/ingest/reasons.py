"""Why a row was kept aside: the closed vocabulary of ``raw.quarantine.reason``."""

from typing import Final

REASONS: Final[dict[str, str]] = {
    "bad_encoding": "bytes that are not UTF-8, in a layout that is nothing else",
    "bad_thousands": "thousands separators that do not stand every three digits",
    "contradicts_week": "another export of the week holds the key with different content",
    "control_character": "a control character other than tab and line end",
    "empty_key": "no key",
    "export_refused": "readable itself, in an export that was refused whole",
    "future_date": "a day or month that begins after the day of loading",
    "impossible_date": "no day of the calendar, before 1900, or over a year after the week",
    "line_too_long": "a record longer than max_line_bytes",
    "negative": "a negative number",
    "not_a_track": "a sale of a whole release or of something else than a track",
    "not_whole": "a fraction or an exponent where a whole number belongs",
    "nul_byte": "a NUL byte",
    "other_week": "a week other than that of the export",
    "repeated_key": "the key of another row of the export, with different content",
    "stray_quote": "a quote that neither bounds a cell nor is doubled within one",
    "too_few_cells": "fewer cells than the header",
    "too_large": "a number above the column's maximum",
    "too_many_cells": "more cells than the header",
    "too_small": "a rank below 1",
    "two_digit_year": "a year of two digits",
    "unreadable_date": "no date in a format of the layout",
    "unreadable_flag": "neither 0, 1, true nor false",
    "unreadable_key": "a key in another form than the format declares, or with outer blanks",
    "unreadable_number": "no number",
    "unterminated_quote": "a quote that is never closed",
}
"""Reason code to words."""

IMPLAUSIBLE: Final = "implausible"

REFUSALS: Final[dict[str, str]] = {
    IMPLAUSIBLE: "a week that cannot be true; ml.drift_weeks says why",
    "no_rows": "a header without rows",
    "too_many_bad_rows": "a share of bad rows above max_bad_share",
}
"""Why a whole export was refused: the values of ``raw.exports.reason``, to words."""
