import json
from pathlib import Path

import pytest

from songpop.reproduce.run import Reproduction
from songpop.reproduce.write import write_report
from tests.songpop.reproduce.builders import make_reproduction


def newer(found: Reproduction) -> str:
    del found
    return "newer"


def test_report_is_a_page_and_its_figures_and_replaces_an_older_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "deep" / "report"
    found = make_reproduction(tmp_path)
    page = write_report(found, folder)
    page.write_text("older", encoding="utf-8")
    monkeypatch.setattr("songpop.reproduce.write.make_page", newer)
    write_report(found, folder)

    assert sorted(path.name for path in folder.iterdir()) == ["index.html", "reproduce.json"]
    assert page == folder / "index.html"
    assert page.read_text("utf-8") == "newer"
    assert len(json.loads((folder / "reproduce.json").read_text("utf-8"))["results"]) == 12
