import pytest

from songpop.features.kinds import feature_names, has_total, source_of
from songpop.formats.registry import load_formats
from tests.songpop.features.make_weeks import make_spec

METRICS = {"all_time_rank", "score_points", "streams_count", "playlists_count", "popularity_index"}


def derivations(spec_without: tuple[str, ...] = (), *, exclude_leaking: bool = False) -> set[str]:
    return set(feature_names(make_spec(spec_without), exclude_leaking=exclude_leaking))


def test_each_kind_gives_its_own_features() -> None:
    changes = ("1w", "2w", "4w", "13w", "52w")

    assert derivations() == {
        "streams_count__log",
        "streams_count__share",
        "streams_count__rate",
        *(f"streams_count__growth_{lag}" for lag in changes),
        "playlists_count__log",
        "playlists_count__share",
        "playlists_count__rate",
        *(f"playlists_count__change_{lag}" for lag in changes),
        "popularity_index__log",
        "popularity_index__rate",
        *(f"popularity_index__change_{lag}" for lag in changes),
        "score_points__log",
        "score_points__rate",
        *(f"score_points__change_{lag}" for lag in changes),
        "all_time_rank__log",
        *(f"all_time_rank__change_{lag}" for lag in changes),
        "age_days__log",
        "age_days__under_28",
        "age_days__under_91",
        "age_days__under_365",
        "age_days__under_1825",
        "is_explicit__flag",
        "weeks_since_first_seen__log",
        "season__sin",
        "season__cos",
    }


def test_text_keys_weeks_and_row_order_are_never_a_source() -> None:
    for spec in load_formats().values():
        sources = {source_of(name) for name in feature_names(spec, exclude_leaking=False)}
        flags = {column.name for column in spec.columns if column.kind == "flag"}
        metrics = {metric.name for metric in spec.metrics}

        facts = {"age_days", "weeks_since_first_seen", "season", "other_feeds", "leading_feed"}

        assert sources <= metrics | flags | facts


def test_a_format_with_regions_has_features_of_sister_feeds_unless_for_a_snapshot() -> None:
    spec = make_spec(has_regions=True)
    added = {*feature_names(spec, exclude_leaking=False)} - derivations()

    assert added == {
        "other_feeds__count",
        "other_feeds__best",
        "other_feeds__change_1w",
        "other_feeds__change_4w",
        "leading_feed__level",
        "leading_feed__change_1w",
        "leading_feed__change_4w",
    }
    assert {*feature_names(spec, exclude_leaking=True)} == derivations(exclude_leaking=True)


def test_a_format_without_release_date_has_neither_age_nor_rates() -> None:
    names = derivations(("release_date",))

    assert not [name for name in names if name.endswith("__rate") or name.startswith("age_")]
    assert "streams_count__share" in names


def test_a_snapshot_model_sees_no_leaking_column_and_no_history() -> None:
    names = derivations(exclude_leaking=True)

    assert {source_of(name) for name in names} == {
        "streams_count",
        "playlists_count",
        "popularity_index",
        "age_days",
        "is_explicit",
    }
    assert not [name for name in names if "growth" in name or "change" in name]


def test_chartmetric_snapshot_features_exclude_track_score_and_its_rank() -> None:
    names = feature_names(load_formats()["chartmetric"], exclude_leaking=True)

    assert not {source_of(name) for name in names} & {"track_score", "all_time_rank"}
    assert "spotify_streams_count__rate" in names


@pytest.mark.parametrize("name", sorted(METRICS))
def test_only_counts_add_up_over_tracks(name: str) -> None:
    assert has_total(make_spec().column(name)) == name.endswith("_count")


def test_names_are_unique_and_in_the_order_of_the_columns() -> None:
    for spec in load_formats().values():
        names = feature_names(spec, exclude_leaking=False)
        order = [metric.name for metric in spec.metrics]
        metric_sources = [source_of(name) for name in names if source_of(name) in order]

        assert len(set(names)) == len(names)
        assert metric_sources == sorted(metric_sources, key=order.index)
