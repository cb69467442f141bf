import pytest

from songpop.formats.registry import load_formats
from songpop.simulate.columns import COUNTERS, HEADERS, METRICS, NUMBERS
from tests.real_data import real_data


def test_headers_are_those_of_the_declared_format() -> None:
    declared = [column.headers[0] for column in load_formats()["chartmetric"].columns]

    # The format declares its columns in an order of its own; the file's is tested below.
    assert sorted(HEADERS) == sorted(declared)
    assert len(HEADERS) == len(set(HEADERS)) == 29


def test_counters_are_the_declared_counters() -> None:
    spec = load_formats()["chartmetric"]
    declared = {column.headers[0] for column in spec.columns if column.kind == "counter"}

    assert set(COUNTERS) == declared


def test_numbers_are_the_declared_metrics_but_for_the_empty_one() -> None:
    spec = load_formats()["chartmetric"]
    declared = {column.headers[0] for column in spec.metrics}

    assert {*NUMBERS, "TIDAL Popularity"} == declared


@pytest.mark.real_data
def test_headers_stand_in_the_real_file_s_order() -> None:
    with real_data("chartmetric_2024/top_songs.csv").open("rb") as file:
        header = file.readline()

    assert header == (",".join(HEADERS) + "\r\n").encode()


def test_metrics_keep_the_file_order() -> None:
    assert [header for header in HEADERS if header in METRICS] == list(METRICS)
