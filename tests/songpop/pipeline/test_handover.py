"""A provisional model that scored since week 8, and a challenger of week 10 that was refused."""

import shutil
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from songpop.errors import ArtefactError, InputError
from songpop.formats.registry import load_formats
from songpop.pipeline.handover import Handover, Wish, promote_version, roll_back
from songpop.pipeline.session import Session
from songpop.settings import FeedSettings, Settings
from tests.builders import NOW, week_number
from tests.songpop.pipeline.test_runner import FEED, SCORES, Label

WHY = Wish("the lists\n look wrong")


@dataclass(frozen=True)
class Registry:
    """A label's machine and its two models."""

    label: Label
    first: str
    second: str

    def scored_by(self) -> list[str]:
        """Return who scored each week, oldest first: first or second."""
        names = {self.first: "first", self.second: "second"}
        rows = self.label.query(
            f"select any_value(model_version) from {SCORES} group by week order by week"
        )
        return [names[str(version)] for (version,) in rows]

    def statuses(self) -> dict[str, str]:
        rows = self.label.query("select version, status from ml.models")
        names = {self.first: "first", self.second: "second"}
        return {names[str(version)]: str(status) for version, status in rows}


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    label = Label(tmp_path_factory.mktemp("two-models"))
    label.land(*range(1, 12))
    label.run()
    label.run(week=week_number(10), force_retrain=True)
    label.run("backfill")
    return label.root


@pytest.fixture
def registry(template: Path, tmp_path: Path) -> Registry:
    shutil.copytree(template, tmp_path / "copy")
    label = Label(tmp_path / "copy")
    rows = label.query("select version from ml.models order by trained_week")
    (first, second) = (str(version) for (version,) in rows)
    return Registry(label, first, second)


@contextmanager
def session_of(label: Label, settings: Settings | None = None) -> Generator[Session]:
    with label.open() as con:
        yield Session(settings or label.settings, load_formats(), con, "by hand", NOW)


def promote(registry: Registry, version: str, wish: Wish = WHY) -> Handover:
    with session_of(registry.label) as session:
        return promote_version(session, version, wish)


def test_a_promoted_version_scores_from_the_next_week_on(registry: Registry) -> None:
    done = promote(registry, registry.second)

    assert (done.replaces, done.stale, done.rescored) == (registry.first, (), ())
    assert done.because == "the lists look wrong"
    assert registry.statuses() == {"first": "retired", "second": "champion"}
    registry.label.land(12)
    registry.label.run()
    assert registry.scored_by() == ["first"] * 4 + ["second"]
    assert registry.label.errors() == []


def test_reasons_stand_in_the_registry(registry: Registry) -> None:
    promote(registry, registry.second)

    assert registry.label.query(
        "select version, because, decided_by from ml.champions order by from_week"
    ) == [
        (registry.first, "the feed's first model", "gate"),
        (registry.second, "the lists look wrong", "hand"),
    ]
    assert registry.label.query(
        f"select retired_because from ml.models where version = '{registry.first}'"
    ) == [("the lists look wrong",)]


def test_past_weeks_are_stale_until_a_backfill_renews_them(registry: Registry) -> None:
    week = week_number(10)
    done = promote(registry, registry.second, replace(WHY, from_week=week))

    assert done.stale == (week_number(10), week_number(11))
    assert registry.scored_by() == ["first"] * 4
    stale = registry.label.query("select week, stale_because from mart.weeks where is_stale")
    because = f"{registry.second} was put in by hand from week {week} on"
    assert sorted(stale) == [(week_number(10), because), (week_number(11), because)]

    registry.label.run("backfill", from_week=week)

    assert registry.scored_by() == ["first", "first", "second", "second"]
    assert registry.label.query("select * from mart.weeks where is_stale") == []
    assert registry.label.errors() == []


