from songpop.backtest import tables
from songpop.backtest.plan import BacktestPlan
from songpop.backtest.words import show_difference
from songpop.evaluate.report import Evaluation, ModelFigures
from songpop.model.metrics import reliability
from songpop.settings import TrainingSettings
from tests.songpop.backtest.builders import make_backtest
from tests.songpop.pages.read import Page

FOUND = make_backtest()
EVALUATION = FOUND.evaluation


def with_auc(title: str, **areas: float | None) -> Evaluation:
    """Return the evaluation with other areas of some models in one slice."""

    def change(one: ModelFigures) -> ModelFigures:
        if one.model not in areas:
            return one
        changed = one.slices[title].model_copy(update={"auc": areas[one.model]})
        return one.model_copy(update={"slices": one.slices | {title: changed}})

    return EVALUATION.model_copy(update={"models": tuple(map(change, EVALUATION.models))})


def test_models_stand_with_all_their_figures() -> None:
    rows = Page(tables.table_models(EVALUATION)).table("model", "log loss")
    boosting = EVALUATION.model("boosting").whole

    assert list(rows) == ["network", "constant", "persistence", "logistic regression", "boosting"]
    assert rows["boosting"] == {
        "model": "boosting",
        "log loss": f"{boosting.log_loss:.4f}",
        "Brier": f"{boosting.brier:.4f}",
        "calibration error": f"{boosting.calibration_error:.4f}",
        "ROC-AUC": f"{boosting.auc:.4f}",
        "PR-AUC": f"{boosting.average_precision:.4f}",
        "precision at 20": f"{boosting.precision_at_20:.4f}",
        "precision at 50": f"{boosting.precision_at_50:.4f}",
        "lift at 20": f"{boosting.lift_at_20:.2f}",
    }


def test_differences_stand_with_intervals_and_verdicts() -> None:
    markup = tables.table_differences(make_backtest(noise={"network": 3.0}).evaluation)
    rows = Page(markup).table("difference")
    whole = Page(tables.table_differences(EVALUATION)).table("difference")

    assert rows["network less boosting"]["by log loss the network is"] == "worse"
    assert '<tr class="marked"><th scope="row">network less boosting' in markup
    for one in EVALUATION.comparisons:
        title = f"network less {tables.TITLES[one.other]}"
        assert whole[title]["log loss, nats"] == show_difference(one.log_loss)
        assert whole[title]["ROC-AUC"] == show_difference(one.auc)


def test_origins_stand_with_their_weeks_and_losses() -> None:
    rows = Page(tables.table_origins(FOUND)).table("tested weeks")
    second = FOUND.origins[1].evaluation

    assert list(rows) == ["2023-07-06 to 2023-07-20 (3)", "2023-07-27 to 2023-08-10 (3)"]
    row = rows["2023-07-27 to 2023-08-10 (3)"]
    assert row["fit weeks"] == "15 until 2023-05-11"
    assert row["rows"] == "360"
    assert row["high"] == f"{100 * second.model('network').whole.base_rate:.1f} %"
    assert row["boosting"] == f"{second.model('boosting').whole.log_loss:.4f}"


def test_feeds_stand_with_their_own_figures() -> None:
    rows = Page(tables.table_feeds(FOUND)).table("feed")
    german = FOUND.by_feed["charts_de"]

    assert list(rows) == ["charts_de", "charts_us"]
    assert rows["charts_de"]["log loss, network"] == (
        f"{german.model('network').whole.log_loss:.4f}"
    )
    assert rows["charts_de"]["log loss, network less boosting"] == (
        show_difference(german.comparisons[-1].log_loss)
    )


def test_slices_stand_with_network_and_boosting_side_by_side() -> None:
    rows = Page(tables.table_slices(EVALUATION, "size", "By size")).table("size")
    middle = {one.model: one.slices["size: middle fifth"] for one in EVALUATION.models}

    assert len(rows) == 5
    assert rows["middle fifth"]["rows"] == "144"
    assert rows["middle fifth"]["log loss, network"] == f"{middle['network'].log_loss:.4f}"
    assert rows["middle fifth"]["ROC-AUC, boosting"] == f"{middle['boosting'].auc:.4f}"


def test_slice_is_flagged_where_any_baseline_is_clearly_ahead() -> None:
    title = "size: largest fifth"
    behind = with_auc(title, network=0.8, constant=0.5, persistence=0.83, logistic=0.81, boosting=0)
    markup = tables.table_slices(behind, "size", "By size")

    assert Page(markup).table("size")["largest fifth"]["flag"] == (
        "ROC-AUC 0.0300 below persistence"
    )
    assert '<tr class="marked"><th scope="row">largest fifth' in markup
    assert not tables.note_auc_loss(
        with_auc(title, network=0.8, persistence=0.82, logistic=0.8, boosting=0.8), title
    )
    assert not tables.note_auc_loss(with_auc(title, network=None), title)


def test_slices_without_rows_enough_are_no_table() -> None:
    evaluation = EVALUATION.model_copy(
        update={
            "models": tuple(
                one.model_copy(update={"slices": {"all rows": one.whole}})
                for one in EVALUATION.models
            )
        }
    )

    assert tables.table_slices(evaluation, "age", "By age") == ""


def test_reliability_stands_bin_by_bin() -> None:
    p = FOUND.predictions.get_column("network").to_numpy()
    bins = reliability(FOUND.predictions.get_column("is_high").to_numpy(), p)
    rows = Page(tables.table_reliability(bins)).table("bin")

    assert [row["rows"] for row in rows.values()] == ["72"] * 10
    assert [row["mean score"] for row in rows.values()] == [f"{b.score_mean:.4f}" for b in bins]
    assert [row["share high"] for row in rows.values()] == [f"{b.true_share:.4f}" for b in bins]


def test_coverage_stands_by_size_and_by_week() -> None:
    intervals = EVALUATION.intervals

    assert intervals is not None
    rows = Page(tables.table_coverage(intervals)).table("rows")
    weeks = Page(tables.table_coverage_weeks(intervals)).table("week")
    assert len(rows) == 2 + 5
    assert rows["all rows, one constant interval"]["width, percentiles"] == "0.8000"
    week = intervals.weeks["2023-07-13"]
    assert weeks["2023-07-13"]["coverage"] == f"{100 * week.coverage:.1f} %"
    assert len(weeks) == 6


def test_every_setting_is_listed() -> None:
    rows = Page(tables.table_settings(BacktestPlan())).table("setting")

    assert rows["horizon_weeks"]["value"] == "4"
    assert rows["embargo_weeks"]["value"] == "–"
    assert rows["training.hidden_units"]["value"] == "128, 64, 32, 16"
    assert set(rows) == (set(BacktestPlan.model_fields) - {"training"}) | {
        f"training.{name}" for name in TrainingSettings.model_fields
    }
