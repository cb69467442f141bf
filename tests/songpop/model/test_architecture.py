import io
import json
import re
import time
import zipfile
from typing import Any

import numpy as np
import pytest

from songpop.model.architecture import build_network, export_stack, keras_bytes, read_keras
from songpop.model.forward import forward_logits
from songpop.settings import TrainingSettings
from tests.songpop.model.builders import quick_settings


def make_network(settings: TrainingSettings | None = None) -> Any:  # noqa: ANN401 - a Keras model
    """Return a network of six inputs whose every variable, the normalisation's too, is random."""
    network = build_network(6, settings or TrainingSettings(), strength=0.001)
    rng = np.random.default_rng(11)
    for layer in network.layers:
        if type(layer).__name__ == "Dense":
            kernel, bias = (array.shape for array in layer.get_weights())
            layer.set_weights([rng.normal(0, kernel[0] ** -0.5, kernel), rng.normal(0, 0.3, bias)])
        if type(layer).__name__ == "BatchNormalization":
            units = layer.gamma.shape
            moments = [rng.normal(0, 0.3, units), rng.uniform(0.2, 1, units)]
            layer.set_weights([rng.uniform(0.5, 1.5, units), rng.normal(0, 0.3, units), *moments])
    return network


def test_the_network_is_the_designs() -> None:
    network = build_network(6, TrainingSettings(), strength=0.001)
    kinds = [type(layer).__name__ for layer in network.layers]
    dense = [layer for layer in network.layers if type(layer).__name__ == "Dense"]
    norms = [layer for layer in network.layers if type(layer).__name__ == "BatchNormalization"]

    assert kinds == ["Dense", "BatchNormalization", "Dropout"] * 4 + ["Dense", "Activation"]
    assert [layer.units for layer in dense] == [128, 64, 32, 16, 1]
    assert [layer.activation.__name__ for layer in dense] == ["relu"] * 4 + ["linear"]
    assert {layer.momentum for layer in norms} == {0.99}
    assert [float(layer.kernel_regularizer.l2) for layer in dense[:-1]] == pytest.approx(
        [0.001] * 4
    )


def test_no_penalty_and_l1_are_settings() -> None:
    plain = build_network(6, quick_settings(regularizer="none"), strength=0.1)
    l1 = build_network(6, quick_settings(regularizer="l1"), strength=0.1)

    assert plain.layers[0].kernel_regularizer is None
    assert float(l1.layers[0].kernel_regularizer.l1) == pytest.approx(0.1)


def test_exported_layers_agree_with_keras_to_a_millionth() -> None:
    network = make_network()
    matrix = np.random.default_rng(12).normal(size=(20_000, 6)).astype(np.float32)
    logits = forward_logits([export_stack(network)], matrix).astype(np.float64)
    scores = network(matrix).numpy()[:, 0]

    assert np.abs(1 / (1 + np.exp(-logits)) - scores).max() < 1e-6
    assert scores.std() > 0.05


def test_keras_bytes_depend_on_the_content_alone() -> None:
    first = keras_bytes(make_network(quick_settings()))
    time.sleep(2.1)  # zip times have a resolution of two seconds

    assert keras_bytes(make_network(quick_settings())) == first


def test_keras_bytes_hold_no_address() -> None:
    with zipfile.ZipFile(io.BytesIO(keras_bytes(make_network(quick_settings())))) as archive:
        config = archive.read("config.json").decode()

    numbers = {int(number) for number in re.findall(r'shared_object_id": ([0-9]+)', config)}
    assert numbers == set(range(1, len(numbers) + 1)) != set()


def test_the_file_reads_back_in_safe_mode_as_the_same_network() -> None:
    network = make_network(quick_settings())
    matrix = np.random.default_rng(13).normal(size=(50, 6)).astype(np.float32)

    assert np.array_equal(read_keras(keras_bytes(network))(matrix), network(matrix))


def test_a_file_that_brings_code_is_refused() -> None:
    keras_file = keras_bytes(make_network(quick_settings()))
    altered = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(keras_file)) as source, zipfile.ZipFile(altered, "w") as target:
        for name in source.namelist():
            content = source.read(name)
            if name == "config.json":
                config = json.loads(content)
                config["config"]["layers"][-1] = {
                    "module": "keras.layers",
                    "class_name": "Lambda",
                    "config": {
                        "name": "evil",
                        "function": {
                            "class_name": "__lambda__",
                            "config": {"code": "4wEA", "defaults": None, "closure": None},
                        },
                    },
                    "registered_name": None,
                }
                content = json.dumps(config).encode()
            target.writestr(name, content)

    with pytest.raises(ValueError, match=r"(?i)lambda.*unsafe|unsafe.*lambda|safe_mode"):
        read_keras(altered.getvalue())
