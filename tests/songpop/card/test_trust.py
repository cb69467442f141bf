from songpop.card.trust import write_calibration, write_intervals
from songpop.model.calibration import Calibration
from songpop.model.conformal import Conformal
from tests.songpop.card.builders import (
    make_evaluation,
    make_manifest,
    make_material,
    make_test,
    make_untested,
)


def test_calibration_has_its_line_and_its_table() -> None:
    text = write_calibration(make_material())

    assert "= 0.900 × raw log-odds − 0.100, fitted on 2,000 rows" in text
    assert "too sure" in text
    assert "| 1     | 3,000 |     12.5 % |    15.0 % |" in text
    assert "Calibration error 0.020; on 6,000 rows even a perfect model shows about 0.010." in text


def test_scores_that_are_not_calibrated_say_why() -> None:
    manifest = make_manifest(calibration=Calibration(rows_count=96))
    text = write_calibration(make_material(manifest=manifest))

    assert text == (
        "Scores are not calibrated: 96 rows were left for it, and it takes 200.\n\n"
        "No test rows to check it on."
    )


def test_slope_of_one_is_not_called_too_sure() -> None:
    manifest = make_manifest(
        calibration=Calibration(method="platt", slope=1.2, intercept=0.1, rows_count=500)
    )

    assert "+ 0.100" in write_calibration(make_material(manifest=manifest))
    assert "not too sure" in write_calibration(make_material(manifest=manifest))


def test_intervals_are_set_beside_a_constant_one_and_listed_by_week() -> None:
    text = write_intervals(make_material())

    assert "There are 2 of them, by score, from 2,000 rows" in text
    assert "| one interval for all (the baseline) | 6,000 | 81.0 % |      0.900 |" in text
    assert "By week: lowest 70.0 %, median 82.0 %, highest 84.0 % held." in text
    assert text.count("| 2024-") == 3


def test_test_of_one_week_has_no_list_by_week() -> None:
    evaluation = make_evaluation()
    figures = evaluation.intervals
    assert figures is not None
    one = dict(list(figures.weeks.items())[:1])
    figures = figures.model_copy(update={"weeks": one})
    text = write_intervals(make_material(evaluation.model_copy(update={"intervals": figures})))

    assert "All test rows are of one week." in text


def test_intervals_without_a_comparison_have_what_is_known() -> None:
    compared = make_material(manifest=make_manifest(test=make_test()))
    single = make_material(manifest=make_manifest(conformal=Conformal()))

    assert "they held 79.0 %, at a mean width of 0.510" in write_intervals(compared)
    assert write_intervals(make_untested()).endswith("from 2,000 rows.")
    assert "There is one for all scores, from 0 rows" in write_intervals(single)
