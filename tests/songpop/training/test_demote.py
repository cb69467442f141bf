import re
from pathlib import Path

import pytest

from songpop.model.artefact import load_artefact
from songpop.pipeline.session import WeekRun
from songpop.registry import champion_as_of, promote, settle_statuses
from songpop.training.demote import demote_if_worse
from tests.builders import week_number
from tests.songpop.training.make_champion import (
    COMPARED,
    NEWEST,
    add_model,
    make_champion,
    make_run,
    publish_scores,
)


def make_scored(root: Path, right: float, **changes: object) -> WeekRun:
    champion = make_champion(**changes)
    run = make_run(root, champion)
    publish_scores(run.session.con, champion.version, right=right)
    return run


def champion_now(run: WeekRun) -> tuple[str, bool]:
    model = champion_as_of(run.session.con, "us", run.plan.week, inclusive=True)
    assert model is not None
    return model.kind, model.is_provisional


def test_a_champion_that_does_worse_is_demoted_with_the_figures(tmp_path: Path) -> None:
    run = make_scored(tmp_path, right=0.2)

    told = demote_if_worse(run)

    assert told is not None
    assert re.fullmatch(
        r"demoted, persistence stands in: us-network did worse than persistence: "
        r"log loss 1\.6094 against 0\.\d{4} on \d+ published scores of 4 weeks to 2024-05-02 "
        r"\(difference \+\d\.\d{4}, standard error 0\.\d{4}\)",
        told,
    )
    assert champion_now(run) == ("persistence", True)


def test_the_registry_says_why_of_both(tmp_path: Path) -> None:
    run = make_scored(tmp_path, right=0.2)
    demote_if_worse(run)
    settle_statuses(run.session.con, "us")

    rows = run.session.con.execute(
        "select kind, status, retired_because, decision, warning, trained_because "
        "from ml.models order by kind"
    ).fetchall()

    (network, stand_in) = rows
    assert network[:2] == ("network", "retired")
    assert network[2].startswith("demoted: us-network did worse than persistence: log loss 1.6")
    assert stand_in[:3] == ("persistence", "champion", None)
    assert stand_in[3].startswith("promoted: stands in, since us-network did worse than")
    assert stand_in[4] == (
        "is persistence, which stands in for us-network until a better one passes the gate"
    )
    assert stand_in[5] == "drift"


def test_the_stand_in_saw_nothing_later_than_the_horizon_before_the_compared_weeks(
    tmp_path: Path,
) -> None:
    run = make_scored(tmp_path, right=0.2)
    demote_if_worse(run)

    model = champion_as_of(run.session.con, "us", run.plan.week, inclusive=True)

    assert model is not None
    assert model.seen_until_week == week_number(COMPARED[0] - 4)
    assert (model.label, model.horizon_weeks) == ("level", 4)
    assert model.trained_week == week_number(NEWEST)


def test_the_artefact_is_on_disk_and_its_card_names_it(tmp_path: Path) -> None:
    run = make_scored(tmp_path, right=0.2)
    demote_if_worse(run)
    model = champion_as_of(run.session.con, "us", run.plan.week, inclusive=True)

    assert model is not None
    folder = run.session.paths.models / "us" / model.version
    assert load_artefact(folder, model.artefact_sha256).inputs.sources == ("streams_week_count",)
    card = run.session.con.execute(
        "select card from ml.models where version = ?", [model.version]
    ).fetchone()
    assert card is not None
    assert "It stands in for a network that did worse on the test rows" in card[0]
    assert "**Warning**, shown beside its scores: is persistence" in card[0]
    assert model.artefact_sha256 in card[0]


def test_the_same_week_demotes_to_the_same_version(tmp_path: Path) -> None:
    names = set[str]()
    for name in ("a", "b"):
        run = make_scored(tmp_path / name, right=0.2)
        demote_if_worse(run)
        model = champion_as_of(run.session.con, "us", run.plan.week, inclusive=True)
        assert model is not None
        names.add(f"{model.version} {model.artefact_sha256}")

    assert len(names) == 1


def test_a_champion_that_does_well_stays(tmp_path: Path) -> None:
    run = make_scored(tmp_path, right=0.9)

    assert demote_if_worse(run) is None
    assert champion_now(run) == ("network", False)


def test_where_persistence_knows_nothing_the_constant_stands_in(tmp_path: Path) -> None:
    run = make_scored(tmp_path, right=0.2)
    # What was large becomes small: under the labels turned round persistence is no model.
    run.session.con.execute("update ml.labels set is_high = not is_high")
    run.session.con.execute("update mart.weekly_scores set score = 1 - score")

    told = demote_if_worse(run)

    assert told is not None
    assert told.startswith("demoted, constant stands in")
    assert champion_now(run) == ("constant", True)


def test_four_matured_weeks_must_be_of_this_very_version(tmp_path: Path) -> None:
    champion = make_champion()
    run = make_run(tmp_path, champion)
    publish_scores(run.session.con, "another", right=0.2, numbers=COMPARED[:1])
    publish_scores(run.session.con, champion.version, right=0.2, numbers=COMPARED[1:])

    assert demote_if_worse(run) is None


@pytest.mark.parametrize(
    "changes", [{"kind": "logistic"}, {"kind": "persistence"}, {"label": "snapshot"}]
)
def test_only_a_network_that_foresees_is_demoted(
    tmp_path: Path, changes: dict[str, object]
) -> None:
    assert demote_if_worse(make_scored(tmp_path, right=0.2, **changes)) is None


def test_without_a_champion_nothing_is_demoted(tmp_path: Path) -> None:
    assert demote_if_worse(make_run(tmp_path, None)) is None


def test_a_week_decided_by_hand_is_left_alone(tmp_path: Path) -> None:
    run = make_scored(tmp_path, right=0.2)
    champion = make_champion()
    add_model(run.session.con, champion)
    promote(run.session.con, run.plan.week, champion, "I say so", "hand")

    assert demote_if_worse(run) is None
    assert champion_now(run) == ("network", False)
