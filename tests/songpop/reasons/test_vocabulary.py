import itertools

import pytest

from songpop.features.kinds import feature_names
from songpop.formats.registry import load_formats
from songpop.reasons.phrases import speak
from songpop.reasons.quantiles import EVERY_OTHER, Side
from songpop.reasons.standing import Standing
from songpop.reasons.vocabulary import phrase_of

FORMATS = load_formats()
TRACKS = FORMATS["chartmetric"]
CHART = FORMATS["spotify_charts"]


def standing(side: Side | None = Side.ABOVE, percent: int = 94, **more: object) -> Standing:
    """Return a standing that raises the score, of a positive value among tracks of its age."""
    fields: dict[str, object] = {"effect": 1, "sign": 1, "is_by_age": True, "is_partial": False}
    return Standing(side=side, percent=percent, **{**fields, **more})  # type: ignore[arg-type] - any field


def words(feature: str, *args: object, **more: object) -> str:
    """Return the statement on a feature, without its prefix."""
    spec = CHART if any(c.name == feature.partition("__")[0] for c in CHART.columns) else TRACKS
    text = speak(phrase_of(feature, spec), standing(*args, **more), of_missing=False)  # type: ignore[arg-type] - any field
    return text.removeprefix("raises: ")


@pytest.mark.parametrize(
    ("feature", "above", "below", "median"),
    [
        (
            "shazam_count__log",
            "more Shazams than 94 % of tracks of its age",
            "94 % of tracks of its age have more Shazams",
            "the median Shazams among tracks of its age",
        ),
        (
            "spotify_popularity_index__log",
            "a higher Spotify popularity than 94 % of tracks of its age",
            "94 % of tracks of its age have a higher Spotify popularity",
            "the median Spotify popularity among tracks of its age",
        ),
        (
            "rank__log",
            "94 % of tracks of its age have a better chart rank",
            "a better chart rank than 94 % of tracks of its age",
            "the median chart rank among tracks of its age",
        ),
        (
            "streams_week_count__share",
            "more streams this week than 94 % of tracks of its age",
            "94 % of tracks of its age have more streams this week",
            "the median streams this week among tracks of its age",
        ),
        (
            "shazam_count__rate",
            "more Shazams per day since release than 94 % of tracks of its age",
            "94 % of tracks of its age have more Shazams per day since release",
            "the median Shazams per day since release among tracks of its age",
        ),
        (
            "shazam_count__growth_4w",
            "Shazams grew faster over 4 weeks than 94 % of tracks of its age",
            "Shazams grew more slowly over 4 weeks than 94 % of tracks of its age",
            "Shazams grew over 4 weeks like the median track of its age",
        ),
        (
            "weeks_since_first_seen__log",
            "first seen earlier than 94 % of tracks of its age",
            "first seen later than 94 % of tracks of its age",
            "first seen as long ago as the median track of its age",
        ),
        (
            "age_days__log",
            "released earlier than 94 % of tracks of its age",
            "released later than 94 % of tracks of its age",
            "released as long ago as the median track of its age",
        ),
        (
            "gone_column__log",
            "a higher gone column than 94 % of tracks of its age",
            "94 % of tracks of its age have a higher gone column",
            "the median gone column among tracks of its age",
        ),
    ],
)
def test_words_say_on_which_side_the_track_is(
    feature: str, above: str, below: str, median: str
) -> None:
    assert words(feature) == above
    assert words(feature, Side.BELOW) == below
    assert words(feature, Side.MEDIAN) == median


@pytest.mark.parametrize(
    ("feature", "sign", "above", "below"),
    [
        ("shazam_count__growth_1w", 1, "grew faster over 1 week", "grew more slowly over 1 week"),
        ("shazam_count__growth_1w", -1, "fell more slowly over 1 week", "fell faster over 1 week"),
        ("track_score__change_4w", 1, "rose faster over 4 weeks", "rose more slowly over 4 weeks"),
        ("rank__change_4w", -1, "climbed more slowly over 4 weeks", "climbed faster over 4 weeks"),
        ("rank__change_4w", 1, "slipped faster over 4 weeks", "slipped more slowly over 4 weeks"),
    ],
)
def test_a_change_is_called_by_its_direction(
    feature: str, sign: int, above: str, below: str
) -> None:
    assert f" {above} than 94 % of" in words(feature, sign=sign)
    assert f" {below} than 94 % of" in words(feature, Side.BELOW, sign=sign)


def test_no_change_tells_what_the_others_did() -> None:
    counter, rank = "shazam_count__growth_4w", "rank__change_13w"

    assert words(counter, sign=0) == (
        "Shazams unchanged over 4 weeks, while 94 % of tracks of its age fell"
    )
    assert words(counter, Side.BELOW, EVERY_OTHER, sign=0) == (
        "Shazams unchanged over 4 weeks, while every other track of its age grew"
    )
    assert words(rank, sign=0, is_by_age=False).endswith("while 94 % of this week's tracks climbed")
    assert words(counter, Side.MEDIAN, sign=0).endswith(", like the median track of its age")


