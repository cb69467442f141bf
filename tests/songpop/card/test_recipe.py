from songpop.card.recipe import chosen_of, write_decision, write_origin, write_settings
from tests.songpop.card.builders import (
    SHA256,
    make_blocks,
    make_evaluation,
    make_manifest,
    make_material,
    make_model,
)


def test_settings_have_what_was_chosen_and_what_was_tried() -> None:
    text = write_settings(make_material())
    rows = [" ".join(line.split()) for line in text.split("\n")]

    assert "| strength of the penalty, λ (chosen) | 0.001 |" in rows
    assert "| epochs: passes over the rows (chosen) | 7 |" in rows
    assert "| neurons a hidden layer | 128, 64, 32, 16 |" in rows
    assert "| whether other regions are learned from | yes |" in rows
    assert "| 0.0001 | 0.01 | 0 | 0.350 | 4 |" in rows
    assert "on the stop rows" in text


def test_trials_without_a_stop_block_say_what_judged_them() -> None:
    text = write_settings(make_material(blocks=make_blocks(stop_rows=0)))

    assert "since there was no stop block" in text


def test_logistic_model_has_no_settings_of_a_network() -> None:
    manifest = make_manifest(make_evaluation(), kind="logistic")
    text = write_settings(make_material(model=make_model(kind="logistic"), manifest=manifest))

    assert "inverse strength of the penalty, C (chosen)" in text
    assert "neurons" not in text
    assert "λ" not in text


def test_settings_of_another_version_are_left_out_not_guessed() -> None:
    manifest = make_manifest(settings={"a_setting_since_renamed": 1})

    assert "neurons" not in write_settings(make_material(manifest=manifest))


def test_single_trial_without_a_judge_is_no_choice() -> None:
    manifest = make_manifest()
    trial = manifest.metrics.grid[0].model_copy(update={"log_loss": None, "epochs_count": None})
    metrics = manifest.metrics.model_copy(update={"grid": (trial,)})
    material = make_material(manifest=manifest.model_copy(update={"metrics": metrics}))

    assert chosen_of(material) == trial
    assert "without rows to judge it by" in write_settings(material)


def test_decision_says_why_and_what_became_of_it() -> None:
    text = write_decision(make_material(decision="refused: log loss not below the champion's"))

    assert "Trained in the week of 2024-12-12, because: first (no model of this kind" in text
    assert "refused: log loss not below the champion's." in text


def test_origin_has_versions_and_the_checksum() -> None:
    text = write_origin(make_material())

    assert SHA256 in text
    assert "| numpy" in text
