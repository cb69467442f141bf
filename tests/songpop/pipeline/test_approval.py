"""A challenger of week 10 that passed the gate, as it says, and waits for a person."""

import datetime as dt
import shutil
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import pytest
from typer.testing import CliRunner

from songpop.cli.main import app
from songpop.errors import InputError
from songpop.formats.registry import load_formats
from songpop.pipeline.approval import approve, decline, expire_waiting, list_waiting
from songpop.pipeline.session import Session
from songpop.settings import OperationsSettings
from songpop.warehouse.writer import open_writer
from tests.builders import NOW, make_settings, week_number
from tests.songpop.pipeline.test_runner import Label

T = TypeVar("T")


@dataclass(frozen=True)
class Registry:
    label: Label
    version: str

    def ask(self, question: Callable[[Session], T], at: dt.datetime = NOW) -> T:
        with self.open(at) as session:
            return question(session)

    @contextmanager
    def open(self, at: dt.datetime) -> Generator[Session]:
        operations = OperationsSettings(approval="person", approval_hours=48)
        settings = make_settings(self.label.root, operations=operations)
        formats = load_formats()
        with open_writer(settings, formats, "test", at) as con:
            yield Session(settings, formats, con, "run", at)

    def state(self) -> tuple[object, ...]:
        sql = f"select status, decision from ml.models where version = '{self.version}'"
        (row,) = self.ask(lambda session: session.con.execute(sql).fetchall())
        return row


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    label = Label(tmp_path_factory.mktemp("waits"))
    label.land(*range(1, 12))
    label.run()
    label.run(week=week_number(10), force_retrain=True)
    return label.root


@pytest.fixture
def registry(template: Path, tmp_path: Path) -> Registry:
    shutil.copytree(template, tmp_path / "copy")
    label = Label(tmp_path / "copy")
    registry = Registry(label, "")
    with registry.open(NOW) as session:
        con = session.con
        row = con.execute("select version from ml.models where status = 'retired'").fetchone()
        assert row is not None
        con.execute(
            "update ml.models set decision = 'waits for approval: better by a lot', "
            "status = 'challenger', created_at = $now where version = $version",
            {"now": NOW, "version": row[0]},
        )
    return Registry(label, str(row[0]))


def test_what_waits_is_listed_with_what_the_gate_found(registry: Registry) -> None:
    (waiting,) = registry.ask(list_waiting)

    assert waiting.version == registry.version
    assert waiting.found == "better by a lot"
    assert waiting.since == NOW


def test_approved_challenger_is_champion_from_the_next_week_on(registry: Registry) -> None:
    done = registry.ask(lambda session: approve(session, registry.version, "we\n looked"))

    assert done.from_week > week_number(11)
    said = "promoted: approved by hand: we looked; better by a lot"
    assert registry.state() == ("champion", said)
    assert registry.ask(list_waiting) == []


def test_declined_challenger_leaves_the_champion(registry: Registry) -> None:
    registry.ask(lambda session: decline(session, registry.version, "too young"))

    said = "refused: declined by hand: too young; better by a lot"
    assert registry.state() == ("retired", said)


@pytest.mark.parametrize("answer", [approve, decline])
def test_answer_without_a_reason_is_no_answer(
    registry: Registry, answer: Callable[[Session, str, str], object]
) -> None:
    with pytest.raises(InputError, match="a reason"):
        registry.ask(lambda session: answer(session, registry.version, " \n"))

    assert registry.state()[1] == "waits for approval: better by a lot"


def test_challenger_of_a_champion_long_gone_is_not_approved(registry: Registry) -> None:
    with registry.open(NOW) as session:
        session.con.execute(
            'update ml.models set gate = \'{"champion": "another"}\' where version = $version',
            {"version": registry.version},
        )

    with pytest.raises(InputError, match="compared with another"):
        registry.ask(lambda session: approve(session, registry.version, "yes"))


def test_answer_after_the_time_limit_is_too_late(registry: Registry) -> None:
    with pytest.raises(InputError, match="time is over"):
        registry.ask(
            lambda session: approve(session, registry.version, "yes"),
            at=NOW + dt.timedelta(hours=48),
        )


@pytest.mark.parametrize("answer", [approve, decline])
def test_nobody_answers_twice(
    registry: Registry, answer: Callable[[Session, str, str], object]
) -> None:
    registry.ask(lambda session: decline(session, registry.version, "no"))

    with pytest.raises(InputError, match="waits for approval"):
        registry.ask(lambda session: answer(session, registry.version, "yes"))


@pytest.mark.parametrize(("hours", "is_over"), [(47, False), (48, True)])
def test_time_limit_leaves_the_champion(
    registry: Registry,
    hours: int,
    is_over: bool,  # noqa: FBT001 - a case
) -> None:
    expired = registry.ask(expire_waiting, at=NOW + dt.timedelta(hours=hours))

    assert bool(expired) == is_over
    assert str(registry.state()[1]).startswith("refused: nobody" if is_over else "waits for")


def test_what_was_promoted_by_hand_meanwhile_waits_no_longer(registry: Registry) -> None:
    promote = ["models", "promote", registry.version, "--because", "yes"]
    warehouse = str(registry.label.root / "warehouse")
    result = CliRunner().invoke(app, [*promote, "--warehouse", warehouse])

    assert result.exit_code == 0, result.output
    assert registry.state()[0] == "champion"
    assert registry.ask(expire_waiting, at=NOW + dt.timedelta(days=99)) == ()
