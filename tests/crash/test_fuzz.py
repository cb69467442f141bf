"""Mutants of real exports; ``python -m tests.crash.fuzz`` tries thousands."""

import dataclasses
from collections.abc import Callable
from pathlib import Path

import duckdb
import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.crash import fuzzer as fuzzing
from tests.crash.fuzz import describe, find_parents, fuzz
from tests.crash.fuzzer import Tally, open_fuzzer
from tests.crash.mutate import MUTATIONS, Mutant, make_mutant, write_parquet
from tests.real_data import real_data

MUTANTS_COUNT = 250


def test_every_row_of_a_mutant_is_accounted_for_or_the_file_is_named(tmp_path: Path) -> None:
    parents = find_parents()
    if not parents:
        pytest.skip("real data absent: expected ../shared/data beside the checkout")

    tally = fuzz(tmp_path, parents, range(MUTANTS_COUNT))

    assert tally.findings == []
    assert tally.loaded > 10
    assert tally.rows["quarantined"] > 10
    assert tally.named + tally.refused > 10
    told = tally.loaded + tally.refused + tally.named + tally.ignored + tally.known
    assert told == tally.mutants == MUTANTS_COUNT


def read_third_week() -> Mutant:
    path = real_data("spotify_charts/us")
    third = sorted(path.glob("*.csv"))[2]
    return Mutant(third.name, third.read_bytes(), third.name, ())


def read_platform_export() -> Mutant:
    path = real_data("export_samples/s4a_label_portal_tiktok_LDV/CloneWars.csv")
    return Mutant(path.name, path.read_bytes(), path.name, ())


def test_fuzzer_finds_nothing_where_nothing_is_wrong(tmp_path: Path) -> None:
    known = real_data("export_samples/s4a_label_portal_tiktok_LDV/PunchingBag.csv")
    not_loaded = known.with_name("totalrelease.csv")

    with open_fuzzer(tmp_path) as fuzzer:
        for mutant in (
            read_third_week(),
            read_platform_export(),
            Mutant(known.name, known.read_bytes(), known.name, ()),
            Mutant(not_loaded.name, not_loaded.read_bytes(), not_loaded.name, ()),
            Mutant("letter.doc", b"", "none", ()),
        ):
            fuzzer.try_mutant(mutant, 0)

    tally = fuzzer.tally
    assert tally.findings == []
    assert (tally.loaded, tally.known, tally.ignored, tally.named) == (2, 1, 1, 1)


ANOTHER_WEEK = "(select min(week) from core.track_weeks)"
FAULTS = {
    "rows of another week": (
        f"update core.track_weeks set line = line + 1 where week = {ANOTHER_WEEK}",
        "something else changed: core.track_weeks",
    ),
    "what is said of another week": (
        f"update core.weeks set rows_count = rows_count + 1 where week = {ANOTHER_WEEK}",
        "something else changed: core.weeks",
    ),
    "numbers of another export": (
        "update core.platform_facts set value = value + 1",
        "something else changed: core.platform_facts",
    ),
    "a row that was counted is not stored": (
        "delete from core.track_weeks where line = 5 and week = (select max(week) from core.weeks)",
        "200 rows for core.track_weeks, stored are 199",
    ),
    "a row that was not counted is quarantined": (
        "insert into raw.quarantine select max_by(sha256, week), 5, null, 'x', '' from raw.exports",
        "0 rows for raw.quarantine, stored are 1",
    ),
    "what is said of the week": (
        "update core.weeks set rows_count = 1 where week = (select max(week) from core.weeks)",
        "check core.weeks.rows",
    ),
}


@pytest.mark.parametrize("name", FAULTS)
def test_fault_of_a_load_is_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    statement, told = FAULTS[name]

    with open_fuzzer(tmp_path) as fuzzer:
        plant(monkeypatch, "load_exports", lambda con: con.execute(statement))
        fuzzer.try_mutant(read_third_week(), 7)

    (finding,) = fuzzer.tally.findings
    assert finding.startswith("seed 7, ")
    assert told in finding


def test_fault_of_a_platforms_load_is_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with open_fuzzer(tmp_path) as fuzzer:
        statement = "update core.platform_facts set value = value + 1"
        plant(monkeypatch, "load_platform_exports", lambda con: con.execute(statement))
        fuzzer.try_mutant(read_platform_export(), 7)

    first, second = fuzzer.tally.findings
    assert "something else changed: core.platform_facts" in first
    assert "something was left: core.platform_facts" in second


def test_mutant_without_an_outcome_is_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def discover_nothing(*given: object) -> object:
        return dataclasses.replace(real(*given), arriving=())  # type: ignore[arg-type] - what it is given

    real = fuzzing.discover
    with open_fuzzer(tmp_path) as fuzzer:
        monkeypatch.setattr(fuzzing, "discover", discover_nothing)
        fuzzer.try_mutant(read_third_week(), 7)

    (finding,) = fuzzer.tally.findings
    assert finding.endswith("0 outcomes, not one")


def plant(
    monkeypatch: pytest.MonkeyPatch,
    name: str,
    harm: Callable[[duckdb.DuckDBPyConnection], object],
) -> None:
    """Do harm after each call of a function of the fuzzer's."""
    real = getattr(fuzzing, name)

    def load(holder: object, *rest: object) -> object:
        result = real(holder, *rest)
        session = getattr(holder, "session", holder)
        harm(session.con)  # type: ignore[attr-defined] - a Session
        return result

    monkeypatch.setattr(fuzzing, name, load)


def test_line_of_the_readme_says_every_outcome() -> None:
    tally = Tally(mutants=1500, loaded=1000, refused=200, named=200, ignored=99, known=1)
    tally.rows.update(read=1234, loaded=1200, duplicate=4, quarantined=30)

    line = describe(tally, 61.2)

    assert " ".join(line.split()).endswith(
        "1,500 mutants in 61 s: 1,000 loaded, 200 refused, 200 named, 99 ignored, 1 known; of "
        "1,234 rows read 1,200 loaded, 4 duplicate, 30 quarantined; 0 findings."
    )


@given(st.binary(max_size=300), st.sampled_from(MUTATIONS), st.integers(0, 2**32))
def test_mutation_takes_any_bytes(content: bytes, mutate: object, seed: int) -> None:
    assert isinstance(mutate(content, np.random.default_rng(seed)), bytes)  # type: ignore[operator] - a Mutate


@pytest.mark.parametrize("seed", range(8))
def test_parquet_has_the_rows_of_its_parent(seed: int) -> None:
    written = write_parquet(b"a,b\r\nx,1\r\ny,2\r\n", np.random.default_rng(seed))

    assert pl.read_parquet(written).cast(pl.String).rows() == [("x", "1"), ("y", "2")]


def test_mutant_is_its_seed(tmp_path: Path) -> None:
    parent = tmp_path / "parent.csv"
    parent.write_bytes(b"a,b\r\n" + b"1,2\r\n" * 100)

    mutants = [make_mutant([parent], seed) for seed in range(40)]

    assert mutants == [make_mutant([parent], seed) for seed in range(40)]
    assert len({mutant.content for mutant in mutants}) > 30
