"""Invented titles, artists, albums and codes, the same for a track in every week."""

import functools
import itertools
import re
from typing import Final, TypeAlias

import numpy as np
import numpy.typing as npt
import polars as pl

from songpop.simulate.draws import Integers, Salt, hash_serials
from songpop.simulate.roster import World

_OPENINGS: Final = (
    "Al", "Be", "Ca", "Do", "El", "Fa", "Go", "Ha", "Il", "Jo", "Ka", "Lu", "Mi", "No", "Or", "Pa",
    "Qui", "Ro", "Sa", "Tu", "Ve", "Wi", "Xa", "Yo", "Zu", "Ño", "É", "Ø", "Şe", "Łu",
)  # fmt: skip
_MIDDLES: Final = ("", "la", "ri", "vo", "ne", "sta", "me", "lu")
_ENDINGS: Final = ("n", "ra", "lis", "to", "ven", "ska", "do", "sa")
_OTHER_SCRIPTS: Final = ("Вета", "Лорин", "ミラノ", "ナルカ", "सोरा", "نور", "노아라", "Λύρα")

_LATIN_WORDS_PER_OTHER: Final = 60

ALBUMS_PER_ARTIST: Final = 4

Bits: TypeAlias = npt.NDArray[np.uint64]
Forms: TypeAlias = tuple[tuple[int, str], ...]

ARTIST_FORMS: Final = (
    (85, "{one} {two}"),
    (6, "{one}"),
    (6, "{one} & {two}"),
    (3, "{one}, The {two}"),
)
TITLE_FORMS: Final = (
    (44, "{one} {two}"),
    (30, "{one}"),
    (18, "{one} {two} {three}"),
    (4, "{one}, {two}"),
    (3, "{one}'s {two}"),
    (1, '"{one}" {two}'),
)
HOLIDAY_FORM: Final = "{} (Winter Night)"
GUEST_FORMS: Final = ((90, "{title}"), (10, "{title} (feat. {guest})"))
ALBUM_FORMS: Final = ((48, "{title}"), (8, "{title} - Single"), (44, "{album}"))
"""(percent, form); the shares of guests, own titles and singles are the real file's."""

_PART: Final = re.compile(r"\{(\w+)\}")


@functools.cache
def vocabulary() -> pl.Series:
    """Return the invented words: mostly plain Latin, some with accents, a few in other scripts."""
    latin = ["".join(parts) for parts in itertools.product(_OPENINGS, _MIDDLES, _ENDINGS)]
    others = _OTHER_SCRIPTS * max(1, len(latin) // (_LATIN_WORDS_PER_OTHER * len(_OTHER_SCRIPTS)))
    return pl.Series([*latin, *others])


def _pick(bits: Bits, place: int, count: int) -> npt.NDArray[np.uint64]:
    """Return (n,) numbers below *count* from the *place*-th 12 bits."""
    return (bits >> np.uint64(12 * place) & np.uint64(4095)) * np.uint64(count) >> np.uint64(12)


def _words(bits: Bits, place: int) -> pl.Series:
    words = vocabulary()
    return words.gather(_pick(bits, place, words.len()))


def _compose(bits: Bits, place: int, forms: Forms, parts: dict[str, pl.Series]) -> pl.Series:
    """Return (n,) texts, each in the form that the *place*-th bits choose among *forms*.

    Args:
        bits: (n,) hashes.
        place: which of their bits choose.
        forms: (percent, form) pairs; the percentages add up to 100.
        parts: (n,) texts by the names that stand in the forms' braces.
    """
    frame = pl.DataFrame({**parts, "form": _pick(bits, place, 100)})
    texts = pl.lit(None, dtype=pl.String)
    below = 100
    for percent, form in reversed(forms):
        text = pl.format(_PART.sub("{}", form), *_PART.findall(form))
        texts = pl.when(pl.col("form") < below).then(text).otherwise(texts)
        below -= percent
    return frame.select(texts.alias("text")).to_series()


def name_artists(artists: Integers, seed: int) -> pl.Series:
    """Return (n,) names of *artists*, one or two words; a few carry a comma."""
    bits = hash_serials(artists, seed, Salt.ARTIST)
    return _compose(bits, 2, ARTIST_FORMS, {"one": _words(bits, 0), "two": _words(bits, 1)})


def title_tracks(world: World, serials: Integers) -> pl.Series:
    """Return (n,) titles of one to three words; a few carry commas, quotes or apostrophes."""
    bits = hash_serials(serials, world.seed, Salt.TITLE)
    words = {"one": _words(bits, 0), "two": _words(bits, 1), "three": _words(bits, 2)}
    titles = pl.DataFrame(
        {
            "usual": _compose(bits, 3, TITLE_FORMS, words),
            "holiday": pl.Series(world.is_holiday(serials)),
        }
    )
    return titles.select(
        pl.when("holiday").then(pl.format(HOLIDAY_FORM, "usual")).otherwise("usual").alias("title")
    ).to_series()


def add_guests(world: World, serials: Integers, titles: pl.Series) -> pl.Series:
    """Return (n,) *titles*, one in ten with a featured artist."""
    bits = hash_serials(serials, world.seed, Salt.TITLE)
    guests = name_artists(serials % world.artists_count, world.seed)
    return _compose(bits, 4, GUEST_FORMS, {"title": titles, "guest": guests})


def name_albums(world: World, serials: Integers, titles: pl.Series) -> pl.Series:
    """Return (n,) albums: the track's own title, its single, or one of its artist's albums."""
    bits = hash_serials(serials, world.seed, Salt.ALBUM)
    which = _pick(bits, 1, ALBUMS_PER_ARTIST).astype(np.int64)
    artists = world.artists_of(serials)
    albums = hash_serials(artists * ALBUMS_PER_ARTIST + which, world.seed, Salt.ALBUM)
    own = pl.select(pl.format("{} {}", _words(albums, 0), _words(albums, 1))).to_series()
    return _compose(bits, 0, ALBUM_FORMS, {"title": titles, "album": own})
