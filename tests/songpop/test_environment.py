import re
from pathlib import Path

import pytest

from songpop.errors import SettingsError
from songpop.settings import read_settings


@pytest.fixture(autouse=True)
def _in_empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize(
    ("variable", "remedy"),
    [
        ("SONGPOP_WAIT_SECOND", "did you mean SONGPOP_WAIT_SECONDS?"),
        ("SONGPOP_OPERATION__APPROVAL", "did you mean SONGPOP_OPERATIONS?"),
        ("SONGPOP_XYZZY", "mend it or take it out"),
    ],
)
def test_variable_that_no_setting_explains_is_refused(
    monkeypatch: pytest.MonkeyPatch, variable: str, remedy: str
) -> None:
    monkeypatch.setenv(variable, "1")

    with pytest.raises(SettingsError, match=re.escape(remedy)):
        read_settings()


def test_variables_of_deployments_are_no_mistake(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SONGPOP_HOME", "/srv/songpop")

    assert read_settings().wait_seconds == 0
