"""One fit at a time, in a process of its own: the notebook's way, Keras tuned, songpop's loop.

``python -m tests.benchmarks.fits WAY FILE`` loads its libraries, says how long that took, and then
fits once for each seed that it reads from standard input.
"""

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

import numpy as np

from songpop.model.keras_runtime import load_keras
from songpop.model.network import NetworkTrainer
from songpop.model.sample import Sample
from songpop.settings import TrainingSettings

UNITS = (128, 64, 32, 16)
NOTEBOOK_EPOCHS = 100
"""Neither the description nor the design says how many; a fit of 20 to 40 s is about as many."""
NOTEBOOK_BATCH_ROWS = 32
"""The default of Keras's ``fit``."""
TUNED_BATCH_ROWS = 128
L2_STRENGTH, DROPOUT = 0.0001, 0.3
"""The notebook's code, which differs from its text."""
SONGPOP_STRENGTH = 0.001

Losses = tuple[float, float]
"""Log loss of the held-out rows in nats: of the epoch that is kept, and of the best one."""
Fit = Callable[[Sample, Sample, int], Losses]


def fit_as_notebook(fit: Sample, held: Sample, seed: int) -> Losses:
    """Call Keras's ``fit`` with what the notebook gives it."""
    return _fit_keras(fit, held, seed, NOTEBOOK_BATCH_ROWS, steps=1)


def fit_as_tuned(fit: Sample, held: Sample, seed: int) -> Losses:
    """Call it with larger batches, an epoch of which is one call into TensorFlow."""
    steps = fit.y.size // TUNED_BATCH_ROWS
    return _fit_keras(fit, held, seed, TUNED_BATCH_ROWS, steps)


def _fit_keras(fit: Sample, held: Sample, seed: int, batch_rows: int, steps: int) -> Losses:
    import keras  # noqa: PLC0415 - with TensorFlow's own defaults, not songpop's

    keras.utils.set_random_seed(seed)
    layers: list[Any] = [keras.Input((fit.x.shape[1],))]
    for units in UNITS:
        penalty = keras.regularizers.L2(L2_STRENGTH)
        layers.append(keras.layers.Dense(units, activation="relu", kernel_regularizer=penalty))
        layers.append(keras.layers.Dropout(DROPOUT))
    model = keras.Sequential([*layers, keras.layers.Dense(1, activation="sigmoid")])
    model.compile(
        optimizer="rmsprop",
        loss="binary_crossentropy",
        metrics=["accuracy", keras.metrics.BinaryCrossentropy(name="log_loss")],
        steps_per_execution=steps,
    )
    history = model.fit(
        fit.x,
        fit.y[:, None].astype(np.float32),
        epochs=NOTEBOOK_EPOCHS,
        validation_data=(held.x, held.y[:, None].astype(np.float32)),
        batch_size=batch_rows,
        verbose=cast("Any", 0),  # its stub says text
    )
    losses = history.history["val_log_loss"]
    return losses[-1], min(losses)


def fit_as_songpop(fit: Sample, held: Sample, seed: int) -> Losses:
    """Fit with the shipped settings, compiling the graph anew each time, as Keras must."""
    trainer = NetworkTrainer(fit.x.shape[1], TrainingSettings())
    fitted = trainer.fit(fit, held, SONGPOP_STRENGTH, seed)
    kept = float("nan") if fitted.log_loss is None else fitted.log_loss
    return kept, kept


WAYS: dict[str, Fit] = {
    "notebook": fit_as_notebook,
    "tuned": fit_as_tuned,
    "songpop": fit_as_songpop,
}


def main() -> None:
    """Answer each seed with wall and CPU seconds and the two losses."""
    way, path = sys.argv[1], Path(sys.argv[2])
    started = time.perf_counter()
    if way == "songpop":
        load_keras()
    else:
        import tensorflow as tf  # noqa: PLC0415 - what is timed

        del tf
    _say({"import_seconds": time.perf_counter() - started})
    with np.load(path) as arrays:
        fit, held = (Sample(arrays[f"{one}_x"], arrays[f"{one}_y"]) for one in ("fit", "held"))
    for line in sys.stdin:
        wall, cpu = time.perf_counter(), time.process_time()
        kept, best = WAYS[way](fit, held, int(line))
        wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
        _say({"wall_seconds": wall, "cpu_seconds": cpu, "kept": kept, "best": best})


def _say(answer: dict[str, float]) -> None:
    print(json.dumps(answer), flush=True)  # noqa: T201 - the answer


if __name__ == "__main__":
    main()
