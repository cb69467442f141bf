"""The floor of a weekly run: DuckDB's typed load of the file, and one batched forward pass.

Run as a process of its own: ``python -m tests.benchmarks.floor EXPORT MODEL_FOLDER``.
"""

import sys
import tempfile
from pathlib import Path

import duckdb
import numpy as np

from songpop.formats.registry import load_formats
from songpop.model.artefact import hash_manifest, load_artefact
from songpop.model.forward import forward_logits


def load_typed(export: Path, folder: str) -> int:
    """Load the export into a table with the format's types, rejects stored; return its rows."""
    columns = {
        column.headers[0]: "VARCHAR" if column.kind in {"date", "flag"} else column.sql_type
        for column in load_formats()["chartmetric"].columns
    }
    with duckdb.connect(f"{folder}/floor.duckdb", config={"memory_limit": "1GB"}) as con:
        con.execute(
            """
            create table loaded as select * from read_csv(
                $path, header = true, columns = $columns, store_rejects = true,
                thousands = ',', delim = ',', quote = '"', escape = '"')
            """,
            {"path": str(export), "columns": columns},
        )
        row = con.execute("select count(*) from loaded").fetchone()
    return 0 if row is None else int(row[0])


def main() -> None:
    """Load, then push one random batch of as many rows through the model."""
    export, model = Path(sys.argv[1]), Path(sys.argv[2])
    with tempfile.TemporaryDirectory(dir=export.parent) as folder:
        rows_count = load_typed(export, folder)
    scorer = load_artefact(model, hash_manifest(model))
    width = scorer.networks[0][0].weights.shape[0]
    batch = np.random.default_rng(0).standard_normal((rows_count, width), dtype=np.float32)
    logits = forward_logits(scorer.networks, batch)
    print(rows_count, float(logits.mean()))  # noqa: T201 - so that nothing can be left out


if __name__ == "__main__":
    main()
