import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from songpop.model.explain import Explainer, leading_inputs, top_reasons
from songpop.model.forward import Buffers, forward_logits
from songpop.model.layers import Layer, Stack
from tests.songpop.model.builders import floats, make_stack

Floats = NDArray[np.float32]


def explain(stacks: list[Stack], matrix: Floats, reference: Floats, slope: float = 1.0) -> Floats:
    """Return (rows, inputs) contributions, each input its own source."""
    buffers = Buffers(stacks[0], len(matrix))
    buffers.x[:] = matrix.T
    inputs = matrix.shape[1]
    _, contributions = Explainer(
        stacks, reference, slope, np.eye(inputs, dtype=np.float32)
    ).explain(buffers)
    return contributions.T


def textbook(stack: Stack, row: Floats, reference: Floats) -> NDArray[np.float64]:
    """Return DeepLIFT-Rescale contributions of one row, unit by unit, in double precision."""
    states = []
    for start in (row, reference):
        hidden, own = start.astype(np.float64), []
        for layer in stack[:-1]:
            own.append(layer.kernel @ hidden + layer.bias[:, 0])
            hidden = np.maximum(own[-1], 0)
        states.append(own)
    back = stack[-1].kernel[0].astype(np.float64)
    for layer, here, there in zip(stack[-2::-1], *(s[::-1] for s in states), strict=True):
        slopes = [
            (max(a, 0) - max(b, 0)) / (a - b) if abs(a - b) > 1e-7 else 0.0
            for a, b in zip(here, there, strict=True)
        ]
        back = (back * slopes) @ layer.kernel
    return back * (row.astype(np.float64) - reference)


@pytest.mark.parametrize("hidden", [(), (7,), (16, 8, 4)])
def test_contributions_follow_the_rescale_rule(hidden: tuple[int, ...]) -> None:
    rng = np.random.default_rng(8)
    stack = make_stack((5, *hidden, 1))
    matrix, reference = floats(rng.normal(size=(20, 5))), floats(rng.normal(size=5))
    expected = np.array([textbook(stack, row, reference) for row in matrix])

    assert explain([stack], matrix, reference) == pytest.approx(expected, abs=1e-5)


def test_they_sum_to_the_calibrated_difference_for_an_ensemble() -> None:
    rng = np.random.default_rng(9)
    stacks = [make_stack((30, 128, 64, 32, 16, 1), seed=seed) for seed in range(3)]
    matrix, reference = floats(rng.normal(size=(5_000, 30))), floats(rng.normal(size=30))
    rise = forward_logits(stacks, matrix) - forward_logits(stacks, reference[None])

    assert explain(stacks, matrix, reference, slope=1.7).sum(axis=1) == pytest.approx(
        1.7 * rise, abs=1e-4
    )


def test_the_reference_itself_has_no_reasons() -> None:
    reference = floats(np.random.default_rng(10).normal(size=5))

    assert not explain([make_stack((5, 8, 4, 1))], reference[None], reference).any()


def test_a_unit_that_never_moves_contributes_nothing() -> None:
    dead = Layer(np.zeros((3, 2), np.float32), np.full((3, 1), 0.5, np.float32))
    stack: Stack = (dead, make_stack((3, 1))[0])

    assert not explain([stack], floats([[1, 2], [3, 4]]), floats([0, 0])).any()


def test_top_reasons_are_the_largest_by_size_with_their_sign() -> None:
    contributions = floats([[0.1, -5], [-0.3, 0], [0.2, 1], [0.05, 1]])
    places, values = top_reasons(contributions)

    assert places.tolist() == [[1, 0], [2, 2], [0, 3]]
    assert values.tolist() == [
        pytest.approx([-0.3, -5]),
        pytest.approx([0.2, 1]),
        pytest.approx([0.1, 1]),
    ]


def test_fewer_sources_give_fewer_reasons() -> None:
    places, values = top_reasons(floats([[1], [-2]]))

    assert places.tolist() == [[1], [0]]
    assert values.tolist() == [[-2], [1]]


@given(
    st.lists(st.lists(st.floats(-9, 9, width=32), min_size=5, max_size=5), min_size=1, max_size=20)
)
def test_reasons_equal_a_sort_of_every_row(rows: list[list[float]]) -> None:
    contributions = floats(rows).T
    places, values = top_reasons(contributions)
    order = np.argsort(-np.abs(contributions), axis=0, kind="stable")[:3]

    assert np.array_equal(places, order)
    assert np.array_equal(values, np.take_along_axis(contributions, order, axis=0))


def test_the_leading_input_did_most_in_the_direction_of_its_source() -> None:
    parts = floats([[3, 1], [-4, 2], [0.5, -9], [1, 0]])
    widths = np.array([2, 1, 1])
    chosen = np.array([[0, 0], [2, 1]])
    contributions = floats([[-1, 3], [1, -9]])

    assert leading_inputs(parts, widths, chosen, contributions).tolist() == [[1, 1], [3, 2]]


def test_the_first_of_equal_inputs_leads_and_nothing_counts_as_a_rise() -> None:
    parts = floats([[1, -2, 0], [1, 2, 0]])
    chosen = np.zeros((1, 3), dtype=np.intp)

    leading = leading_inputs(parts, np.array([2]), chosen, floats([[2, 0, 0]]))
    assert leading.tolist() == [[0, 1, 0]]


def test_an_ensembles_parts_are_added_up_before_one_of_them_leads() -> None:
    # Input 0 leads in one member and input 1 in the other; together input 2 did most.
    kernels = ([5, -4, 2], [-4, 5, 2])
    stacks: list[Stack] = [
        (Layer(floats([kernel]), np.zeros((1, 1), np.float32)),) for kernel in kernels
    ]
    buffers = Buffers(stacks[0], 1)
    buffers.x[:] = 1
    _, contributions = Explainer(
        stacks, floats([0, 0, 0]), 1.0, np.ones((1, 3), dtype=np.float32)
    ).explain(buffers)
    chosen = np.zeros((1, 1), dtype=np.intp)

    assert buffers.parts[:, 0].tolist() == [1, 1, 4]
    assert leading_inputs(buffers.parts, np.array([3]), chosen, contributions).item() == 2
