"""From the reasons of a week's scores to their words."""

from typing import Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from songpop.formats.spec import FormatSpec
from songpop.model.explain import REASONS_COUNT
from songpop.model.inputs import MISSING_SIGN
from songpop.reasons.phrases import speak
from songpop.reasons.standing import (
    STANDINGS_COUNT,
    Codes,
    Peers,
    Reasons,
    decode,
    find_standings,
)
from songpop.reasons.vocabulary import phrase_of
from songpop.warehouse.parts import Parts

_NAMES: Final = tuple(f"reason_{place}" for place in range(1, REASONS_COUNT + 1))


def add_words(
    scores: pl.DataFrame,
    features: pl.DataFrame,
    spec: FormatSpec,
    peers: Peers | None = None,
    first_row: int = 0,
) -> pl.DataFrame:
    """Put each reason of one cohort, or of a part of it, into words.

    They name the input that did most for the contribution, in its direction, and where the track
    stands on it: among the tracks of its age step, or among all of the week where its age is
    unknown or fewer than 50 tracks of that step have a value. Shares are rounded down, exact in
    groups of up to 16,384 tracks, and estimated on as many in larger ones.

    Args:
        scores: what ``Scorer.score`` returned, (n, 12), row by row with *features*.
        features: Features, (n, keys + features), those that were scored.
        spec: the feed's format, whose labels and kinds make the words.
        peers: the whole week, where *features* are a part of it; null: they are all of it.
        first_row: place of the part's first row in the week.

    Returns:
        *scores* with reason_1_text … in the place of reason_1_input …; null where the reason is.
        The same words for a track, whatever the order of the rows.
    """
    peers = peers or Peers(Parts.of(features))
    inputs = scores.select(f"{name}_input" for name in _NAMES)
    effects = scores.select(pl.col(f"{name}_contribution").sign().fill_null(0) for name in _NAMES)
    names = pl.Series(inputs.dtypes[0].categories).to_list()  # type: ignore[attr-defined] - an Enum
    leading = inputs.select(pl.all().to_physical().cast(pl.Int64).fill_null(-1))
    reasons = Reasons(names, _by_place(leading), _by_place(effects))
    codes = find_standings(features, reasons, peers, first_row)
    texts = _look_up(codes, names, spec)
    return scores.drop(inputs.columns).with_columns(
        text.alias(f"{name}_text") for name, text in zip(_NAMES, texts, strict=True)
    )


def _by_place(df: pl.DataFrame) -> NDArray[np.intp]:
    return np.stack([column.to_numpy().astype(np.intp) for column in df.iter_columns()])


def _look_up(codes: Codes, names: list[str], spec: FormatSpec) -> list[pl.Series]:
    """Return the texts of *codes* (k, n), gathered from a table of those that occur."""
    is_used = np.zeros(len(names) * STANDINGS_COUNT + 1, dtype=bool)
    is_used[codes] = True  # -1, no reason, is the last place
    used = np.flatnonzero(is_used[:-1])
    position = np.full(is_used.size, used.size, dtype=np.uint32)
    position[used] = np.arange(used.size)
    table = pl.Series([*_make_texts(used, names, spec), None], dtype=pl.String)
    return [table.gather(pl.Series(position[row])) for row in codes]


def _make_texts(used: NDArray[np.intp], names: list[str], spec: FormatSpec) -> list[str]:
    phrases = [phrase_of(name.removesuffix(MISSING_SIGN), spec) for name in names]
    of_missing = [name.endswith(MISSING_SIGN) for name in names]
    inputs, standings = np.divmod(used, STANDINGS_COUNT)
    return [
        speak(phrases[number], decode(code), of_missing=of_missing[number])
        for number, code in zip(inputs.tolist(), standings.tolist(), strict=True)
    ]
