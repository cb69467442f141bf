import pytest

from songpop.weekly.trust import show_trust
from tests.songpop.pages.read import Page
from tests.songpop.weekly.make_facts import make_matured, make_model, make_scored

OTHER = "persistence"
WHOLE = {"accuracy": 0.9, "log_loss": 0.3, "auc": 0.95, "rows_count": 400}
COMPARED = make_model(
    models=[
        {"model": "network", "slices": {"all rows": WHOLE}},
        {"model": "boosting", "slices": {"all rows": {**WHOLE, "log_loss": 0.28}}},
    ],
    comparisons=[
        {"other": "boosting", "log_loss": {"mean": 0.02, "low": 0.01, "high": 0.03}},
        {"other": "logistic", "log_loss": {"mean": 0.0, "low": -0.01, "high": 0.01}},
    ],
)


def test_scores_that_promised_too_much_are_said_to() -> None:
    text = show_trust(make_scored())

    # 150 tracks at 0.1 and 50 at 0.9 promise 60 high ones; 50 of 200 were.
    assert (
        "promised 30\u00a0% high tracks, and 25\u00a0% turned out high: they were too hopeful"
        in text
    )
    assert "80\u00a0% of the tracks ended at a likely place" in text


def test_published_scores_stand_beside_simpler_ways_on_the_same_weeks() -> None:
    table = Page(show_trust(make_scored())).table("way of scoring", "right", "pairs in order")
    shown = {how: (row["right"].strip(), row["pairs in order"]) for how, row in table.items()}

    assert shown == {
        "the published scores": ("85\u00a0%", "90\u00a0%"),
        "as many of the largest tracks": ("80\u00a0%", "85\u00a0%"),
        "the same answer for all": ("75\u00a0%", "50\u00a0%"),
    }


@pytest.mark.parametrize(
    ("persistence", "words"),
    [
        (0.80, "The scores were right for 5 points more than the better of these."),
        (0.85, "A simpler way would have been right as often."),
        (0.86, "A simpler way would have been right for 1 point more."),
        (None, "The scores were right for 10 points more than the better of these."),
    ],
)
def test_losing_to_a_simpler_way_is_said(persistence: float | None, words: str) -> None:
    matured = make_matured(persistence_accuracy=persistence)
    text = show_trust(make_scored(matured=[matured]))

    assert words in text
    assert ("as many of the largest tracks</th>" in text) == (persistence is not None)


def test_outcomes_of_several_models_are_said_to_be_of_several() -> None:
    matured = [make_matured(), make_matured(model_version="charts_us-0", kind="logistic")]

    assert "2 models scored these weeks" in show_trust(make_scored(matured=matured))
    assert "models scored" not in show_trust(make_scored())


def test_few_tracks_are_marked_as_few() -> None:
    scored = make_scored()
    few = [{**scored.outcomes[0], "tracks_count": 10, "high_count": 1}]

    assert "(few)" in show_trust(make_scored(outcomes=few))
    assert "(few)" not in show_trust(scored)


def test_baselines_stand_beside_the_model_and_losing_is_said() -> None:
    text = show_trust(make_scored(model=COMPARED))
    table = Page(text).table("way of scoring", "right", "log loss")

    assert table["neural network, which scored"]["log loss"] == "0.300"
    assert table["gradient boosting"]["log loss"] == "0.280"
    assert "worse than gradient boosting; not shown to differ from logistic regression" in text


def test_without_outcomes_the_test_block_tells_whether_scores_mean_what_they_say() -> None:
    test = {
        "rows_count": 100,
        "accuracy": 0.9,
        "reliability": [{"score_mean": 0.2, "rows_count": 100, "true_share": 0.25}],
    }
    scored = make_scored(matured=[], outcomes=[], model=make_model(test=test))

    assert "that takes 4 weeks from the first scores on" in show_trust(scored)
    assert Page(show_trust(scored)).table("mean score")["20\u00a0%"]["tracks"] == "100"


def test_untested_model_is_said_to_be_untested() -> None:
    scored = make_scored(matured=[], outcomes=[])

    assert "nothing was left to test it on" in show_trust(scored)


def test_persistence_under_growth_is_never_told_as_size() -> None:
    loss = {"mean": -0.1, "low": -0.2, "high": -0.05}
    model = make_model(
        label="growth",
        models=[{"model": name, "slices": {"all rows": WHOLE}} for name in ("network", OTHER)],
        comparisons=[{"other": OTHER, "log_loss": loss}],
    )
    matured = [make_matured(kind=OTHER, label="growth")]
    standing_in = make_model(kind=OTHER, label="growth")
    texts = [
        show_trust(make_scored(model=model)),
        show_trust(make_scored(matured=matured)),
        show_trust(make_scored(model=standing_in)),
    ]

    assert all("the last change of its size alone" in text for text in texts)
    assert not any("today" in text for text in texts)


def test_a_week_is_told_by_the_label_of_its_own_model() -> None:
    scored = make_scored(
        model=make_model(label="growth"), matured=[make_matured(kind=OTHER, label="level")]
    )

    assert "today&#x27;s size alone" in show_trust(scored)
