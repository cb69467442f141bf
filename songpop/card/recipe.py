"""How a model was made: settings, what was tried, what it was made with."""

from songpop.card.markdown import UNKNOWN, bullets, count, level, plain, table
from songpop.card.material import CardMaterial
from songpop.model.evaluation import GridResult
from songpop.policy import STAND_INS

_BECAUSE = {
    "first": "no model of this kind and label was there yet",
    "refresh": "the last training was a quarter ago or as long as the settings say",
    "forced": "somebody asked for it",
    "drift": "the data had changed",
}
_NETWORK_SETTINGS = {
    "hidden_units": "neurons a hidden layer",
    "regularizer": "penalty on the weights",
    "halve_every_epochs": "epochs after which the learning rate is halved, again and again",
    "softness": "softness of the targets, in shares of the ranks (0: the label itself)",
    "averaged_epochs": "last epochs whose weights are averaged",
    "ensemble_members": "networks whose log-odds are averaged",
    "dropout": "share of neurons left out at random in training (dropout)",
    "batch_norm_momentum": "momentum of the batch normalisation",
    "batch_rows": "rows a training step",
    "seed": "seed",
}
_SHARED_SETTINGS = {
    "max_rows": "most rows learned from; more are thinned evenly",
    "pool_feeds": "whether other regions are learned from",
}


def chosen_of(material: CardMaterial) -> GridResult | None:
    """Return the trial that won: the first of the lowest loss; null where nothing was tried."""
    return min(
        material.manifest.metrics.grid,
        key=lambda one: float("inf") if one.log_loss is None else one.log_loss,
        default=None,
    )


def write_settings(material: CardMaterial) -> str:
    """Return the section on settings that matter, with what was tried and chosen."""
    settings = material.manifest.settings
    is_network = material.manifest.kind == "network"
    words = {**(_NETWORK_SETTINGS if is_network else {}), **_SHARED_SETTINGS}
    rows = [
        *_chosen_rows(material),
        *((text, _say(settings[key])) for key, text in words.items() if key in settings),
    ]
    return f"{table(('setting', 'value'), rows)}\n\n{_tried(material)}"


def write_decision(material: CardMaterial) -> str:
    """Return the section on why it was trained and what was decided."""
    because = _BECAUSE.get(material.trained_because)
    why = plain(material.trained_because) + (f" ({because})" if because else "")
    return bullets(
        [
            f"Trained in the week of {material.model.trained_week}, because: {why}.",
            f"Decided when it was registered: {plain(material.decision)}.",
            f"The last week whose tracks it learned from is {material.model.seen_until_week}.",
        ]
    )


def write_origin(material: CardMaterial) -> str:
    """Return the section on versions and checksums."""
    versions = sorted(material.manifest.versions.items())
    digest = plain(material.model.artefact_sha256)
    return (
        f"{table(('package', 'version'), versions)}\n\n"
        f"SHA-256 of the manifest, which lists those of the weights: {digest}"
    )


def _chosen_rows(material: CardMaterial) -> list[tuple[str, str]]:
    chosen = chosen_of(material)
    strength = f"{material.manifest.metrics.chosen_strength:g}"
    if material.manifest.kind in STAND_INS:
        return [("slope and intercept of its one input", "as the calibration has them")]
    if material.manifest.kind == "logistic":
        return [("inverse strength of the penalty, C (chosen)", strength)]
    rate = (
        UNKNOWN if chosen is None or chosen.learning_rate is None else f"{chosen.learning_rate:g}"
    )
    share = UNKNOWN if chosen is None else f"{chosen.teacher_share:g}"
    epochs = UNKNOWN if chosen is None or chosen.epochs_count is None else str(chosen.epochs_count)
    return [
        ("strength of the penalty, λ (chosen)", strength),
        ("learning rate of the first epochs (chosen)", rate),
        ("epochs: passes over the rows (chosen)", epochs),
        ("share of boosting's word in the targets (chosen)", share),
    ]


def _tried(material: CardMaterial) -> str:
    is_network = material.manifest.kind == "network"
    grid = material.manifest.metrics.grid
    if not grid:
        return _judged_on(material)
    if is_network:
        header = ("λ", "learning rate", "boosting's share of the targets", "log loss", "epochs")
        rows = [
            (
                f"{one.strength:g}",
                UNKNOWN if one.learning_rate is None else f"{one.learning_rate:g}",
                f"{one.teacher_share:g}",
                level(one.log_loss),
                UNKNOWN if one.epochs_count is None else count(one.epochs_count),
            )
            for one in grid
        ]
    else:
        header = ("C", "log loss")
        rows = [(f"{one.strength:g}", level(one.log_loss)) for one in grid]
    return f"{_judged_on(material)}\n\n{table(header, rows)}"


def _judged_on(material: CardMaterial) -> str:
    trials = material.manifest.metrics.grid
    if not trials:
        return "Nothing was tried: there is nothing to choose."
    if not any(one.log_loss is not None for one in trials):
        return "One setting was tried, without rows to judge it by."
    if material.block("stop").rows_count:
        return "Tried, and judged by the log loss (lower is better) on the stop rows:"
    return (
        "Tried, and judged by the log loss (lower is better) on the last part of the fit rows, "
        "since there was no stop block:"
    )


def _say(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list | tuple):
        return ", ".join(_say(item) for item in value)  # pyright: ignore[reportUnknownVariableType] - settings of any kind
    if isinstance(value, int):
        return count(value)
    return f"{value:g}" if isinstance(value, float) else str(value)
