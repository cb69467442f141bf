import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from songpop.simulate.draws import Purpose, Salt, hash_serials, hash_uniforms, stream, weigh_rows


def test_streams_differ_by_purpose_and_parts() -> None:
    draws = {
        float(stream(1, purpose, week).random())
        for purpose in (Purpose.HEAT, Purpose.TRACKS)
        for week in (1, 2)
    }

    assert len(draws) == 4
    assert stream(1, Purpose.HEAT, 3).random() == stream(1, Purpose.HEAT, 3).random()


def test_hashes_are_uniform_and_never_collide_on_small_numbers() -> None:
    serials = np.arange(20_000)
    uniforms = hash_uniforms(serials, 5, Salt.TITLE)

    assert np.unique(hash_serials(serials, 5, Salt.TITLE)).size == serials.size
    # Kolmogorov-Smirnov by hand: 1.63 / sqrt(n) is the 1 % point.
    distance = np.abs(np.sort(uniforms) - np.arange(serials.size) / serials.size).max()
    assert distance < 1.63 / np.sqrt(serials.size)


def test_salts_and_seeds_are_unrelated() -> None:
    serials = np.arange(20_000)
    first = hash_uniforms(serials, 5, Salt.TITLE)

    for other in (hash_uniforms(serials, 5, Salt.ALBUM), hash_uniforms(serials, 6, Salt.TITLE)):
        assert abs(np.corrcoef(first, other)[0, 1]) < 0.03


@given(st.lists(st.integers(0, 2**40), min_size=1, max_size=20), st.integers(0, 2**63 - 1))
def test_a_hash_depends_on_its_own_serial_alone(serials: list[int], seed: int) -> None:
    together = hash_uniforms(np.array(serials), seed, Salt.TITLE)
    alone = [hash_uniforms(np.array([serial]), seed, Salt.TITLE)[0] for serial in serials]

    assert together.tolist() == alone
    assert np.all((together >= 0) & (together < 1))


def test_rows_are_weighed_like_a_matrix_product() -> None:
    weights = np.array([[1, 2], [0, 3]], dtype=np.float32)
    rows = np.array([[1, 10, 100], [5, 50, 500]], dtype=np.float32)

    assert weigh_rows(weights, rows).tolist() == [[11, 110, 1100], [15, 150, 1500]]
