import datetime as dt

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from songpop.errors import CheckError
from songpop.features.build import build_features
from songpop.features.kinds import feature_names
from songpop.formats.registry import load_formats
from songpop.formats.spec import ColumnSpec
from songpop.labels.snapshot import snapshot_labels
from songpop.leakage import MAX_ROWS, guard_snapshot, measure_leakage
from tests.real_data import real_data

WEEK = dt.date(2024, 6, 15)
CHARTMETRIC = load_formats()["chartmetric"]
SCORE = np.arange(100, dtype=np.float64)
IS_HIGH = SCORE > 49.5


def make_features(**columns: object) -> pl.DataFrame:
    """Return a Features frame of 100 tracks with the given feature columns."""
    keys = {"feed": "label", "week": WEEK, "track_id": [f"t{i:02}" for i in range(100)]}
    return pl.DataFrame(keys | columns)


def make_noise(seed: int = 0) -> pl.Series:
    return pl.Series(np.random.default_rng(seed).permutation(100), dtype=pl.Float32)


def test_honest_features_pass() -> None:
    features = make_features(
        noise__log=make_noise(),
        constant__log=1.0,
        absent__log=pl.Series([None] * 100, dtype=pl.Float32),
    )

    guard_snapshot(features, SCORE, IS_HIGH)

    table = measure_leakage(features, SCORE, IS_HIGH)
    assert table.get_column("feature").to_list() == ["noise__log", "constant__log", "absent__log"]
    assert table.row(1)[1:] == (None, 0.5, 0.5)
    assert table.row(2)[1:] == (None, None, 0.5)


@pytest.mark.parametrize("values", [SCORE**3, -np.exp(SCORE / 10)])
def test_a_monotone_copy_of_the_source_is_named(values: np.ndarray) -> None:
    features = make_features(noise__log=make_noise(), copy__log=values)

    with pytest.raises(
        CheckError, match=r"got 1: copy__log \(Spearman -?1.000, .*; declare the column leaks_"
    ):
        guard_snapshot(features, SCORE, IS_HIGH)


def test_a_reversed_copy_is_named_even_where_one_class_is_too_rare_for_an_auc() -> None:
    values = pl.Series([-score if score >= 40 else None for score in SCORE], dtype=pl.Float32)
    features = make_features(copy__log=values)

    assert measure_leakage(features, SCORE, IS_HIGH).row(0) == ("copy__log", -1.0, None, 0.1)
    with pytest.raises(CheckError, match=r"copy__log \(Spearman -1\.000, missing AUC 0\.100\)"):
        guard_snapshot(features, SCORE, IS_HIGH)


@pytest.mark.parametrize("sign", [1, -1])
def test_a_copy_of_the_label_is_named(sign: int) -> None:
    # Within each class in random order, so that the rank correlation alone stays below 0.9.
    noisy = sign * (IS_HIGH * 100 + make_noise().to_numpy())
    table = measure_leakage(make_features(copy__flag=noisy), SCORE, IS_HIGH)

    assert abs(table.row(0)[1]) < 0.9
    with pytest.raises(CheckError, match=r"copy__flag .*AUC [01]\.000"):
        guard_snapshot(make_features(copy__flag=noisy), SCORE, IS_HIGH)


def test_a_feature_that_is_missing_where_the_label_is_low_is_named() -> None:
    values = pl.select(pl.when(pl.Series(IS_HIGH)).then(make_noise()).alias("x")).to_series()

    with pytest.raises(CheckError, match=r"sparse__log .*missing AUC 0.000"):
        guard_snapshot(make_features(sparse__log=values), SCORE, IS_HIGH)


def test_the_correlation_is_of_rows_where_both_are_known() -> None:
    source = np.where(SCORE < 20, np.nan, SCORE)
    values = pl.Series(np.where(SCORE < 20, 1000.0, SCORE), dtype=pl.Float32)

    assert measure_leakage(make_features(x__log=values), source, IS_HIGH).row(0)[1] == 1.0


def test_a_handful_of_rows_convicts_nobody() -> None:
    first = pl.Series([float(i) if i < 15 else None for i in range(100)], dtype=pl.Float32)

    assert measure_leakage(make_features(x__log=first), SCORE, IS_HIGH).row(0)[1:3] == (None, None)


