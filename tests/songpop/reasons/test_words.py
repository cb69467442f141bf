import datetime as dt
import re

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from songpop.features.kinds import AGE_STEPS_DAYS, feature_names
from songpop.formats.registry import load_formats
from songpop.formats.spec import FormatSpec
from songpop.reasons.cohort import MIN_TRACKS_COUNT, SAMPLE_TRACKS_COUNT
from songpop.reasons.words import add_words
from tests.songpop.model.builders import make_features, make_scorer

SPEC = load_formats()["chartmetric"]
CHART = load_formats()["spotify_charts"]
TEXTS = ["reason_1_text", "reason_2_text", "reason_3_text"]
# Four standard errors of a share read from a sample, in percentage points.
SAMPLED_POINTS = 4 * 50 / SAMPLE_TRACKS_COUNT**0.5


def make_week(rows: int, seed: int = 1, *, is_coarse: bool = False) -> pl.DataFrame:
    """Return Features of three metrics and the age, with ties where coarse, some missing."""
    rng = np.random.default_rng(seed)
    decimals = 0 if is_coarse else 5

    def noise(missing: float) -> pl.Series:
        values = rng.normal(0, 2, rows).round(decimals)
        return pl.Series(np.where(rng.random(rows) < missing, np.nan, values)).cast(pl.Float32)

    age_days = pl.Series(rng.gamma(1, 500, rows).astype(int))
    is_dated = pl.Series(rng.random(rows) > 0.1)
    return pl.DataFrame(
        {
            "feed": ["demo"] * rows,
            "week": [dt.date(2024, 6, 13)] * rows,
            "track_id": [f"T{n:06d}" for n in range(rows)],
            "age_days__log": age_days.log1p().cast(pl.Float32),
            "age_days__under_28": (age_days < 28).cast(pl.Float32),
            "spotify_streams_count__log": noise(0),
            "spotify_streams_count__growth_4w": noise(0.2),
            "shazam_count__log": noise(0.1),
            "all_time_rank__log": noise(0),
            "all_time_rank__change_4w": noise(0.6),
            "is_explicit__flag": pl.Series(rng.random(rows) < 0.3).cast(pl.Float32),
        }
    ).with_columns(pl.when(is_dated).then(pl.col("^age_days__.*$")))


def explain(week: pl.DataFrame, members: int = 1) -> pl.DataFrame:
    """Return the scores of a random ensemble, with words, and the inputs that lead."""
    scores = make_scorer(week, members=members).score(week)
    inputs = scores.select(pl.col("^reason_._input$").cast(pl.String))
    return add_words(scores, week, SPEC).hstack(inputs)


def step_of(week: pl.DataFrame) -> pl.Series:
    """Return each track's age step, from 0; null where its age is unknown."""
    days = week["age_days__log"].cast(pl.Float64).exp() - 1
    passed = [(days.round() >= step).cast(pl.Int32) for step in AGE_STEPS_DAYS]
    return pl.DataFrame({str(k): column for k, column in enumerate(passed)}).sum_horizontal(
        ignore_nulls=False
    )


def check_text(text: str, feature: str, week: pl.DataFrame, row: int, points: float) -> None:
    """Compare what *text* says with a count over the whole cohort."""
    column = week[feature].fill_nan(None)
    value = column[row]
    statement = re.sub("^(raises|lowers|neutral): ", "", text)
    if value is None:
        assert statement.endswith(("missing", "unknown", "or after the week"))
        return
    if not re.search(r"\d %|other track|median", statement):
        plain = ("released", "marked", "not marked")
        assert statement.startswith(plain) or statement.endswith(("exported", "known"))
        return
    others = column
    if "its age" in statement:
        own = step_of(week) == step_of(week)[row]
        others = column.filter(own)
        assert others.drop_nulls().len() >= MIN_TRACKS_COUNT
    assert (", where known" in statement) == (others.null_count() > 0)
    known = others.drop_nulls()
    below, above = (known < value).sum(), (known > value).sum()
    is_upper = says_larger(statement, feature, value)
    if "median" in statement:
        assert max(below, above) <= known.len() * (0.5 + points / 100)
    elif "other track" in statement:
        assert (below if is_upper else above) == known.len() - 1
    else:
        percent = int(re.findall(r"(\d+) %", statement)[0])
        share = 100 * (below if is_upper else above) / known.len()
        assert 50 <= percent <= 99
        assert percent - points <= share < percent + 1 + points or (percent == 99 <= share)


def says_larger(statement: str, feature: str, value: float) -> bool:
    """Return whether the sentence puts the feature above the others it counts."""
    if "__change" in feature or "__growth" in feature:
        if value == 0:
            return statement.removesuffix(", where known").endswith(("fell", "climbed"))
        return (" faster " in statement) == (value > 0)
    if feature.startswith("age_days"):
        return " earlier " in statement
    is_first = statement.startswith(("more ", "a higher ", "a better "))
    return is_first != feature.startswith("all_time_rank")


