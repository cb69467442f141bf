import pytest

from songpop.settings import LabelKind
from songpop.training.gather import build_feature_weeks
from songpop.training.today import read_today, stand_in_feature
from tests.builders import week_number
from tests.songpop.training.make_charts import CHART, TABLE, make_charts

CON = make_charts({"us": range(1, 10), "gb": range(1, 10)})


@pytest.mark.parametrize("label", ["level", "growth"])
def test_the_feature_has_the_bits_with_which_a_week_is_scored(label: LabelKind) -> None:
    weeks = [week_number(8), week_number(9)]
    feature = stand_in_feature(CHART, label, 4)
    keys = CON.execute("select 'us' as feed, unnest($weeks) as week", {"weeks": weeks}).pl()

    found = read_today(CON, "us", weeks, CHART, feature)

    whole = build_feature_weeks(CON, keys, CHART)
    assert found.equals(whole.select(found.columns))
    assert found[feature].drop_nulls().n_unique() > 10


def test_persistence_goes_by_shares_where_sizes_add_up() -> None:
    assert stand_in_feature(CHART, "level", 4) == "streams_week_count__share"
    assert stand_in_feature(TABLE, "level", 4) == f"{TABLE.size_metric}__log"


@pytest.mark.parametrize(("horizon", "lag"), [(1, 1), (4, 4), (6, 4), (26, 13)])
def test_growth_goes_by_the_change_nearest_to_the_horizon(horizon: int, lag: int) -> None:
    assert stand_in_feature(CHART, "growth", horizon).endswith(f"_{lag}w")
