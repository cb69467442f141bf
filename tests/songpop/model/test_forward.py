import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from songpop.model.batches import BATCH_ROWS_COUNT
from songpop.model.forward import forward_logits, run_batches
from songpop.model.layers import Stack
from tests.songpop.model.builders import make_stack


def plain_logits(stack: Stack, matrix: NDArray[np.float32]) -> NDArray[np.float64]:
    """Return the logits by the textbook, in double precision."""
    hidden: NDArray[np.floating] = matrix.astype(np.float64)
    for layer in stack[:-1]:
        hidden = np.maximum(hidden @ layer.kernel.T + layer.bias.T, 0)
    return (hidden @ stack[-1].kernel.T + stack[-1].bias.T)[:, 0].astype(np.float64)


def make_matrix(rows: int, inputs: int = 6) -> NDArray[np.float32]:
    """Return random inputs."""
    return np.random.default_rng(7).normal(size=(rows, inputs)).astype(np.float32)


@pytest.mark.parametrize("rows", [0, 1, 100, 2 * BATCH_ROWS_COUNT + 3])
@pytest.mark.parametrize("hidden", [(), (16, 8)])
def test_logits_are_those_of_the_layers(rows: int, hidden: tuple[int, ...]) -> None:
    stack = make_stack((6, *hidden, 1))
    matrix = make_matrix(rows)

    assert forward_logits([stack], matrix) == pytest.approx(plain_logits(stack, matrix), abs=1e-5)


def test_an_ensemble_averages_logits() -> None:
    stacks = [make_stack((6, 8, 1), seed=seed) for seed in range(3)]
    matrix = make_matrix(50)
    mean = np.mean([plain_logits(stack, matrix) for stack in stacks], axis=0)

    assert forward_logits(stacks, matrix) == pytest.approx(mean, abs=1e-5)


def test_batches_cover_each_row_once() -> None:
    seen: list[int] = []
    rows = 3 * BATCH_ROWS_COUNT + 1
    run_batches(make_stack((6, 1)), rows, lambda part, _: seen.extend(range(part.start, part.stop)))

    assert sorted(seen) == list(range(rows))


@given(st.permutations(range(12)))
def test_a_row_does_not_depend_on_the_rows_beside_it(order: list[int]) -> None:
    stack, matrix = make_stack((6, 8, 1)), make_matrix(12)

    assert forward_logits([stack], matrix[order]) == pytest.approx(
        forward_logits([stack], matrix)[order], abs=1e-6
    )
