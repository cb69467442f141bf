"""Which artist and which feeds a set list is of."""

from pathlib import Path
from typing import Any

import pytest

from songpop.touring import setlist
from songpop.touring.setlist import SetList, read_set_lists
from tests.songpop.touring.make_tour import publish_songs

ONE = {"artist_name": "One"}
TWO = {"artist_name": "Two"}


def test_snapshot_that_is_replaced_in_between_changes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    paths = publish_songs(tmp_path / "old", {"label_us": {"a": ONE}}, [0.9])
    newer = publish_songs(tmp_path / "new", {"label_us": {"a": TWO}}, [0.9])
    read_one = setlist._read_one  # pyright: ignore[reportPrivateUsage]

    def replace(*arguments: Any) -> SetList:  # noqa: ANN401 - passed on as they come
        newer.snapshot.replace(paths.snapshot)
        return read_one(*arguments)

    monkeypatch.setattr(setlist, "_read_one", replace)
    (one,) = read_set_lists(paths, "One", 5)

    assert one.artist_name == "One"
    assert one.songs["title"].to_list() == ["Song a"]
