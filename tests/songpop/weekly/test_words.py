import html
import re
from dataclasses import replace

import pytest

from songpop.weekly.words import list_warnings, name_kind, say_meaning, summarise
from tests.songpop.weekly.make_facts import (
    make_facts,
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
            "In the last week whose outcome is known, 85\u00a0% of the calls were right; calling "
            "as many of the largest tracks high would have been right for 80\u00a0% and giving "
            "every track the same answer for 75\u00a0%."
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


@pytest.mark.parametrize(
    ("warning", "words"),
    [
        (
            "not yet compared with baselines: nothing was left to test it on",
            "with care: the model has not been compared with simpler ways of scoring yet.",
        ),
        (
            "does not beat constant (0.7) and persistence (1.0): log loss 1.1 on 4,000 test rows",
            "tested on 4,000 rows before it scored, the model did no better than the same answer",
        ),
        ("is persistence, which stands in for us-1", "with care: the model is persistence, which"),
    ],
)
def test_warning_of_a_model_is_told_without_terms(warning: str, words: str) -> None:
    (told,) = list_warnings(make_facts(model_warning=warning))

    assert words in html.unescape(told)