def test_extremes_are_named_only_as_such() -> None:
    everyone = {"percent": EVERY_OTHER, "is_by_age": False}

    assert words("shazam_count__log", **everyone) == "more Shazams than any other track of the week"
    assert words("rank__log", **everyone) == "every other track of the week has a better chart rank"
    assert words("age_days__log", side=Side.BELOW, **everyone) == (
        "released later than any other track of the week"
    )


def test_tracks_without_a_value_are_said_not_to_count() -> None:
    assert words("shazam_count__log", is_partial=True) == (
        "more Shazams than 94 % of tracks of its age, where known"
    )


@pytest.mark.parametrize(
    ("feature", "yes", "no"),
    [
        ("is_explicit__flag", "marked explicit", "not marked explicit"),
        ("age_days__under_28", "released less than 4 weeks ago", "released at least 4 weeks ago"),
        ("age_days__under_91", "released less than 13 weeks ago", "released at least 13 weeks ago"),
        ("age_days__under_365", "released less than 1 year ago", "released at least 1 year ago"),
        ("age_days__under_1825", "released less than 5 years ago", "released at least 5 years ago"),
        ("age_days__under_30", "released less than 30 days ago", "released at least 30 days ago"),
        ("season__sin", "time of the year", "time of the year"),
        ("weeks_since_first_seen__log", "first seen earlier than 94 %", "first seen this week"),
    ],
)
def test_yes_and_no_need_no_others(feature: str, yes: str, no: str) -> None:
    assert words(feature).startswith(yes)
    assert words(feature, sign=0) == no


@pytest.mark.parametrize(
    ("feature", "missing", "known"),
    [
        ("shazam_count__log", "Shazams missing", "Shazams exported"),
        ("rank__log", "chart rank missing", "chart rank exported"),
        (
            "shazam_count__growth_4w",
            "growth of Shazams over 4 weeks unknown",
            "growth of Shazams over 4 weeks known",
        ),
        (
            "rank__change_1w",
            "change of chart rank over 1 week unknown",
            "change of chart rank over 1 week known",
        ),
        ("is_explicit__flag", "not known whether explicit", "known whether explicit"),
        ("age_days__log", "release date missing, or after the week", "release date known"),
    ],
)
def test_a_missing_value_is_said_to_be_missing(feature: str, missing: str, known: str) -> None:
    spec = CHART if feature.startswith("rank") else TRACKS
    phrase = phrase_of(feature, spec)

    for of_missing in (True, False):
        assert speak(phrase, standing(None, 0, sign=0), of_missing=of_missing).endswith(
            f": {missing}"
        )
    assert speak(phrase, standing(), of_missing=True) == f"raises: {known}"


def test_words_say_what_the_reason_does_to_the_score() -> None:
    phrase = phrase_of("shazam_count__log", TRACKS)
    effects = {
        effect: speak(phrase, standing(effect=effect), of_missing=False) for effect in (0, 1, -1)
    }

    assert {effect: text.partition(":")[0] for effect, text in effects.items()} == {
        1: "raises",
        -1: "lowers",
        0: "neutral",
    }


def test_a_label_is_text_whatever_it_holds() -> None:
    label = '=1+{0} %s "<b>'
    spec = TRACKS.model_copy(
        update={
            "columns": tuple(
                column.model_copy(update={"label": label}) for column in TRACKS.columns
            )
        }
    )
    text = speak(phrase_of("shazam_count__log", spec), standing(), of_missing=False)

    assert text == f"raises: more {label} than 94 % of tracks of its age"


@pytest.mark.parametrize("name", sorted(FORMATS))
def test_every_feature_of_every_format_has_words_for_every_standing(name: str) -> None:
    spec = FORMATS[name]
    labels = {column.name: column.label for column in spec.columns}
    sides = [*Side, None]
    for feature in feature_names(spec, exclude_leaking=False):
        phrase = phrase_of(feature, spec)
        source = feature.partition("__")[0]
        for side, sign, percent in itertools.product(sides, (-1, 0, 1), (50, EVERY_OTHER)):
            text = speak(phrase, standing(side, percent, sign=sign), of_missing=False)

            assert labels.get(source, "") in text
            assert "_" not in text
            assert "100 %" not in text
            assert len(text) <= 120


@pytest.mark.parametrize(
    ("feature", "text"),
    [
        ("other_feeds__count", "more listings in other regions last week than"),
        ("other_feeds__best", "a higher best standing in other regions last week than"),
        ("other_feeds__change_4w", "standing in other regions rose faster over 4 weeks than"),
        ("leading_feed__level", "a higher standing in the largest other region last week than"),
        (
            "leading_feed__change_1w",
            "standing in the largest other region rose faster over 1 week than",
        ),
    ],
)
def test_what_other_regions_said_has_words_of_its_own(feature: str, text: str) -> None:
    assert words(feature) == f"{text} 94 % of tracks of its age"
