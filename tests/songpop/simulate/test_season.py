import datetime as dt

import pytest

from songpop.simulate.season import december_peak


@pytest.mark.parametrize(
    ("day", "peak"),
    [
        (dt.date(2024, 6, 14), 0.0),
        (dt.date(2024, 11, 27), 0.0),
        (dt.date(2024, 12, 11), 0.5),
        (dt.date(2024, 12, 25), 1.0),
        (dt.date(2024, 12, 30), 0.5),
        (dt.date(2025, 1, 3), 0.1),
        (dt.date(2025, 1, 4), 0.0),
        (dt.date(2025, 1, 10), 0.0),
    ],
)
def test_december_rises_for_four_weeks_and_falls_in_ten_days(day: dt.date, peak: float) -> None:
    assert december_peak(day.toordinal()) == pytest.approx(peak)
