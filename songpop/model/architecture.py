"""The network as Keras knows it, and as plain arrays."""

import io
import json
import re
import tempfile
import zipfile
from pathlib import Path
from typing import Any

import numpy as np

from songpop.model.archive import ZIP_EPOCH
from songpop.model.keras_runtime import load_keras
from songpop.model.layers import BatchNorm, Stack, fold_batch_norm, make_layer
from songpop.settings import TrainingSettings

KerasModel = Any

LOGIT_LAYER = "logit"

_METADATA_FILE = "metadata.json"
_CONFIG_FILE = "config.json"
_SHARED_OBJECT = re.compile(r'("shared_object_id": )([0-9]+)')


def build_network(inputs_count: int, settings: TrainingSettings, strength: float) -> KerasModel:
    """Return the design's network, untrained: dense, ReLU, batch normalisation, dropout, and again.

    Args:
        inputs_count: columns of the input matrix.
        settings: hidden units, dropout, momentum and the kind of penalty.
        strength: λ of the penalty on the hidden kernels, Σ w² or Σ |w| as Keras counts them.

    Returns:
        A model from (rows, inputs) to (rows, 1) probabilities; its layer ``logit`` holds the
        log-odds.
    """
    _, keras = load_keras()
    penalties = {"l1": keras.regularizers.L1, "l2": keras.regularizers.L2}
    layers: list[Any] = [keras.Input((inputs_count,), name="inputs")]
    for number, units in enumerate(settings.hidden_units, start=1):
        penalty = penalties.get(settings.regularizer)
        layers += [
            keras.layers.Dense(
                units,
                activation="relu",
                kernel_regularizer=penalty(strength) if penalty else None,
                name=f"hidden_{number}",
            ),
            keras.layers.BatchNormalization(
                momentum=settings.batch_norm_momentum, name=f"normal_{number}"
            ),
        ]
        if settings.dropout:
            layers.append(
                keras.layers.Dropout(settings.dropout, seed=number, name=f"dropout_{number}")
            )
    layers.append(keras.layers.Dense(1, name=LOGIT_LAYER))
    layers.append(keras.layers.Activation("sigmoid", name="score"))
    return keras.Sequential(layers, name="songpop")


def export_stack(network: KerasModel) -> Stack:
    """Return the layers of *network* with each batch normalisation folded into the next layer."""
    _, keras = load_keras()
    norm: BatchNorm | None = None
    stack: Stack = ()
    for layer in network.layers:
        if isinstance(layer, keras.layers.BatchNormalization):
            norm = _batch_norm(layer)
        elif isinstance(layer, keras.layers.Dense):
            kernel, bias = (np.asarray(array) for array in layer.get_weights())
            if norm is not None:
                kernel, bias = fold_batch_norm(kernel, bias, norm)
            stack += (make_layer(kernel, bias),)
    return stack


def _batch_norm(layer: KerasModel) -> BatchNorm:
    gamma, beta, mean, variance = layer.get_weights()
    return BatchNorm(gamma, beta, mean, variance, epsilon=float(layer.epsilon))


def keras_bytes(network: KerasModel) -> bytes:
    """Return *network* as a ``.keras`` file whose bytes depend on its content alone.

    Keras writes the time into the archive and into its metadata, and the addresses of shared
    objects into its configuration; the times are set to a constant, the objects numbered from 1.
    """
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "model.keras"
        network.save(path)
        return _reproducible(path.read_bytes())


def _reproducible(archive: bytes) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(archive)) as source, zipfile.ZipFile(written, "w") as target:
        for name in sorted(source.namelist()):
            content = source.read(name)
            if name == _METADATA_FILE:
                metadata = json.loads(content)
                metadata["date_saved"] = "1980-01-01@00:00:00"
                content = json.dumps(metadata, sort_keys=True).encode()
            elif name == _CONFIG_FILE:
                content = _number_objects(content.decode()).encode()
            target.writestr(zipfile.ZipInfo(name, date_time=ZIP_EPOCH), content)
    return written.getvalue()


def _number_objects(config: str) -> str:
    numbers: dict[str, int] = {}
    return _SHARED_OBJECT.sub(
        lambda found: f"{found[1]}{numbers.setdefault(found[2], len(numbers) + 1)}", config
    )


def read_keras(content: bytes) -> KerasModel:
    """Return the network of a ``.keras`` file's bytes, in safe mode: no code of its own runs."""
    _, keras = load_keras()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "model.keras"
        path.write_bytes(content)
        return keras.saving.load_model(path, compile=False, safe_mode=True)
