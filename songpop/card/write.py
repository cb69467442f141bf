"""The sections of a card, put together."""

from collections.abc import Callable

from songpop.card.gate import write_gate
from songpop.card.limits import write_limits
from songpop.card.markdown import plain
from songpop.card.material import CardMaterial
from songpop.card.purpose import write_data, write_inputs, write_label, write_purpose
from songpop.card.recipe import write_decision, write_origin, write_settings
from songpop.card.results import write_results, write_slices
from songpop.card.standing import state_standing
from songpop.card.trust import write_calibration, write_intervals

_SECTIONS: tuple[tuple[str, Callable[[CardMaterial], str]], ...] = (
    ("What it is for", write_purpose),
    ("What counts as high", write_label),
    ("Data", write_data),
    ("Inputs", write_inputs),
    ("Settings", write_settings),
    ("Results", write_results),
    ("Calibration", write_calibration),
    ("Intervals", write_intervals),
    ("Slices", write_slices),
    ("Limits", write_limits),
    ("Gate", write_gate),
    ("Decision", write_decision),
    ("Made with", write_origin),
)


def write_card(material: CardMaterial) -> str:
    """Return the card of a version, as Markdown that ends with a line end.

    It begins with whether the model beats what is simpler. Equal material gives equal text.
    """
    parts = [f"# {plain(material.model.version)}", state_standing(material)]
    if material.model.warning is not None:
        parts.append(f"**Warning**, shown beside its scores: {plain(material.model.warning)}.")
    for title, write in _SECTIONS:
        parts += [f"## {title}", write(material)]
    return "\n\n".join(parts) + "\n"
