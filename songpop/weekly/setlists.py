"""Which songs of an artist to play: the first places of each set list, folded."""

from collections.abc import Sequence
from typing import Final

from songpop.pages.document import heading, paragraph
from songpop.weekly.facts import Row, ScoredFacts
from songpop.weekly.tables import STACKED, UNTITLED, WORDS, Cell, Markup, make_table
from songpop.weekly.texts import count, cut_text, isolate, tell, title_of

_MEANING: Final = (
    "Which songs of an artist to play. A song's place is the mean of its places beside the "
    "artist's other songs of this week, in whatever the export reports. Anthem: known widely; "
    "riser: gaining; deep cut: known to fewer; do not play yet: known little, and of low "
    "potential. No export says what a crowd sings along to, or in which order to play."
)
_NO_RISERS: Final = "No song was scored 4 weeks before, so nothing can be called a riser."


def show_set_lists(scored: ScoredFacts) -> Markup:
    """Return a folded set list for each artist that has one; nothing where nobody has."""
    if not scored.set_lists:
        return ""
    note = _MEANING
    if all(row["momentum"] is None for rows in scored.set_lists for row in rows):
        note = f"{note} {_NO_RISERS}"
    lists = "".join(_show_list(rows) for rows in scored.set_lists)
    return heading("Set lists") + paragraph(note, "note") + lists


def _show_list(rows: Sequence[Row]) -> Markup:
    name, songs_count = rows[0]["artist_name"], rows[0]["songs_count"]
    told = (
        f"the first {len(rows)} of {songs_count:,} songs"
        if songs_count > len(rows)
        else count(songs_count, "song")
    )
    header = [("song", WORDS), ("place", ""), ("role", WORDS), ("why", WORDS)]
    table = make_table(
        header,
        [_song(row) for row in rows],
        f"Set list of {cut_text(name)}",
        kind=f"{STACKED} {UNTITLED}",
    )
    return f"<details><summary>{isolate(name)}: {told}</summary>{table}</details>"


def _song(row: Row) -> list[Cell]:
    return [title_of(row), f"{row['artist_rank']}", row["role"], tell(row["reason"])]
