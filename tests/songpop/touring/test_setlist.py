"""Which artist and which feeds a set list is of."""

from pathlib import Path
from typing import Any

import pytest

from songpop.errors import InputError
from songpop.touring import setlist
from songpop.touring.setlist import SetList, read_set_lists
from songpop.warehouse.paths import WarehousePaths
from tests.songpop.touring.make_tour import publish_songs

ONE = {"artist_name": "One"}
TWO = {"artist_name": "Two"}
JOINT = {"artist_name": "Two, One"}
CROWD = {
    letter: {"artist_name": name}
    for letter, name in zip("abcd", ["One, Ona", "One, Onb", "Onex", "Oney"], strict=True)
}


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


@pytest.fixture
def crowded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> WarehousePaths:
    """Return two feeds, one with as many names like One as are looked through."""
    monkeypatch.setattr(setlist, "_MOST_ARTISTS", 2)
    feeds = {"label_gb": CROWD, "label_us": {"a": ONE, "b": JOINT, "c": TWO}}
    return publish_songs(tmp_path, feeds, [0.9, 0.8, 0.7, 0.6])


def test_another_feed_does_not_crowd_out_the_joint_names(crowded: WarehousePaths) -> None:
    for feed in (None, "label_us"):
        (one,) = read_set_lists(crowded, "One", 5, feed=feed)

        assert one.joint_names == ("Two, One",)


def test_another_feed_does_not_crowd_out_the_nearest_names(crowded: WarehousePaths) -> None:
    with pytest.raises(InputError, match=r"got nearest 'One', 'Two, One'; pass a name"):
        read_set_lists(crowded, "Onez", 5, feed="label_us")


def test_feed_that_has_the_artist_is_named_however_many_names_are_nearer(
    crowded: WarehousePaths,
) -> None:
    message = "artist 'two' in label_gb: expected a song .*, got none; look in label_us"
    with pytest.raises(InputError, match=message):
        read_set_lists(crowded, "two", 5, feed="label_gb")
