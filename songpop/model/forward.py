"""The forward pass of exported networks, in numpy."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from songpop.model.layers import Stack

Floats = NDArray[np.float32]


class Buffers:
    """Room for one batch's activations, used over and over: fresh memory costs twice the pass.

    Attributes:
        x: (inputs, rows), the batch.
        difference: (inputs, rows), the batch less the reference track.
        before: (units, rows) of each hidden layer, before the ReLU.
        after: the same after it.
        back: (inputs, rows) of each layer but the last, for multipliers on their way back.
        zeros: (1, rows); the maximum with a row of zeros is three times as fast as with 0.
    """

    def __init__(self, stack: Stack, rows: int) -> None:
        def room(units: int) -> Floats:
            return np.empty((units, rows), dtype=np.float32)

        self.x = room(stack[0].kernel.shape[1])
        self.difference = np.empty_like(self.x)
        self.before = [room(layer.kernel.shape[0]) for layer in stack[:-1]]
        self.after = [np.empty_like(array) for array in self.before]
        self.back = [np.empty_like(self.x), *(np.empty_like(array) for array in self.before)]
        self.zeros = np.zeros((1, rows), dtype=np.float32)


def forward(stack: Stack, x: Floats, buffers: Buffers) -> Floats:
    """Return the logits of one network; the hidden activations stay in *buffers*.

    Args:
        stack: its layers.
        x: (inputs, rows) float32.
        buffers: of as many rows.

    Returns:
        (rows,) log-odds, within 1e-6 in probability of what Keras computes.
    """
    hidden = x
    for layer, before, after in zip(stack[:-1], buffers.before, buffers.after, strict=True):
        np.matmul(layer.kernel, hidden, out=before)
        np.add(before, layer.bias, out=before)
        hidden = np.maximum(before, buffers.zeros, out=after)
    last = stack[-1]
    return (last.kernel @ hidden + last.bias)[0]


def mean_logits(stacks: Sequence[Stack], x: Floats, buffers: Buffers) -> Floats:
    """Return the mean logit over an ensemble: the mean keeps reasons a sum, and calibrates."""
    total = forward(stacks[0], x, buffers)
    for stack in stacks[1:]:
        total = total + forward(stack, x, buffers)
    return total / np.float32(len(stacks))
