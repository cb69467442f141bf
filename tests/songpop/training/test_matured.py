from pathlib import Path

import pytest

from songpop.training.matured import choose_fit_weeks, gather_matured
from tests.builders import week_number
from tests.songpop.training.make_champion import (
    COMPARED,
    make_champion,
    make_run,
    publish_scores,
)


def test_the_compared_weeks_are_the_newest_whose_labels_are_known(tmp_path: Path) -> None:
    champion = make_champion()
    run = make_run(tmp_path, champion)
    publish_scores(run.session.con, champion.version, right=0.9, numbers=range(10, 19))

    matured = gather_matured(run, champion)

    assert matured is not None
    tested = matured.tested["week"].unique().sort().to_list()
    assert tested == [week_number(number) for number in COMPARED]
    assert matured.seen_until == week_number(COMPARED[0] - 4)
    assert matured.score.size == matured.artists.size == matured.tested.height
    assert matured.feature == "streams_week_count__share"


def test_scores_stand_beside_the_labels_of_their_tracks(tmp_path: Path) -> None:
    champion = make_champion()
    run = make_run(tmp_path, champion)
    publish_scores(run.session.con, champion.version, right=0.9)

    matured = gather_matured(run, champion)

    assert matured is not None
    assert ((matured.score > 0.5) == matured.tested["is_high"].to_numpy()).all()
    assert matured.features.select("week", "track_id").equals(
        matured.labels.select("week", "track_id")
    )


def test_growth_goes_by_the_last_change(tmp_path: Path) -> None:
    champion = make_champion(label="growth")
    run = make_run(tmp_path, champion, label="growth")
    publish_scores(run.session.con, champion.version, right=0.9)

    matured = gather_matured(run, champion)

    assert matured is not None
    assert matured.feature == "streams_week_count__change_4w"
    assert matured.features[matured.feature].null_count() < matured.features.height / 2


@pytest.mark.parametrize("newest", [5, 8, 11])
def test_a_short_history_gives_nothing_to_compare(tmp_path: Path, newest: int) -> None:
    champion = make_champion(trained_week=week_number(1))
    run = make_run(tmp_path, champion, newest=newest)
    publish_scores(run.session.con, champion.version, right=0.9, numbers=range(1, newest))

    assert gather_matured(run, champion) is None


@pytest.mark.parametrize(("rows", "count"), [(200, 13), (500, 10), (5_000, 4), (10**6, 4)])
def test_stand_ins_learn_from_the_newest_weeks_that_hold_rows_enough(rows: int, count: int) -> None:
    matured = [(week_number(number), rows) for number in range(1, 31)]

    chosen = choose_fit_weeks(matured, week_number(27), 4)

    assert chosen == [week_number(number) for number in range(24 - count, 24)]
