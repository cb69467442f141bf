import re
from dataclasses import replace

import pytest

from songpop.weekly.words import list_warnings, measure_right, name_kind, say_meaning, summarise
from tests.songpop.weekly.make_facts import (
    make_facts,
    make_matured,
    make_model,
    make_scored,
    make_unscored,
)


def plain(markup: str) -> str:
    return re.sub(r"<[^>]*>", "", markup)


def test_three_sentences_tell_the_week() -> None:
    facts = make_facts()
    assert facts.scored is not None

    assert [plain(sentence) for sentence in summarise(facts, facts.scored)] == [
        (
            "2 of 3 tracks have high potential, 1 more than the week before: 2 crossed the line "
            "upwards and 1 left it."
        ),
        (
            "Song a by Artist a leads with 90\u00a0%; Song a by Artist a climbed most, from "
            "55\u00a0% to 90\u00a0%; Song b by Artist b lost most, from 80\u00a0% to 70\u00a0%."
        ),
        (
            "In the last week whose outcome is known, 85\u00a0% of the calls were right; giving "
            "every track the same answer would have been right for 75\u00a0%."
        ),
    ]


def test_without_known_outcomes_the_test_speaks() -> None:
    test = {"rows_count": 400, "accuracy": 0.88}
    scored = make_scored(matured=[], model=make_model(test=test))
    snapshot = make_scored(matured=[], model=make_model(test=test, label="snapshot"))

    assert summarise(make_facts(), scored)[2] == (
        "How these scores turn out is not known yet; of 400 tracks that the model had not seen it "
        "called 88\u00a0% right."
    )
    assert summarise(make_facts(), snapshot)[2].endswith("speak of now, not of what will come.")
    assert "nothing was left" in summarise(make_facts(), make_scored(matured=[]))[2]


def test_another_model_is_no_climb() -> None:
    scored = make_scored(is_same_model=False)

    assert "climbed" not in summarise(make_facts(), scored)[1]


@pytest.mark.parametrize(
    ("label", "words"),
    [
        ("snapshot", "this week's list"),
        ("level", "upper half of the list 4 weeks from now"),
        ("growth", "gains more within 4 weeks"),
    ],
)
def test_each_label_means_something_else(label: str, words: str) -> None:
    assert words in say_meaning(make_model(label=label))


def test_right_calls_are_weighed_by_tracks() -> None:
    matured = [
        make_matured(rows_count=100, accuracy=1.0, base_rate=0.9),
        make_matured(rows_count=300, accuracy=0.6, base_rate=0.4),
    ]

    assert measure_right(matured) == pytest.approx((0.7, 0.675))


def test_quiet_week_has_no_warning_and_one_kept_out_names_the_newest_scores() -> None:
    kept_out = make_unscored(rows_count=None, drift_decision="quarantine")

    assert list_warnings(make_facts()) == []
    assert list_warnings(kept_out)[0].endswith("The newest scores are those of 20 June 2024.")
    assert "newest" not in list_warnings(replace(kept_out, previous_week=None))[0]


@pytest.mark.parametrize(
    ("kind", "label", "words"),
    [
        ("persistence", "level", "today's size alone"),
        ("persistence", "growth", "the last change of its size alone"),
        ("network", "growth", "neural network"),
        ("oracle", "level", "oracle"),
    ],
)
def test_persistence_is_called_by_what_the_label_lets_it_go_by(
    kind: str, label: str, words: str
) -> None:
    assert name_kind(kind, label) == words