def test_past_weeks_are_scored_again_at_once(registry: Registry) -> None:
    kept = f"select week, track_id, score, rank, model_version from {SCORES} where week >= "
    before = registry.label.query(f"{kept} '{week_number(10)}' order by all")

    done = promote(registry, registry.second, replace(WHY, from_week=week_number(10), rescore=True))

    assert (done.stale, done.rescored) == ((), (week_number(10), week_number(11)))
    assert registry.scored_by() == ["first", "first", "second", "second"]
    earlier = registry.label.query(
        "select week, track_id, score, rank, model_version from mart.superseded_scores order by all"
    )
    assert earlier == before
    assert registry.label.query("select distinct because from mart.superseded_scores") == [
        ("the lists look wrong",)
    ]
    assert registry.label.query("select * from mart.weeks where is_stale") == []
    assert registry.label.errors() == []


def test_scoring_again_leaves_what_was_found_and_decided_about_drift(registry: Registry) -> None:
    tables = ("ml.drift", "ml.drift_weeks", "core.week_profiles", "core.matured_losses")
    before = registry.label.tables()

    promote(registry, registry.second, replace(WHY, from_week=week_number(10), rescore=True))

    after = registry.label.tables()
    assert {name: after[name] for name in tables} == {name: before[name] for name in tables}
    assert before["ml.drift_weeks"]


def test_every_decision_by_hand_stays_readable_when_another_overrules_it(
    registry: Registry,
) -> None:
    week = week_number(10)
    promote(registry, registry.second, replace(WHY, from_week=week))
    with session_of(registry.label) as session:
        roll_back(session, FEED, registry.first, Wish("it was better", week))

    registry.label.run("backfill")

    kept = registry.label.query(
        "select from_week, version, replaces, because from ml.hand_decisions"
    )
    assert set(kept) == {
        (week, registry.second, registry.first, "the lists look wrong"),
        (week, registry.first, registry.second, "it was better"),
    }
    assert registry.label.errors() == []


def test_bringing_back_what_was_demoted_is_warned_of(registry: Registry) -> None:
    with registry.label.open() as con:
        con.execute(
            "update ml.models set retired_because = 'demoted: worse than persistence' "
            f"where version = '{registry.second}'"
        )

    done = promote(registry, registry.second)

    assert done.warning is not None
    assert done.warning.startswith(
        f"{registry.second} had been demoted: worse than persistence; it is watched again"
    )


def test_a_week_that_was_stale_before_stays_so(registry: Registry) -> None:
    with registry.label.open() as con:
        con.execute(
            "update core.weeks set is_stale = true, stale_because = 'before' where week = ?",
            [week_number(10)],
        )

    promote(registry, registry.second, replace(WHY, from_week=week_number(10), rescore=True))

    stale = registry.label.query("select week, stale_because from mart.weeks where is_stale")
    assert stale[0] == (week_number(10), "before")


def test_a_replay_does_not_forget_what_was_decided_by_hand(registry: Registry) -> None:
    promote(registry, registry.second, replace(WHY, from_week=week_number(10), rescore=True))
    before = registry.label.standing()

    registry.label.run("backfill")

    assert registry.scored_by() == ["first", "first", "second", "second"]
    after = registry.label.standing()
    # Drift was judged against the model of its time, and is judged anew by a replay alone.
    judged = {"ml.drift", "ml.drift_weeks"}
    assert {name for name in after if after[name] != before[name]} <= judged
    assert registry.label.errors() == []


def test_a_rollback_brings_the_champion_before_back(registry: Registry) -> None:
    promote(registry, registry.second, replace(WHY, from_week=week_number(10), rescore=True))
    with session_of(registry.label) as session:
        wish = Wish("it was better", week_number(10), rescore=True)
        done = roll_back(session, FEED, None, wish)

    assert (done.version, done.replaces) == (registry.first, registry.second)
    assert registry.scored_by() == ["first"] * 4
    assert registry.statuses() == {"first": "champion", "second": "retired"}
    versions = registry.label.query("select distinct model_version from mart.superseded_scores")
    assert len(versions) == 2
    assert registry.label.errors() == []


def test_a_rollback_overrules_what_was_decided_for_later_weeks(registry: Registry) -> None:
    promote(registry, registry.second, replace(WHY, from_week=week_number(11)))
    with session_of(registry.label) as session:
        roll_back(session, FEED, registry.first, Wish("it was better", week_number(10)))

    registry.label.run("backfill")

    assert registry.scored_by() == ["first"] * 4
    assert registry.statuses() == {"first": "champion", "second": "retired"}


