import dataclasses

import pytest

from songpop.card.limits import write_limits
from songpop.card.material import CardMaterial
from songpop.evaluate.report import Coverage
from songpop.model.calibration import Calibration
from songpop.model.conformal import Conformal
from tests.songpop.card.builders import (
    LARGEST,
    TRACKS,
    make_block,
    make_blocks,
    make_evaluation,
    make_manifest,
    make_material,
    make_model,
    make_test,
    make_untested,
)

LOSSES = {"network": 0.3, "constant": 0.66, "boosting": 0.31}


def with_coverage(**changes: object) -> CardMaterial:
    evaluation = make_evaluation()
    figures = evaluation.intervals
    assert figures is not None
    figures = figures.model_copy(update=changes)
    return make_material(evaluation.model_copy(update={"intervals": figures}))


def with_test(rows: int, weeks: int) -> CardMaterial:
    block = make_block("test", 40, 39 + weeks, rows)
    return make_material(blocks=(*make_blocks()[:3], block))


def test_well_tested_model_has_only_the_limits_of_its_kind() -> None:
    lines = write_limits(make_material()).split("\n")

    assert [line[:31] for line in lines] == [
        "- A track that has left the exp",
        "- Nothing is known about artist",
        "- It has seen nothing of what c",
    ]


@pytest.mark.parametrize(
    ("material", "limit"),
    [
        (make_untested(), "no figure on this card says how good it is"),
        (
            with_test(800, weeks=10),
            "Tested on 800 rows of 10 weeks: fewer than the 5,000 rows of 8 weeks",
        ),
        (with_test(6_000, weeks=7), "Tested on 6,000 rows of 7 weeks: fewer"),
        (make_material(model=make_model(kind="logistic")), "Provisional"),
        (
            make_material(
                model=make_model(label="snapshot"),
                manifest=make_manifest(make_evaluation(), test=make_test(122)),
                spec=TRACKS,
            ),
            "Tested on 122 rows of one export only",
        ),
        (
            make_material(model=make_model(label="snapshot"), spec=TRACKS),
            "It foretells the present, not the future",
        ),
        (make_material(decision="refused: worse"), "Refused when it was registered"),
        (
            make_material(make_evaluation({"network": 0.33, "boosting": 0.32})),
            "It does worse than boosting on the test rows: this is shown.",
        ),
        (
            make_material(make_evaluation(half_width=0.02)),
            "That it is better than boosting is not shown",
        ),
        (
            make_material(
                make_evaluation(LOSSES, largest={"network": 0.2, "constant": 0.4, "boosting": 0.15})
            ),
            f"in “{LARGEST}” (0.200 against 0.150 of boosting, 1,200 rows)",
        ),
        (
            make_material(manifest=make_manifest(calibration=Calibration(rows_count=96))),
            "not calibrated as probabilities: 96 rows",
        ),
        (
            make_material(manifest=make_manifest(conformal=Conformal())),
            "Its intervals say nothing",
        ),
        (
            with_coverage(slices={"all rows": Coverage(rows_count=6_000, coverage=0.7, width=0.5)}),
            "Intervals should hold 80.0 % of outcomes; they held 70.0 % in “all rows”.",
        ),
        (
            with_coverage(constant=Coverage(rows_count=6_000, coverage=0.8, width=0.4)),
            "no narrower than one interval for all tracks",
        ),
        (
            make_material(blocks=make_blocks(stop_rows=0)),
            "left that serve to choose the settings",
        ),
        (make_material(manifest=make_manifest(sources=("rank",))), "nothing of the time of year"),
        (make_material(other_feeds=("charts_gb",)), "but also fitted on others"),
        (
            make_material(
                blocks=(*make_blocks()[:3], make_block("test", 40, 49, 6_000, base_rate=0.3))
            ),
            "40.0 % of the fit rows are high, and 30.0 % of the test rows",
        ),
    ],
)
def test_limit_follows_from_a_fact(material: CardMaterial, limit: str) -> None:
    assert limit in write_limits(material)
    assert limit not in write_limits(make_material())


def test_slice_that_is_the_whole_is_not_told_twice() -> None:
    evaluation = make_evaluation({"network": 0.33, "boosting": 0.32})
    models = tuple(
        one.model_copy(update={"slices": {**one.slices, "artist: new to the model": one.whole}})
        for one in evaluation.models
    )
    material = make_material(evaluation.model_copy(update={"models": models}))

    assert "slices its log loss" not in write_limits(material)
    assert "Nothing is known about artists" not in write_limits(material)


def test_snapshot_says_nothing_of_the_future() -> None:
    material = make_material(model=make_model(label="snapshot"), spec=TRACKS)
    text = write_limits(dataclasses.replace(material, manifest=make_manifest(sources=("rank",))))

    assert "time of year" not in text
    assert "has left the export" not in text
