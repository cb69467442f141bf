"""The forward pass of exported networks, in numpy."""

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from songpop.model.batches import BATCH_ROWS_COUNT, THREADS_COUNT, map_in_threads
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
        parts: (inputs, rows), what each input adds to the logits of the whole ensemble.
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
        self.parts = np.empty_like(self.x)
        self.zeros = np.zeros((1, rows), dtype=np.float32)


def forward(stack: Stack, buffers: Buffers) -> Floats:
    """Return the logits of one network for ``buffers.x``; its activations stay in *buffers*.

    Returns:
        (rows,) log-odds, within 1e-6 in probability of what Keras computes.
    """
    hidden = buffers.x
    for layer, before, after in zip(stack[:-1], buffers.before, buffers.after, strict=True):
        np.matmul(layer.kernel, hidden, out=before)
        np.add(before, layer.bias, out=before)
        hidden = np.maximum(before, buffers.zeros, out=after)
    last = stack[-1]
    return (last.kernel @ hidden + last.bias)[0]


def mean_logits(stacks: Sequence[Stack], buffers: Buffers) -> Floats:
    """Return the mean logits (rows,) of an ensemble for ``buffers.x``.

    The mean of logits, unlike that of probabilities, keeps reasons a sum.
    """
    total = forward(stacks[0], buffers)
    for stack in stacks[1:]:
        total = total + forward(stack, buffers)
    return total / np.float32(len(stacks))


def forward_logits(stacks: Sequence[Stack], matrix: Floats) -> Floats:
    """Return the mean logits (n,) of a whole *matrix* (n, inputs), batch by batch."""
    result = np.empty(len(matrix), dtype=np.float32)

    def work(rows: slice, buffers: Buffers) -> None:
        np.copyto(buffers.x, matrix[rows].T)
        result[rows] = mean_logits(stacks, buffers)

    run_batches(stacks[0], len(matrix), work)
    return result


def run_batches(stack: Stack, rows_count: int, work: Callable[[slice, Buffers], None]) -> None:
    """Call *work* with the rows of each batch and buffers of as many rows, on two threads.

    Where one batch ends and the next begins depends on the number of rows alone, and so do the
    bits of whatever *work* computes.
    """
    starts = range(0, rows_count, BATCH_ROWS_COUNT)

    def do_every_second(first: int) -> None:
        buffers: Buffers | None = None
        for start in starts[first::THREADS_COUNT]:
            count = min(BATCH_ROWS_COUNT, rows_count - start)
            if buffers is None or buffers.x.shape[1] != count:
                buffers = Buffers(stack, count)
            work(slice(start, start + count), buffers)

    map_in_threads(do_every_second, range(min(THREADS_COUNT, len(starts))))