def test_ties_count_half() -> None:
    # 50 high rows: 25 with 1, 25 with 0; 50 low rows all 0: (25 + 25 / 2) / 50 pairs won.
    flag = pl.Series([1.0 if i >= 75 else 0.0 for i in range(100)], dtype=pl.Float32)

    assert measure_leakage(make_features(x__flag=flag), SCORE, IS_HIGH).row(0)[2] == 0.75


def test_of_many_rows_an_even_sample_is_measured() -> None:
    count = 2 * MAX_ROWS + 1
    source = np.arange(count, dtype=np.float64)
    frame = pl.DataFrame({"feed": "f", "week": WEEK, "track_id": "t", "x__log": source})

    with pytest.raises(CheckError, match="x__log"):
        guard_snapshot(frame, source, source > count / 2)


@given(st.lists(st.integers(0, 9), min_size=60, max_size=60), st.integers(0, 99))
def test_measures_depend_on_ranks_alone_and_not_on_the_order_of_rows(
    values: list[int], seed: int
) -> None:
    feature = np.array(values, dtype=np.float64)
    source = np.arange(60, dtype=np.float64)
    keys = {"feed": "f", "week": WEEK, "track_id": "t"}
    order = np.random.default_rng(seed).permutation(60)

    table = measure_leakage(pl.DataFrame(keys | {"x__log": feature}), source, source >= 30)
    moved = measure_leakage(
        pl.DataFrame(keys | {"x__log": np.exp(feature[order])}), source[order], source[order] >= 30
    )

    assert table.row(0)[1:] == pytest.approx(moved.row(0)[1:])
    assert all(value is None or -1 <= value <= 1 for value in table.row(0)[1:])


def read_chartmetric() -> pl.DataFrame:
    """Read the real table with polars alone: the loader is no part of what is tested here."""
    raw = pl.read_csv(
        real_data("chartmetric_2024/top_songs.csv"), infer_schema=False, encoding="utf8-lossy"
    ).unique("ISRC", keep="first", maintain_order=True)
    return raw.select(parse_column(column) for column in CHARTMETRIC.columns).with_columns(
        pl.lit("chartmetric").alias("feed"),
        pl.lit(WEEK).alias("week"),
        pl.lit(WEEK).alias("first_seen_week"),
        pl.lit(0, pl.Int8).alias("weeks_ago"),
        pl.int_range(pl.len()).alias("line"),
    )


def parse_column(column: ColumnSpec) -> pl.Expr:
    cell = pl.col(column.headers[0])
    if column.is_metric:
        cell = cell.str.replace_all(",", "").cast(
            pl.Float64 if column.type == "decimal" else pl.Int64
        )
    elif column.kind == "date":
        cell = cell.str.to_date("%m/%d/%Y")
    elif column.kind == "flag":
        cell = cell == "1"
    return cell.alias(column.name)


def label_chartmetric(rows: pl.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    labels = snapshot_labels(rows, CHARTMETRIC).join(
        rows.select("track_id", "track_score"), on="track_id", maintain_order="left"
    )
    return labels.get_column("track_score").to_numpy(), labels.get_column("is_high").to_numpy()


@pytest.mark.real_data
def test_no_snapshot_feature_of_the_real_table_leaks() -> None:
    rows = read_chartmetric()
    features = build_features(rows, CHARTMETRIC, WEEK, exclude_leaking=True)

    guard_snapshot(features, *label_chartmetric(rows))

    strongest = measure_leakage(features, *label_chartmetric(rows)).sort(
        pl.col("spearman").abs(), descending=True, nulls_last=True
    )
    assert features.columns[3:] == feature_names(CHARTMETRIC, exclude_leaking=True)
    assert strongest.row(0)[0] == "spotify_streams_count__rate"
    assert strongest.row(0)[1] == pytest.approx(0.51, abs=0.01)


@pytest.mark.real_data
@pytest.mark.parametrize("column", ["track_score", "all_time_rank", "line"])
def test_the_guard_catches_each_leak_of_the_real_table(column: str) -> None:
    rows = read_chartmetric()
    features = build_features(rows, CHARTMETRIC, WEEK, exclude_leaking=True)
    leak = rows.sort("track_id").get_column(column).cast(pl.Float32).alias(f"{column}__log")

    with pytest.raises(CheckError, match=rf"got 1: {column}__log \(Spearman -?1.000"):
        guard_snapshot(features.with_columns(leak), *label_chartmetric(rows))