@settings(max_examples=10, deadline=None)
@given(st.integers(2, 600), st.integers(0, 99), st.booleans(), st.sampled_from([1, 3]))
def test_words_are_true_of_the_track(
    rows: int,
    seed: int,
    is_coarse: bool,  # noqa: FBT001 - drawn
    members: int,
) -> None:
    week = make_week(rows, seed, is_coarse=is_coarse)
    for row, scored in enumerate(explain(week, members).to_dicts()):
        for place in (1, 2, 3):
            text, name = scored[f"reason_{place}_text"], scored[f"reason_{place}_input"]
            contribution = scored[f"reason_{place}_contribution"]
            assert (text is None) == (contribution is None)
            if text is None:
                continue
            effect = int(np.sign(contribution))

            assert text.startswith({1: "raises: ", -1: "lowers: ", 0: "neutral: "}[effect])
            check_text(text, name.removesuffix("?"), week, row, points=0)


def test_words_of_a_large_week_are_true_within_the_samples_error() -> None:
    week = make_week(120_000)
    explained = explain(week)
    for row in range(0, week.height, 997):
        scored = explained.row(row, named=True)
        for place in (1, 2, 3):
            feature = scored[f"reason_{place}_input"].removesuffix("?")
            check_text(scored[f"reason_{place}_text"], feature, week, row, SAMPLED_POINTS)


def test_words_do_not_depend_on_the_order_of_the_rows_nor_on_the_run() -> None:
    week = make_week(40_000)
    order = np.random.default_rng(6).permutation(week.height)
    scorer = make_scorer(week, members=2)
    words = add_words(scorer.score(week), week, SPEC)
    shuffled = week[order]

    assert add_words(scorer.score(week), week, SPEC).equals(words)
    assert add_words(scorer.score(shuffled), shuffled, SPEC).equals(words[order])


def test_words_do_not_contradict_the_side_of_the_weeks_median() -> None:
    week = make_week(3_000).with_columns(
        # The younger, the larger: most are on the same side among their age as in the week.
        pl.col("spotify_streams_count__log") - 2 * pl.col("age_days__log").fill_null(0)
    )
    median = week["spotify_streams_count__log"].median()
    explained = explain(week).with_columns(value=week["spotify_streams_count__log"])
    spoken = explained.filter(pl.col("reason_1_input") == "spotify_streams_count__log")
    is_above = spoken["reason_1_text"].str.contains(": more ")

    assert spoken.height > 50
    assert is_above.sum() > 10
    assert (is_above == (spoken["value"] > median)).mean() == 1


def test_a_small_cohort_is_compared_with_the_week() -> None:
    texts = explain(make_week(40)).select(pl.concat_list(TEXTS).explode()).to_series()

    assert not texts.str.contains("its age").any()
    assert texts.str.contains("this week's tracks|of the week").any()


def test_missing_values_are_said_to_be_missing() -> None:
    week = make_week(300).with_columns(
        shazam_count__log=pl.when(pl.int_range(pl.len()) % 3 > 0).then("shazam_count__log")
    )
    explained = explain(week).filter(week["shazam_count__log"].is_null())
    texts = {
        text
        for place in (1, 2, 3)
        for text in explained.filter(pl.col(f"reason_{place}") == "shazam_count")[
            f"reason_{place}_text"
        ]
    }

    assert texts
    assert {text.partition(": ")[2] for text in texts} == {"Shazams missing"}


def test_a_logistic_model_has_words_too() -> None:
    week = make_week(200)
    scores = make_scorer(week, hidden=()).score(week)
    words = add_words(scores, week, SPEC)

    assert words.select(TEXTS).null_count().sum_horizontal().item() == 0
    assert not [name for name in words.columns if name.endswith("_input")]


def test_fewer_than_three_sources_leave_the_other_words_null() -> None:
    week = make_week(100).select("feed", "week", "track_id", "shazam_count__log")
    words = add_words(make_scorer(week).score(week), week, SPEC)

    assert words["reason_1_text"].null_count() == 0
    assert words["reason_2_text"].null_count() == words["reason_3_text"].null_count() == 100
    assert words.schema["reason_3_text"] == pl.String


def test_a_cohort_of_one_has_nobody_to_be_compared_with() -> None:
    week = make_week(300)
    scorer = make_scorer(week)
    (row,) = add_words(scorer.score(week[:1]), week[:1], SPEC).select(TEXTS).rows()

    assert all(text.startswith("neutral: ") for text in row)
    assert not any("%" in text for text in row)


def test_no_rows_have_no_words() -> None:
    week = make_week(50)
    words = add_words(make_scorer(week).score(week[:0]), week[:0], SPEC)

    assert words.height == 0
    assert set(TEXTS) <= set(words.columns)


def test_features_of_another_format_are_called_by_their_names() -> None:
    week = make_features(300)
    words = add_words(make_scorer(week).score(week), week, SPEC)
    spoken = words.filter(pl.col("reason_1") == "streams_count")["reason_1_text"]

    assert spoken.str.contains("streams count").all()


@pytest.mark.parametrize("spec", [SPEC, CHART], ids=lambda spec: spec.name)
def test_snapshot_models_speak_of_their_own_features(spec: FormatSpec) -> None:
    names = feature_names(spec, exclude_leaking=True)
    rng = np.random.default_rng(2)
    week = (
        make_week(400)
        .select("feed", "week", "track_id")
        .hstack(pl.DataFrame({n: rng.normal(5, 1, 400) for n in names}).cast(pl.Float32))
    )
    words = add_words(make_scorer(week).score(week), week, spec)
    texts = words.select(pl.concat_list(TEXTS).explode()).to_series()

    assert texts.null_count() == 0
    assert not texts.str.contains("Track Score|all-time rank|over .* week").any()
