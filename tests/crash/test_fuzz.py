"""Mutants of real exports; ``python -m tests.crash.fuzz`` tries thousands."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.crash.fuzz import find_parents, fuzz
from tests.crash.mutate import MUTATIONS, make_mutant

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


@given(st.binary(max_size=300), st.sampled_from(MUTATIONS), st.integers(0, 2**32))
def test_mutation_takes_any_bytes(content: bytes, mutate: object, seed: int) -> None:
    assert isinstance(mutate(content, np.random.default_rng(seed)), bytes)  # type: ignore[operator] - a Mutate


def test_mutant_is_its_seed(tmp_path: Path) -> None:
    parent = tmp_path / "parent.csv"
    parent.write_bytes(b"a,b\r\n" + b"1,2\r\n" * 100)

    mutants = [make_mutant([parent], seed) for seed in range(40)]

    assert mutants == [make_mutant([parent], seed) for seed in range(40)]
    assert len({mutant.content for mutant in mutants}) > 30
