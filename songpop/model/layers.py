"""A network as plain arrays, however it was trained."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class Layer:
    """One affine map; ReLU follows it in every layer but the last.

    Attributes:
        kernel: (units, inputs) float32, contiguous. Transposed from Keras, since a batch holds a
            row to each input.
        bias: (units, 1) float32.
    """

    kernel: Floats
    bias: Floats


Stack = tuple[Layer, ...]
"""The layers of one network, from inputs to one logit; a logistic model has just one."""


@dataclass(frozen=True, eq=False)
class BatchNorm:
    """What batch normalisation has learned about one layer's units, each array (units,)."""

    gamma: NDArray[np.floating]
    beta: NDArray[np.floating]
    mean: NDArray[np.floating]
    variance: NDArray[np.floating]
    epsilon: float


def make_layer(kernel: NDArray[np.floating], bias: NDArray[np.floating]) -> Layer:
    """Return the layer of a (inputs, units) *kernel* and a (units,) *bias*, as Keras has them."""
    return Layer(
        kernel=np.ascontiguousarray(kernel.T, dtype=np.float32),
        bias=bias.astype(np.float32).reshape(-1, 1),
    )


def fold_batch_norm(
    kernel: NDArray[np.floating], bias: NDArray[np.floating], norm: BatchNorm
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return kernel and bias that take activations as they are before *norm*.

    At inference normalisation is affine, h → h s + t with s = γ / √(σ² + ε) and t = β − μ s (Ioffe
    and Szegedy, "Batch Normalization", 2015, algorithm 2, step 11), so the next layer absorbs it.

    Args:
        kernel: (inputs, units), of the layer that follows the normalisation.
        bias: (units,).
        norm: of the layer's inputs.
    """
    scale = norm.gamma.astype(np.float64) / np.sqrt(norm.variance.astype(np.float64) + norm.epsilon)
    shift = norm.beta - norm.mean * scale
    wide = kernel.astype(np.float64)
    return wide * scale[:, None], bias + shift @ wide
