import dataclasses

import pytest

from songpop.card.purpose import write_data, write_inputs, write_label, write_purpose
from tests.builders import week_number
from tests.songpop.card.builders import (
    TRACKS,
    make_block,
    make_blocks,
    make_manifest,
    make_material,
    make_model,
)


def test_purpose_says_what_for_whom_and_what_not() -> None:
    text = write_purpose(make_material())

    assert "the track is high 4 weeks later" in text
    assert "A&R" in text
    assert "Not for other feeds" in text
    assert "provisional" not in text


def test_stand_in_is_called_provisional() -> None:
    assert "**provisional**" in write_purpose(make_material(model=make_model(kind="logistic")))


@pytest.mark.parametrize(
    ("label", "words"),
    [("level", "what is large today stays large"), ("growth", "what gained most lately goes on")],
)
def test_persistence_that_stands_in_is_told_by_its_label(label: str, words: str) -> None:
    text = write_purpose(make_material(model=make_model(kind="persistence", label=label)))

    assert f"It is {words}" in text
    assert "(persistence), **provisional**" in text


@pytest.mark.parametrize(
    ("label", "words"),
    [
        ("level", "within the upper half of the export's tracks by streams this week"),
        ("growth", "by more than the median of tracks of like size"),
    ],
)
def test_label_is_in_words_with_its_horizon(label: str, words: str) -> None:
    text = write_label(make_material(model=make_model(label=label, horizon_weeks=6)))

    assert words in text
    assert "6 weeks" in text
    assert "fit 40.0 %, stop 40.0 %, calibrate 40.0 %, test 40.0 %" in text


def test_snapshot_label_is_about_the_present() -> None:
    text = write_label(make_material(model=make_model(label="snapshot"), spec=TRACKS))

    assert "its Track Score is above the median of the same export" in text
    assert "later" not in text


def test_data_has_a_row_for_each_block_with_its_weeks() -> None:
    text = write_data(make_material())

    assert "from 49 exports" in text
    assert f"| {week_number(1)} | {week_number(20)} |" in text
    assert "All rows are of the feed itself" in text
    assert text.count("\n| ") == 6


def test_data_names_other_regions_and_empty_blocks() -> None:
    fit = make_block("fit", 1, 20, 8_000, other_rows_count=4_000)
    blocks = (fit, *make_blocks(test_rows=0)[1:])
    material = make_material(other_feeds=("charts_gb", "charts_de"), blocks=blocks)
    text = write_data(dataclasses.replace(material, exports_count=1))

    assert "4,000 rows come from other regions of the format: charts_gb, charts_de." in text
    assert "from 1 export." in text
    assert "| test" in text
    assert "–" in text


def test_inputs_are_counted_and_named_by_source() -> None:
    manifest = make_manifest(sources=("rank", "age_days", "gone_count"))
    text = write_inputs(make_material(manifest=manifest))

    assert text.startswith(
        "3 inputs, made from 3 source columns: rank (chart rank), "
        "age_days (days since the release), gone_count."
    )
