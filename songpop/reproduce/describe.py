"""The figures as plain objects, for scripts."""

from dataclasses import asdict
from typing import Any

from songpop.reproduce.choice import Choice
from songpop.reproduce.headline import Headline
from songpop.reproduce.plan import USED_SETTINGS
from songpop.reproduce.run import ModelResult, Reproduction


def describe_results(found: Reproduction) -> list[dict[str, Any]]:
    """Return one object per feature set and model.

    Each holds features, model, is_leak, the seven mean figures and their ``_sd`` over seeds, the
    number of seeds, and the chosen setting. The leak-free models of the headline carry
    ``five_fold``: their figures over five folds by artist, and how much the ``l2`` network's are
    above theirs, with 95 % intervals.
    """
    folded = _describe_headline(found.headline)
    return [
        {
            "features": result.features,
            "model": result.model,
            "is_leak": result.is_leak,
            **asdict(result.mean),
            **{f"{name}_sd": value for name, value in asdict(result.spread).items()},
            "seeds": len(result.probabilities),
            "settings": _describe_choice(result),
            **({} if result.is_leak or result.model not in folded else folded[result.model]),
        }
        for result in found.results
    ]


def describe_everything(found: Reproduction) -> dict[str, Any]:
    """Return all figures: the results, the trials behind each choice, headline and residuals.

    Probabilities stand beside them, row by row, so that any other figure can be made of them.
    """
    return {
        "file": found.file_name,
        "week": found.week.isoformat(),
        "rows": found.rows_counts,
        "results": describe_results(found),
        "choices": [
            {"features": r.features, "model": r.model, **_describe_trials(r.choice)}
            for r in found.results
        ],
        "at_the_end_of_a_grid": {
            f"{r.features}-{r.model}": list(r.choice.edges) for r in found.results if r.choice.edges
        },
        "five_fold_choices": {
            model.model: [_describe_trials(choice) for choice in model.choices]
            for model in found.headline.models
        },
        "residuals": {
            **asdict(found.residuals),
            "accuracy": found.residuals.accuracy.model_dump(),
        },
        "plan": {
            **found.plan.model_dump(exclude={"network"}),
            "network": found.plan.network.model_dump(include=set(USED_SETTINGS)),
        },
        "probabilities": {
            f"{result.features}-{result.model}": result.probabilities.round(6).tolist()
            for result in found.results
        },
        "five_fold_scores": {
            model.model: model.scores.round(6).tolist() for model in found.headline.models
        },
    }


def _describe_choice(result: ModelResult) -> dict[str, Any]:
    return {**result.choice.setting, "calibrated": result.choice.is_calibrated}


def _describe_trials(choice: Choice) -> dict[str, Any]:
    return {
        "chosen": choice.setting,
        "calibrated": choice.is_calibrated,
        "inner_log_loss": choice.raw_log_loss,
        "inner_log_loss_calibrated": choice.calibrated_log_loss,
        "trials": [{**trial.setting, "log_loss": trial.log_loss} for trial in choice.trials],
    }


def _describe_headline(headline: Headline) -> dict[str, dict[str, Any]]:
    compared = {one.other: one for one in headline.comparisons}
    described: dict[str, dict[str, Any]] = {}
    for model in headline.models:
        five_fold: dict[str, Any] = asdict(model.measures)
        five_fold["folds"] = [asdict(fold) for fold in model.folds]
        if model.model in compared:
            one = compared[model.model]
            five_fold["l2_less_this"] = {
                "log_loss": one.log_loss.model_dump(),
                "auc": None if one.auc is None else one.auc.model_dump(),
            }
        described[model.model] = {"five_fold": five_fold}
    return described
