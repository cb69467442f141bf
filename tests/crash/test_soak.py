from dataclasses import replace

import pytest

from tests.crash.soak import Week, list_grown, make_table

WEEK = Week(1.0, 400_000_000, 13, 10_000_000, 8_000_000)


@pytest.mark.parametrize(
    ("last", "grown"),
    [
        (WEEK, []),
        (replace(WEEK, seconds=1.4, private_bytes=10**9, snapshot_bytes=10**9), []),
        (replace(WEEK, seconds=1.6), ["seconds"]),
        (replace(WEEK, memory_bytes=470_000_000), ["memory_bytes"]),
        (replace(WEEK, files_count=14), ["files_count"]),
    ],
)
def test_only_what_is_stored_may_grow(last: Week, grown: list[str]) -> None:
    weeks = [*[WEEK] * 100, *[last] * 13]

    assert list_grown(weeks) == grown
    assert make_table(weeks).splitlines()[-2] == "| weeks 27 to 39 | 1.00 | 400 | 13 | 10.0 | 8.0 |"
