from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from songpop.warehouse.audit_parquet import audit_parquet
from songpop.warehouse.checks import Finding
from songpop.warehouse.fingerprint import fingerprint
from tests.builders import week_number
from tests.songpop.warehouse.make_warehouse import make_healthy

WEEK = week_number(6)


def read(path: Path) -> pl.DataFrame:
    return pl.read_parquet(path, hive_partitioning=False, glob=False)


CHANGES: dict[str, Callable[[Path], object]] = {
    "none": Path.exists,
    "shuffled": lambda path: read(path).reverse().write_parquet(path),
    "missing": Path.unlink,
    "noise": lambda path: path.write_bytes(b"noise"),
    "truncated": lambda path: path.write_bytes(path.read_bytes()[:-100]),
    "edited": lambda path: read(path).with_columns(pl.col("score") * 0.99).write_parquet(path),
    # The folder's and the file's name say another week than the rows do.
    "week edited": lambda path: (
        read(path).with_columns(pl.col("week").dt.offset_by("7d")).write_parquet(path)
    ),
    "row lost": lambda path: read(path).head(2).write_parquet(path),
    "row twice": lambda path: pl.concat([read(path), read(path).head(1)]).write_parquet(path),
    "column lost": lambda path: read(path).drop("reason_1").write_parquet(path),
    "other week": lambda path: path.write_bytes(
        path.with_name(f"week={week_number(2)}.parquet").read_bytes()
    ),
    "stray": lambda path: path.with_name(f"week={week_number(5)}.parquet").write_bytes(b""),
}


def audit_after(tmp_path: Path, change: str, *, waits: bool = False) -> list[Finding]:
    paths, con = make_healthy(tmp_path)
    CHANGES[change](paths.parquet("us", WEEK))
    committed = fingerprint(con.table("mart.weekly_scores"), "feed", "week")
    findings = audit_parquet(con, paths, committed, {("us", WEEK)} if waits else set())
    con.close()
    return findings


@pytest.mark.parametrize("change", ["none", "shuffled"])
def test_same_rows_have_no_findings(tmp_path: Path, change: str) -> None:
    assert audit_after(tmp_path, change) == []


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ("missing", "expected a file, got none"),
        ("noise", "expected a readable Parquet file, got "),
        ("truncated", "expected a readable Parquet file, got "),
        ("edited", f"expected us {WEEK} with 3 rows, got altered ones"),
        ("week edited", f"expected us {WEEK} with 3 rows, got "),
        ("row lost", f"expected us {WEEK} with 3 rows, got 2 rows"),
        ("row twice", f"expected us {WEEK} with 3 rows, got 4 rows"),
        ("column lost", "got altered ones"),
        ("other week", f"expected us {WEEK} with 3 rows, got 0 rows"),
        ("stray", "expected no file, since its week has no scores, got one"),
    ],
)
def test_damaged_file_is_named_with_what_to_do(tmp_path: Path, change: str, message: str) -> None:
    findings = audit_after(tmp_path, change)

    assert {finding.severity for finding in findings} == {"error"}
    assert message in findings[-1].message
    assert "week=2024-0" in findings[-1].subject
    assert "run `songpop repair`, which publishes everything anew" in findings[-1].message


@pytest.mark.parametrize("change", ["missing", "noise", "edited"])
def test_week_that_awaits_publication_is_not_compared(tmp_path: Path, change: str) -> None:
    assert audit_after(tmp_path, change, waits=True) == []


def test_folder_with_brackets_in_its_name_is_no_pattern(tmp_path: Path) -> None:
    assert audit_after(tmp_path / "a[b]*c", "none") == []