def test_a_second_rollback_does_not_go_forward_again(registry: Registry) -> None:
    promote(registry, registry.second)
    with session_of(registry.label) as session:
        roll_back(session, FEED, None, WHY)
        with pytest.raises(
            InputError, match=f"expected a champion before .*, got {registry.first}"
        ):
            roll_back(session, FEED, None, WHY)


def test_one_champion_alone_cannot_be_rolled_back(registry: Registry) -> None:
    message = (
        f"feed {FEED}: expected a champion before the present one, got {registry.first} alone; "
        "name a version with --to"
    )

    with session_of(registry.label) as session, pytest.raises(InputError, match=message):
        roll_back(session, FEED, None, WHY)


def test_a_feed_without_models_cannot_be_rolled_back(registry: Registry) -> None:
    with (
        session_of(registry.label) as session,
        pytest.raises(InputError, match=r"feed nosuch: expected a champion before .*, got none"),
    ):
        roll_back(session, "nosuch", None, WHY)


Decide = Callable[[Session, Registry], Handover]
REFUSED: dict[str, tuple[Decide, str]] = {
    "unknown": (
        lambda s, _: promote_version(s, "nosuch", WHY),
        "model nosuch: expected a registered version, got none; see `songpop models list`",
    ),
    "of another feed": (
        lambda s, r: roll_back(s, "spotify_charts_gb", r.first, WHY),
        f"expected a version of feed spotify_charts_gb, got one of {FEED}; ",
    ),
    "champion already": (
        lambda s, r: promote_version(s, r.first, WHY),
        "expected one that does not score from 2024-03-15 on already, got the champion; ",
    ),
    "no week": (
        lambda s, r: promote_version(s, r.second, Wish("so", week_number(40))),
        f"--from 2024-10-03: expected a week of {FEED} that was run, got none; ",
    ),
    "before its training": (
        lambda s, r: promote_version(s, r.second, Wish("so", week_number(9))),
        "--from 2024-02-29: expected a week from 2024-03-07 on, when .* was trained, got an ",
    ),
    "no reason": (
        lambda s, r: promote_version(s, r.second, Wish("  ")),
        "--because: expected a reason, got none; say why",
    ),
}


@pytest.mark.parametrize("case", sorted(REFUSED))
def test_what_cannot_be_done_is_said(registry: Registry, case: str) -> None:
    decide, message = REFUSED[case]
    before = registry.label.tables()

    with session_of(registry.label) as session, pytest.raises(InputError, match=message):
        decide(session, registry)

    assert registry.label.tables() == before


@pytest.mark.parametrize(
    "feed", [FeedSettings(label="growth"), FeedSettings(horizon_weeks=3)], ids=["label", "horizon"]
)
def test_a_version_for_another_target_is_refused(registry: Registry, feed: FeedSettings) -> None:
    settings = registry.label.settings.model_copy(update={"feeds": {FEED: feed}})

    with (
        session_of(registry.label, settings) as session,
        pytest.raises(
            InputError,
            match=f"expected one for label {feed.label} and horizon {feed.horizon_weeks}, as feed "
            f"{FEED} is set, got label level and horizon 4",
        ),
    ):
        promote_version(session, registry.second, WHY)


def test_an_artefact_that_is_missing_or_altered_is_refused(registry: Registry) -> None:
    folder = registry.label.paths.models / FEED / registry.second
    manifest = folder / "manifest.json"
    manifest.write_bytes(manifest.read_bytes() + b" ")

    with session_of(registry.label) as session:
        with pytest.raises(ArtefactError, match=r"manifest\.json: expected SHA-256 "):
            promote_version(session, registry.second, WHY)
        shutil.rmtree(folder)
        with pytest.raises(ArtefactError, match=r"expected a file of the model, got no such file"):
            promote_version(session, registry.second, WHY)


def test_doctor_verifies_the_artefact_of_every_version_that_ever_scored(
    registry: Registry,
) -> None:
    promote(registry, registry.second, replace(WHY, from_week=week_number(8 + 2), rescore=True))
    shutil.rmtree(registry.label.paths.models / FEED / registry.first)

    assert any(registry.first in message for message in registry.label.errors())
