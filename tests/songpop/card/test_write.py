import re

import pytest

from songpop.card import write_card
from songpop.card.material import CardMaterial
from tests.songpop.card.builders import (
    SHA256,
    TRACKS,
    make_evaluation,
    make_manifest,
    make_material,
    make_model,
    make_test,
    make_untested,
)
from tests.songpop.card.test_markdown import HOSTILE, split_row

LARGEST = {"network": 0.2, "constant": 0.4, "boosting": 0.15}
LOSSES = {"network": 0.3, "constant": 0.66, "boosting": 0.31}


def make_hostile() -> CardMaterial:
    columns = tuple(column.model_copy(update={"label": HOSTILE}) for column in TRACKS.columns)
    spec = TRACKS.model_copy(update={"title": HOSTILE, "columns": columns})
    manifest = make_manifest(
        make_evaluation(LOSSES, largest=LARGEST),
        test=make_test(),
        sources=("shazam_count", HOSTILE),
        versions={HOSTILE: HOSTILE},
    )
    return make_material(
        model=make_model(feed=HOSTILE),
        manifest=manifest,
        spec=spec,
        other_feeds=(HOSTILE,),
        decision=f"promoted: {HOSTILE}",
        trained_because=HOSTILE,
    )


MATERIALS = {
    "network": make_material(make_evaluation(LOSSES, largest=LARGEST)),
    "snapshot": make_material(model=make_model(label="snapshot"), spec=TRACKS),
    "logistic": make_material(
        model=make_model(kind="logistic"),
        manifest=make_manifest(make_evaluation(), kind="logistic", test=make_test()),
    ),
    "untested": make_untested(),
    "not compared": make_material(manifest=make_manifest(test=make_test())),
    "hostile": make_hostile(),
}


@pytest.mark.parametrize("material", MATERIALS.values(), ids=MATERIALS)
def test_card_of_every_kind_has_its_sections(material: CardMaterial) -> None:
    card = write_card(material)

    assert re.findall(r"^## (.+)$", card, re.MULTILINE) == [
        "What it is for",
        "What counts as high",
        "Data",
        "Inputs",
        "Settings",
        "Results",
        "Calibration",
        "Intervals",
        "Slices",
        "Limits",
        "Gate",
        "Decision",
        "Made with",
    ]
    assert SHA256 in card
    assert card.endswith("\n")
    assert "None" not in card.replace("None: ", "")
    assert "nan" not in card


@pytest.mark.parametrize("material", MATERIALS.values(), ids=MATERIALS)
def test_tables_are_well_formed_and_text_is_harmless(material: CardMaterial) -> None:
    card = write_card(material)
    blocks = [block.split("\n") for block in card.split("\n\n") if block.startswith("|")]

    assert blocks
    for header, rule, *rows in blocks:
        width = len(split_row(header))
        assert re.fullmatch(r"\|( -+:? \|)+", rule)
        assert {len(split_row(line)) for line in (rule, *rows)} == {width}
    assert all(character.isprintable() or character == "\n" for character in card)


def test_hostile_names_add_no_line_heading_or_markup() -> None:
    card = write_card(MATERIALS["hostile"])

    assert not re.search(r"(?<!\\)<script", card)
    assert not re.search(r"^\| c ", card, re.MULTILINE)
    assert "\x1b" not in card


def test_loss_to_a_baseline_stands_right_below_the_title() -> None:
    card = write_card(make_material(make_evaluation({"network": 0.33, "boosting": 0.32})))

    assert card.split("\n")[2].startswith("**It loses to boosting**")


def test_same_material_gives_the_same_card() -> None:
    assert write_card(make_hostile()) == write_card(make_hostile())
