import polars as pl

from songpop.ingest.rule import cell_name, first_true


def test_first_condition_that_holds_gives_the_code() -> None:
    frame = pl.DataFrame({"x": [1, 2, 3]})
    code = first_true([(pl.col("x") == 1, "one"), (pl.col("x") < 3, "small")], "large")

    assert frame.select(code).to_series().to_list() == ["one", "small", "large"]


def test_cells_stand_beside_values_under_a_name_that_no_metric_has() -> None:
    assert cell_name("rank") == "rank__cell"
