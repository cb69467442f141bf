import numpy as np
import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from songpop.model.inputs import FlagInput, InputTransform, MissingInput, QuantileInput
from songpop.model.reference import cohort_medians
from songpop.warehouse.parts import Parts
from tests.songpop.model.builders import make_features, make_scorer

INPUTS = InputTransform(
    (
        QuantileInput(feature="a__log", knots=(-9.0, 0.5, 9.0), scores=(-2.0, 0.3, 2.0)),
        MissingInput(feature="a__log"),
        FlagInput(feature="b__flag", mean=0.25),
    )
)


def test_medians_are_those_of_the_transformed_cohort() -> None:
    features = make_features(999)
    inputs = make_scorer(features).inputs

    assert np.array_equal(
        cohort_medians(inputs, Parts.of(features)), np.median(inputs.transform(features), axis=0)
    )


def test_no_rows_give_zeros() -> None:
    features = make_features(10)
    inputs = make_scorer(features).inputs

    assert not cohort_medians(inputs, Parts.of(features[:0])).any()


@given(
    st.lists(
        st.tuples(
            st.none() | st.floats(-20, 20, width=32),
            st.none() | st.sampled_from([0.0, 1.0]),
        ),
        min_size=1,
        max_size=40,
    )
)
def test_missing_rows_take_their_place_among_the_ranks(
    rows: list[tuple[float | None, float | None]],
) -> None:
    features = pl.DataFrame(
        rows, schema={"a__log": pl.Float32, "b__flag": pl.Float32}, orient="row"
    )

    assert np.array_equal(
        cohort_medians(INPUTS, Parts.of(features)), np.median(INPUTS.transform(features), axis=0)
    )
