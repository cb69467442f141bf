import dataclasses

import numpy as np
import polars as pl

from songpop.card.material import describe_blocks
from songpop.model.blocks import Blocks, no_rows
from tests.builders import week_number
from tests.songpop.card.builders import TRACKS, make_material, make_model

LABELS = pl.DataFrame(
    {
        "feed": ["us", "gb", "us", "us"],
        "week": [week_number(week) for week in (1, 1, 2, 7)],
        "is_high": [True, False, False, True],
    }
)


def test_block_has_its_weeks_rows_and_share_of_high_rows() -> None:
    blocks = Blocks(np.arange(3), no_rows(), no_rows(), np.array([3]))
    fit, stop, calibrate, test = describe_blocks(LABELS, blocks, "us")

    assert (fit.rows_count, fit.other_rows_count, fit.weeks_count) == (3, 1, 2)
    assert (fit.first_week, fit.last_week) == (week_number(1), week_number(2))
    assert fit.base_rate == 1 / 3
    assert (test.rows_count, test.first_week, test.base_rate) == (1, week_number(7), 1.0)
    assert [one.name for one in (fit, stop, calibrate, test)] == [
        "fit",
        "stop",
        "calibrate",
        "test",
    ]


def test_empty_block_has_neither_weeks_nor_a_share() -> None:
    blocks = Blocks(np.arange(4), no_rows(), no_rows(), no_rows())
    stop = describe_blocks(LABELS, blocks, "us")[1]

    assert (stop.rows_count, stop.weeks_count) == (0, 0)
    assert (stop.first_week, stop.last_week, stop.base_rate) == (None, None, None)


def test_size_is_called_as_the_format_calls_it() -> None:
    snapshot = make_material(model=make_model(label="snapshot"), spec=TRACKS)

    assert make_material().size_label == "streams this week"
    assert snapshot.size_label == "Track Score"


def test_promotion_follows_the_decision() -> None:
    material = make_material()

    assert material.is_promoted
    assert not dataclasses.replace(material, decision="refused: worse").is_promoted
