import numpy as np

from songpop.model.inputs import FlagInput, InputTransform, MissingInput, QuantileInput
from songpop.reproduce.encode import KNOTS, add_hinges

INPUTS = InputTransform(
    (
        QuantileInput(feature="a__log", knots=(0.0, 1.0), scores=(-1.0, 1.0)),
        MissingInput(feature="a__log"),
        FlagInput(feature="b__flag", mean=0.5),
    )
)
MATRIX = np.array([[-2.0, 1.0, 0.5], [0.5, 0.0, -0.5], [1.5, 0.0, 0.5]], dtype=np.float32)


def test_only_ranked_inputs_get_hinges_and_all_inputs_stay() -> None:
    found = add_hinges(INPUTS, MATRIX)

    assert found.dtype == np.float32
    assert np.array_equal(found[:, :3], MATRIX)
    assert found.shape == (3, 3 + len(KNOTS))


def test_hinge_is_flat_below_its_knot_and_rises_above_it() -> None:
    assert add_hinges(INPUTS, MATRIX)[:, 3:].tolist() == [[0, 0, 0], [1.5, 0.5, 0], [2.5, 1.5, 0.5]]
