import json

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from songpop.errors import CheckError
from songpop.model.batches import BATCH_ROWS_COUNT
from songpop.model.fit_inputs import fit_inputs
from songpop.model.inputs import (
    FlagInput,
    InputSpec,
    InputTransform,
    MissingInput,
    QuantileInput,
    source_of,
)
from tests.songpop.model.builders import make_features

QUANTILE = QuantileInput(feature="a__log", knots=(0.0, 10.0), scores=(-1.0, 1.0))
SPECS = (QUANTILE, MissingInput(feature="a__log"), FlagInput(feature="b__flag", mean=0.25))


def test_each_kind_of_input_is_computed_as_declared() -> None:
    features = pl.DataFrame({"a__log": [0.0, 5.0, 20.0, None], "b__flag": [0.0, 1.0, None, 1.0]})
    matrix = InputTransform(SPECS).transform(features)

    assert matrix.dtype == np.float32
    assert matrix.tolist() == pytest.approx(
        np.array([[-1, 0, -0.25], [0, 0, 0.75], [1, 0, 0], [0, 1, 0.75]])
    )


def test_not_a_number_counts_as_missing() -> None:
    inputs = InputTransform(SPECS)
    null = pl.DataFrame({"a__log": [None, 1.0], "b__flag": [None, 1.0]})

    assert np.array_equal(inputs.transform(null), inputs.transform(null.fill_null(float("nan"))))


def test_a_frame_without_an_input_is_refused_by_name() -> None:
    inputs = fit_inputs(make_features())
    lacking = make_features().drop("age_days__log", "is_explicit__flag")

    with pytest.raises(CheckError, match=r"without 2: age_days__log, is_explicit__flag; restore"):
        inputs.transform(lacking)


def test_further_columns_and_their_order_do_not_matter() -> None:
    features = make_features()
    inputs = fit_inputs(features)
    other = features.select(reversed(features.columns)).with_columns(x__log=pl.lit(1.0))

    assert np.array_equal(inputs.transform(other), inputs.transform(features))


def test_inputs_survive_json_to_the_bit() -> None:
    features = make_features()
    inputs = fit_inputs(features)
    written = json.dumps([spec.model_dump(mode="json") for spec in inputs.specs])
    read = InputTransform(TypeAdapter(tuple[InputSpec, ...]).validate_json(written))

    assert read == inputs
    assert np.array_equal(read.transform(features), inputs.transform(features))


def test_a_row_does_not_depend_on_its_batch() -> None:
    features = make_features(BATCH_ROWS_COUNT + 100)
    inputs = fit_inputs(features)

    assert np.array_equal(inputs.transform(features)[-100:], inputs.transform(features[-100:]))


def test_source_matrix_sums_inputs_by_source() -> None:
    inputs = InputTransform(SPECS)

    assert inputs.sources == ("a", "b")
    assert inputs.source_matrix.tolist() == [[1, 1, 0], [0, 0, 1]]


def test_source_is_the_text_before_the_first_double_underscore() -> None:
    assert source_of("spotify_streams_count__growth_1w") == "spotify_streams_count"
    assert source_of("plain") == "plain"


@given(
    st.lists(
        st.tuples(
            st.none() | st.floats(-50, 50, width=32), st.none() | st.sampled_from([0.0, 1.0])
        ),
        max_size=30,
    )
)
def test_rows_are_kept_in_order_and_nothing_is_missing(
    rows: list[tuple[float | None, float | None]],
) -> None:
    features = pl.DataFrame(
        rows, schema={"a__log": pl.Float32, "b__flag": pl.Float32}, orient="row"
    )
    matrix = InputTransform(SPECS).transform(features)

    assert matrix.shape == (len(rows), 3)
    assert np.isfinite(matrix).all()
    assert matrix[:, 1].tolist() == [float(a is None) for a, _ in rows]
    assert np.array_equal(InputTransform(SPECS).transform(features[::-1]), matrix[::-1])
