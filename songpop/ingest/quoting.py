"""One delimited record, read exactly as RFC 4180 has it: the slow path for irregular lines."""

import re
from functools import cache
from typing import Final

MULTI_LINE_MAXIMUM: Final = 20
"""Most physical lines that one record may span, blank ones not counted."""


def split_record(record: bytes, delimiter: bytes) -> list[bytes] | None:
    """Split one record into its cells, quotes undone.

    Returns:
        The cells, or null where the quoting is malformed: a quote inside an unquoted cell, text
        after a closing quote, or a quote that is never closed.
    """
    cells: list[bytes] = []
    position = 0
    pattern = _cell_pattern(delimiter)
    while match := pattern.match(record, position):
        quoted, plain = match.groups()
        cells.append(plain if quoted is None else quoted.replace(b'""', b'"'))
        position = match.end()
        if position == len(record):
            return cells
        if record[position : position + 1] != delimiter:
            return None
        position += 1
    return None


@cache
def _cell_pattern(delimiter: bytes) -> re.Pattern[bytes]:
    plain = rb'[^"\r\n' + re.escape(delimiter) + rb"]*"
    return re.compile(rb'"([^"]*(?:""[^"]*)*)"|(' + plain + rb")")
