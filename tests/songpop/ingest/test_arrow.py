import polars as pl
import pyarrow as pa

from songpop.ingest.arrow import to_frame, to_series


def test_arrow_becomes_polars() -> None:
    table = pa.table({"x": ["a", None]})

    assert to_frame(table).equals(pl.DataFrame({"x": ["a", None]}))
    assert to_series(table["x"], "y").equals(pl.Series("y", ["a", None]), check_names=True)
