import subprocess
import sys

SCRIPT = """
import sys
from songpop.model.keras_runtime import load_keras
tf, keras = load_keras()
print(keras.backend.backend(), load_keras()[0] is tf)
print("heard", file=sys.stderr)
"""


def test_keras_starts_on_tensorflow_without_a_word() -> None:
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT],
        env={"KERAS_BACKEND": "jax", "PATH": ""},
        capture_output=True,
        text=True,
        check=True,
    )

    assert done.stdout.split() == ["tensorflow", "True"]
    assert done.stderr.strip() == "heard"
