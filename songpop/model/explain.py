"""Why a score is what it is: DeepLIFT's Rescale rule, for whole batches at once."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from songpop.model.forward import Buffers, forward, mean_logits
from songpop.model.layers import Stack

Floats = NDArray[np.float32]

REASONS_COUNT = 3
_NUMBER_BITS = 16
_NUMBER_MASK = (1 << _NUMBER_BITS) - 1


class Explainer:
    """Contributions of inputs to the log-odds, counted from one reference track.

    A ReLU's multiplier is the slope of the chord from its reference to its input; multiplied back
    through the layers, times the difference of the inputs, they add up to the difference of the
    logits (Shrikumar, Greenside and Kundaje, "Learning Important Features Through Propagating
    Activation Differences", ICML 2017, sections 3.2 and 3.5.1).

    Args:
        stacks: the ensemble's networks, all of one shape.
        reference: (inputs,), the cohort's medians.
        slope: of the calibration; contributions are to the calibrated log-odds.
        groups: (sources, inputs) of 0 and 1; contributions are summed by source.
    """

    def __init__(
        self, stacks: Sequence[Stack], reference: Floats, slope: float, groups: Floats
    ) -> None:
        self._stacks = stacks
        self._reference = reference[:, None]
        self._groups = groups * np.float32(slope / len(stacks))
        self._states = [_reference_states(stack, self._reference) for stack in stacks]

    def explain(self, buffers: Buffers) -> tuple[Floats, Floats]:
        """Return raw logits and contributions of the batch ``buffers.x`` (inputs, rows).

        What each input adds, over all members and before slope and mean, stays in
        ``buffers.parts``.

        Returns:
            (rows,) mean logits of the ensemble, before calibration, and (sources, rows)
            contributions, whose sum over sources is the calibrated log-odds less those of the
            reference within 1e-4.
        """
        np.subtract(buffers.x, self._reference, out=buffers.difference)
        logits = np.zeros(buffers.x.shape[1], dtype=np.float32)
        for place, (stack, states) in enumerate(zip(self._stacks, self._states, strict=True)):
            logits += forward(stack, buffers)
            multipliers = _multipliers(stack, states, buffers)
            if place == 0:
                np.multiply(multipliers, buffers.difference, out=buffers.parts)
            else:
                np.multiply(multipliers, buffers.difference, out=buffers.back[0])
                buffers.parts += buffers.back[0]
        contributions: Floats = np.matmul(self._groups, buffers.parts)
        return logits / np.float32(len(self._stacks)), contributions

    def reference_logits(self) -> Floats:
        """Return the raw logit of the reference track, (1,)."""
        return mean_logits(self._stacks, _reference_buffers(self._stacks[0], self._reference))


def _reference_states(stack: Stack, reference: Floats) -> list[tuple[Floats, Floats]]:
    """Return the reference's hidden states (units, 1), before and after each ReLU."""
    buffers = _reference_buffers(stack, reference)
    forward(stack, buffers)
    return list(zip(buffers.before, buffers.after, strict=True))


def _reference_buffers(stack: Stack, reference: Floats) -> Buffers:
    buffers = Buffers(stack, 1)
    buffers.x = reference
    return buffers


def _multipliers(stack: Stack, states: list[tuple[Floats, Floats]], buffers: Buffers) -> Floats:
    """Return (inputs, rows) multipliers of the batch whose activations are in *buffers*."""
    back = stack[-1].kernel.T
    for place in range(len(states) - 1, -1, -1):
        before, after = states[place]
        slope, run = buffers.after[place], buffers.before[place]
        # Both differences are exact where a unit is on in both tracks, so the slope is exactly 1.
        slope -= after
        run -= before
        # A unit that equals its reference contributes nothing; fmax turns its 0/0 into 0.
        with np.errstate(invalid="ignore"):
            np.divide(slope, run, out=slope)
        np.fmax(slope, buffers.zeros, out=slope)
        slope *= back
        back = np.matmul(stack[place].kernel.T, slope, out=buffers.back[place])
    return back


def top_reasons(contributions: Floats) -> tuple[NDArray[np.intp], Floats]:
    """Return the three largest contributions by size, with their sign.

    Args:
        contributions: (sources, rows).

    Returns:
        (3, rows) numbers of sources, largest first, the earlier source first among equals, and
        (3, rows) their contributions; fewer than 3 where there are fewer sources.
    """
    sources, rows = contributions.shape
    # Size and number in one integer: the bits of a positive float rise with it, and a maximum
    # over integers is four times as fast as an argmax over floats.
    keys = np.abs(contributions).view(np.int32).astype(np.int64) << _NUMBER_BITS
    keys |= np.arange(sources)[::-1, None]
    columns = np.arange(rows)
    chosen = np.empty((min(REASONS_COUNT, sources), rows), dtype=np.intp)
    for place in chosen:
        np.subtract(sources - 1, keys.max(axis=0) & _NUMBER_MASK, out=place)
        keys[place, columns] = -1
    return chosen, np.take_along_axis(contributions, chosen, axis=0)


def leading_inputs(
    parts: Floats, widths: NDArray[np.intp], chosen: NDArray[np.intp], contributions: Floats
) -> NDArray[np.uint16]:
    """Return the input that did most for each chosen source's contribution, in its direction.

    Args:
        parts: (inputs, rows), what each input adds; inputs of one source stand together.
        widths: (sources,) how many inputs each source has.
        chosen: (k, rows) numbers of sources.
        contributions: (k, rows) theirs; only the sign matters, and 0 counts as positive.

    Returns:
        (k, rows) numbers of inputs; among equals the first.
    """
    columns = np.arange(parts.shape[1])
    first = (np.cumsum(widths) - widths)[chosen]
    last = first + widths[chosen] - 1
    direction = np.where(contributions < 0, np.float32(-1), np.float32(1))
    lead, best = first.copy(), parts[first, columns] * direction
    for step in range(1, int(widths.max(initial=1))):
        place = np.minimum(first + step, last)
        value = parts[place, columns] * direction
        is_better = value > best
        np.copyto(best, value, where=is_better)
        np.copyto(lead, place, where=is_better)
    return lead.astype(np.uint16)
