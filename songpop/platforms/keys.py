"""How songs are told apart: by ISRC, else by how artist and title are written."""

import hashlib
import re
import unicodedata
from typing import Final, NamedTuple

_ISRC: Final = re.compile(r"[A-Z]{2}[A-Z0-9]{3}[0-9]{7}")
"""ISO 3901:2019: country or allocator, registrant, year and designation."""

_ALIKE: Final = str.maketrans(
    {
        **dict.fromkeys("‘’‚‛ʼʻ′`´＇", "'"),
        **dict.fromkeys("“”„‟«»″＂", '"'),
        **dict.fromkeys("‐‑‒–—―−﹣－", "-"),
        "…": "...",
    }
)
# Letters whose stroke is no mark that Unicode would take off.
_UNSTRUCK: Final = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "æ": "ae", "œ": "oe", "ħ": "h"})
_VERSION: Final = re.compile(
    r"\b(live|remix|acoustic|instrumental|sped[ -]?up|slowed|edit|demo|karaoke|extended)\b"
)
_BRACKET: Final = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")
_GUEST: Final = re.compile(r"\s(?:feat\.?|ft\.?|featuring|with)\s.*$")
_AFTER_DASH: Final = re.compile(
    r"\s-\s(?=[^-]*\b(?:remaster(?:ed)?|version|mix|mono|stereo|bonus|single|"
    r"live|remix|acoustic|instrumental|sped[ -]?up|slowed|edit|demo|karaoke|extended)\b).*$"
)
_ID_DIGITS: Final = 16


class SongKeys(NamedTuple):
    """One spelling of one song."""

    own_track_id: str
    """The ISRC, or ``own:`` and sixteen hexadecimal digits of the strict keys' hash."""
    isrc: str | None
    artist_key: str | None
    """Strict; null where the artist is not known."""
    title_key: str | None
    artist_loose: str | None
    title_loose: str | None
    versions: str
    """Words that name a version, sorted, comma-separated; empty: none."""


def make_keys(isrc: str | None, artist: str | None, title: str | None) -> SongKeys:
    """Return the keys of a song as an export names it.

    Args:
        isrc: as exported; one of another form than ISO 3901's counts as none.
        artist: as exported; null: not known.
        title: as exported; null only where there is an ISRC.
    """
    code = normalise_isrc(isrc)
    artist_key, title_key = strict_key(artist), strict_key(title)
    digest = hashlib.sha256(f"{artist_key or ''}\x1f{title_key or ''}".encode()).hexdigest()
    return SongKeys(
        own_track_id=code or f"own:{digest[:_ID_DIGITS]}",
        isrc=code,
        artist_key=artist_key,
        title_key=title_key,
        artist_loose=loose_key(artist),
        title_loose=loose_key(title),
        versions=find_versions(title),
    )


def normalise_isrc(text: str | None) -> str | None:
    """Return an ISRC without hyphens and blanks, in capitals; null where it is none."""
    code = re.sub(r"[\s-]", "", text or "").upper()
    return code if _ISRC.fullmatch(code) else None


def strict_key(text: str | None) -> str | None:
    """Return *text* without what is no difference: case, kinds of quotes and dashes, blanks.

    Null where nothing is left. NFKC and case folding are those of Unicode 15 (UAX 15, D146).
    """
    folded = unicodedata.normalize("NFKC", (text or "").translate(_ALIKE)).casefold()
    key = " ".join(unicodedata.normalize("NFKC", folded).translate(_ALIKE).split())
    return key or None


def loose_key(text: str | None) -> str | None:
    """Return what two spellings of one song may have in common: letters and digits alone.

    Marks, brackets, guests and what names a version after a dash are left out. Equal loose keys
    are a question to a person, never an answer. Null where nothing is left.
    """
    key = strict_key(text)
    if key is None:
        return None
    shortened = _GUEST.sub("", _AFTER_DASH.sub("", _BRACKET.sub(" ", key)))
    return _letters(shortened) or _letters(key) or None


def find_versions(title: str | None) -> str:
    """Return the words in brackets or after a dash that name a version, comma-separated."""
    key = strict_key(title) or ""
    asides = [*_BRACKET.findall(key), *key.split(" - ")[1:]]
    found = {re.sub(r"[ -]", " ", word) for aside in asides for word in _VERSION.findall(aside)}
    return ", ".join(sorted(found))


def _letters(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text).translate(_UNSTRUCK)
    return "".join(sign for sign in plain if sign.isalnum())
