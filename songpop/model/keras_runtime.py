"""TensorFlow and Keras, imported only when a network is trained or its file is opened."""

import os
import sys
from collections.abc import Generator
from contextlib import contextmanager, suppress
from types import ModuleType

# On matrices of a few hundred rows a second thread doubles the processor time of a step.
_THREADS_COUNT = 1


def load_keras() -> tuple[ModuleType, ModuleType]:
    """Import and return TensorFlow and Keras, quiet, deterministic and on one thread.

    Costs about five seconds the first time in a process. Backend and log level are environment
    variables, since both packages read them while they are imported and nowhere else.
    """
    os.environ["KERAS_BACKEND"] = "tensorflow"
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    # oneDNN picks its kernels by load and shape, which moves the last bits of the weights.
    os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "0")
    with _quiet_descriptor():
        import keras  # noqa: PLC0415 - five seconds that scoring must not pay
        import tensorflow as tf  # noqa: PLC0415 - as above

        _configure(tf)
    return tf, keras


def _configure(tf: ModuleType) -> None:
    with suppress(RuntimeError):  # already started by an earlier call, with the same settings
        tf.config.threading.set_intra_op_parallelism_threads(_THREADS_COUNT)
        tf.config.threading.set_inter_op_parallelism_threads(_THREADS_COUNT)
    tf.config.experimental.enable_op_determinism()


@contextmanager
def _quiet_descriptor() -> Generator[None]:
    """Send what C++ writes to standard error nowhere: no setting silences it before it is read."""
    sys.stderr.flush()
    kept = os.dup(2)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, 2)
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(nowhere)
