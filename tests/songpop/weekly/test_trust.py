from songpop.weekly.trust import show_trust
from tests.songpop.pages.read import Page
from tests.songpop.weekly.make_facts import make_matured, make_model, make_scored

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
    table = Page(text).table("way of scoring")

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
