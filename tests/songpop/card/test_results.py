import pytest

from songpop.card.results import write_results, write_slices
from tests.builders import week_number
from tests.songpop.card.builders import (
    LARGEST,
    TRACKS,
    make_evaluation,
    make_manifest,
    make_material,
    make_model,
    make_test,
    make_untested,
)


def lines_of(text: str) -> list[str]:
    return [" ".join(line.split()) for line in text.split("\n")]


def test_figures_stand_beside_those_of_each_baseline() -> None:
    text = write_results(make_material())
    lines = lines_of(text)

    figures = "| 0.100 | 0.020 | 0.900 | 0.880 | 95.0 % | 2.38× | 90.0 % | 2.25× |"
    assert f"| this model (network) | 0.300 {figures}" in lines
    assert f"| constant | 0.660 {figures}" in lines
    assert f"of the weeks {week_number(40)} to {week_number(49)}" in text
    assert "- boosting: gradient-boosted trees on the same features" in lines


@pytest.mark.parametrize(
    ("label", "words"),
    [
        ("level", "what is large today stays large"),
        ("growth", "what gained most lately goes on gaining"),
    ],
)
def test_persistence_is_told_by_its_label(label: str, words: str) -> None:
    evaluation = make_evaluation({"network": 0.3, "persistence": 0.4})

    text = write_results(make_material(evaluation, model=make_model(label=label)))

    assert f"- persistence: {words}" in lines_of(text)


def test_differences_have_intervals_and_words() -> None:
    lines = lines_of(write_results(make_material(make_evaluation(half_width=0.02))))

    assert (
        "| boosting | −0.0100 | −0.0300 to +0.0100 | +0.0100 | −0.0100 to +0.0300 "
        "| better: not shown |"
    ) in lines


def test_rows_are_those_that_the_table_is_of() -> None:
    thinned = make_manifest(make_evaluation(), test=make_test(rows_count=80_000))

    assert write_results(make_material(manifest=thinned)).startswith(
        "On 6,000 rows that it neither learned from nor was tuned on, chosen evenly from 80,000, "
        "of the weeks"
    )
    assert write_results(make_material()).startswith(
        "On 6,000 rows that it neither learned from nor was tuned on, of the weeks"
    )


def test_auc_of_one_class_is_left_out() -> None:
    evaluation = make_evaluation()
    comparisons = tuple(one.model_copy(update={"auc": None}) for one in evaluation.comparisons)
    text = write_results(make_material(evaluation.model_copy(update={"comparisons": comparisons})))

    assert "| – | – | better: shown |" in " ".join(text.split())


def test_forward_model_says_where_its_later_figures_are() -> None:
    snapshot = make_material(model=make_model(label="snapshot"), spec=TRACKS)

    assert "mart.model_performance" in write_results(make_material())
    assert "mart.model_performance" not in write_results(snapshot)


def test_model_without_a_test_has_no_figures() -> None:
    assert write_results(make_untested()) == "None: see the top of the card."


def test_model_without_baselines_has_its_own_figures() -> None:
    text = write_results(make_material(manifest=make_manifest(test=make_test())))

    assert "log loss 0.300, Brier 0.100, AUC 0.900, accuracy 85.0 %" in text


def test_slice_has_the_baseline_that_is_best_there() -> None:
    losses = {"network": 0.3, "constant": 0.66, "boosting": 0.31}
    material = make_material(
        make_evaluation(losses, largest={"network": 0.2, "constant": 0.4, "boosting": 0.15})
    )

    assert f"| {LARGEST} | 1,200 | 40.0 % | 0.200 | 0.150 (boosting) | 0.900 | 95.0 % |" in (
        lines_of(write_slices(material))
    )


def test_missing_slices_say_what_they_take() -> None:
    assert write_slices(make_material()) == "None: a slice takes at least 100 test rows."
    assert write_slices(make_untested()) == "None: a slice takes at least 100 test rows."
