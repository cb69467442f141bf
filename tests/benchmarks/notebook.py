"""The notebook's way to score a week: pandas, mean fill, min-max, Keras at its default batch.

Run as a process of its own: ``python -m tests.benchmarks.notebook EXPORT SITE_PACKAGES``, where the
latter is a folder that holds pandas, which songpop does not need.
"""

import sys
from pathlib import Path
from typing import Any

import numpy as np

UNITS = (128, 64, 32, 16)
LABEL_SOURCES = ("Track Score", "All Time Rank")
"""They are the label, so not even the notebook's way is given them."""
_TEXTS = ("Track", "Album Name", "Artist", "Release Date", "ISRC")


def read_inputs(export: Path) -> tuple[Any, Any]:
    """Return the export as a frame, and its numbers (n, inputs), filled and scaled to 0 to 1."""
    import pandas as pd  # type: ignore[import-not-found] # noqa: PLC0415 - in an environment of its own

    frame = pd.read_csv(export, thousands=",", encoding="latin-1")
    numbers = frame.drop(columns=[*_TEXTS, *LABEL_SOURCES]).astype(float)
    filled = numbers.fillna(numbers.mean()).fillna(0.0)
    span = (filled.max() - filled.min()).replace(0.0, 1.0)
    return frame, ((filled - filled.min()) / span).to_numpy(np.float32)


def main() -> None:
    """Score the export and write what was scored beside it."""
    export = Path(sys.argv[1])
    sys.path.append(sys.argv[2])
    import keras  # noqa: PLC0415 - with TensorFlow's own defaults, not songpop's

    frame, x = read_inputs(export)
    layers: list[Any] = [keras.Input((x.shape[1],))]
    layers += [keras.layers.Dense(units, activation="relu") for units in UNITS]
    model = keras.Sequential([*layers, keras.layers.Dense(1, activation="sigmoid")])
    frame["score"] = model.predict(x, verbose=0)  # type: ignore[arg-type] - its stub says text
    frame["potential"] = np.where(frame["score"] > 0.5, "high", "low")
    path = export.with_name("scored.csv")
    frame[["Track", "Artist", "ISRC", "score", "potential"]].to_csv(path, index=False)
    path.unlink()
    print(len(frame))  # noqa: T201 - so that nothing can be left out


if __name__ == "__main__":
    main()
