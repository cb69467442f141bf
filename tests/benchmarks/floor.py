"""The floor of a weekly run: DuckDB's typed load of the file, and one batched forward pass.

Run as a process of its own: ``python -m tests.benchmarks.floor EXPORT MODEL_FOLDER``.
"""

import hashlib
import sys
import tempfile
from pathlib import Path

import duckdb
import numpy as np

from songpop.formats.registry import load_formats
from songpop.model.artefact import MANIFEST_FILE, load_artefact
from songpop.model.forward import Buffers, mean_logits
from songpop.model.inputs import BATCH_ROWS_COUNT


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
    """Load, then push as many random rows through the model, batch by batch."""
    export, model = Path(sys.argv[1]), Path(sys.argv[2])
    with tempfile.TemporaryDirectory(dir=export.parent) as folder:
        rows_count = load_typed(export, folder)
    sha256 = hashlib.sha256((model / MANIFEST_FILE).read_bytes()).hexdigest()
    stacks = load_artefact(model, sha256).stacks
    buffers = Buffers(stacks[0], BATCH_ROWS_COUNT)
    buffers.x[:] = np.random.default_rng(0).standard_normal(buffers.x.shape, dtype=np.float32)
    batches_count = -(-rows_count // BATCH_ROWS_COUNT)
    total = sum(float(mean_logits(stacks, buffers).sum()) for _ in range(batches_count))
    print(rows_count, total)  # noqa: T201 - so that nothing can be left out


if __name__ == "__main__":
    main()
