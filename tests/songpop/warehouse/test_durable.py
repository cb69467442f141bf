import errno
import os
from pathlib import Path

import pytest

from songpop.warehouse import durable
from songpop.warehouse.durable import (
    make_folder,
    place_folder,
    prove_writable,
    remove_durably,
    remove_folder,
    replace_durably,
    write_durably,
)


def note_syncs(root: Path, monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, int]]:
    """Return what is synced from now on: names from *root* on, and their descriptors."""
    synced: list[tuple[str, int]] = []

    def note(descriptor: int) -> None:
        (path,) = (
            path
            for path in (root, *root.rglob("*"))
            if os.path.samestat(path.lstat(), os.fstat(descriptor))
        )
        synced.append((str(path.relative_to(root)), descriptor))

    monkeypatch.setattr(durable.os, "fsync", note)
    return synced


def test_file_replaces_the_one_before_and_leaves_nothing_aside(tmp_path: Path) -> None:
    aside, final = tmp_path / "aside", tmp_path / "a" / "b" / "final"
    for text in ("first", "second"):
        aside.write_text(text)

        replace_durably(aside, final)

        assert final.read_text() == text
        assert not aside.exists()


def test_reader_that_has_the_old_file_open_keeps_it(tmp_path: Path) -> None:
    aside, final = tmp_path / "aside", tmp_path / "final"
    final.write_text("old")
    aside.write_text("new")

    with final.open() as reader:
        replace_durably(aside, final)

        assert reader.read() == "old"
    assert final.read_text() == "new"


def test_content_is_synced_before_the_rename_and_the_folder_after(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    aside, final = tmp_path / "aside", tmp_path / "final"
    aside.write_text("new")
    synced: list[tuple[str, bool]] = []

    def note(path: Path) -> None:
        synced.append((path.name, final.exists()))

    monkeypatch.setattr(durable, "_sync", note)
    replace_durably(aside, final)

    assert synced == [("aside", False), (tmp_path.name, True)]


def test_folder_that_is_removed_leaves_nothing_behind(tmp_path: Path) -> None:
    folder = tmp_path / "model"
    (folder / "deep").mkdir(parents=True)
    (tmp_path / ".model.gone").mkdir()  # of a removal that was killed

    remove_folder(folder)

    assert list(tmp_path.iterdir()) == []


def test_all_that_a_folder_holds_is_synced_before_it_gets_its_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    aside, final = tmp_path / "aside", tmp_path / "final"
    (aside / "deep").mkdir(parents=True)
    (aside / "deep" / "file").write_text("new")
    synced: list[tuple[str, bool]] = []

    def note(path: Path) -> None:
        synced.append((path.name, final.exists()))

    monkeypatch.setattr(durable, "_sync", note)
    place_folder(aside, final)

    assert synced == [("file", False), ("deep", False), ("aside", False), (tmp_path.name, True)]


def test_removal_takes_the_emptied_folder_with_it_and_spares_others(tmp_path: Path) -> None:
    folder = tmp_path / "feed=us"
    make_folder(folder)
    for name in ("one", "two"):
        (folder / name).write_text("")

    assert remove_durably(folder / "one")
    assert folder.is_dir()
    assert remove_durably(folder / "two")
    assert not folder.exists()
    assert not remove_durably(folder / "two")


def test_text_replaces_the_one_before_and_makes_its_folder(tmp_path: Path) -> None:
    final = tmp_path / "a" / "b" / "page.html"
    for text in ("first", "zweite Fassung, größer"):
        write_durably(final, text)

        assert final.read_text("utf-8") == text
        assert [path.name for path in final.parent.iterdir()] == ["page.html"]


def test_folder_gets_its_name_whole_and_goes_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    aside, final = tmp_path / "aside", tmp_path / "a" / "final"
    (aside / "deep").mkdir(parents=True)
    (aside / "deep" / "file").write_text("new")

    place_folder(aside, final)
    assert (final / "deep" / "file").read_text() == "new"
    assert not aside.exists()

    def stop(folder: Path, **_: object) -> None:
        assert folder == final.with_name(".final.gone")

    monkeypatch.setattr(durable.shutil, "rmtree", stop)
    remove_folder(final)
    assert not final.exists()


def test_a_folder_that_can_be_written_to_is_made_and_left_empty(tmp_path: Path) -> None:
    prove_writable(tmp_path / "a" / "b")

    assert list((tmp_path / "a" / "b").iterdir()) == []


@pytest.mark.parametrize("place", ["afile", "afile/below"])
def test_a_file_in_the_place_of_a_folder_is_refused(tmp_path: Path, place: str) -> None:
    (tmp_path / "afile").write_text("precious")

    with pytest.raises(FileExistsError):
        prove_writable(tmp_path / place)

    assert (tmp_path / "afile").read_text() == "precious"


def test_a_folder_that_nobody_may_write_to_is_refused_by_its_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(dir: Path) -> None:  # noqa: A002 - as the standard library calls it
        raise PermissionError(errno.EACCES, "Permission denied", str(dir / "tmp1234"))

    monkeypatch.setattr(durable.tempfile, "TemporaryFile", refuse)

    with pytest.raises(PermissionError, match="Permission denied") as refused:
        prove_writable(tmp_path)

    assert refused.value.filename == str(tmp_path)
    assert (refused.value.errno, refused.value.strerror) == (errno.EACCES, "Permission denied")


def test_names_that_come_and_go_are_synced_with_their_folders(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced = note_syncs(tmp_path, monkeypatch)

    def take_names() -> list[str]:
        names = [name for name, _ in synced]
        synced.clear()
        return names

    make_folder(tmp_path / "a" / "b")
    assert take_names() == [".", "a"]
    write_durably(tmp_path / "a" / "b" / "one", "1")
    write_durably(tmp_path / "a" / "b" / "two", b"2")
    assert take_names() == ["a/b/.one.part", "a/b", "a/b/.two.part", "a/b"]
    remove_durably(tmp_path / "a" / "b" / "one")
    assert take_names() == ["a/b"]
    remove_durably(tmp_path / "a" / "b" / "two")
    assert take_names() == ["a/b", "a"]
    remove_folder(tmp_path / "a")
    assert take_names() == ["."]


def test_what_was_synced_is_closed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    synced = note_syncs(tmp_path, monkeypatch)

    write_durably(tmp_path / "one", "1")

    for _, descriptor in synced:
        with pytest.raises(OSError, match="Bad file descriptor"):
            os.fstat(descriptor)


def test_failure_leaves_the_file_before_and_nothing_aside(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    final = tmp_path / "page.html"
    write_durably(final, b"before")

    def fail(descriptor: int) -> None:
        raise OSError(errno.EIO, f"Input/output error of {descriptor}")

    monkeypatch.setattr(durable.os, "fsync", fail)

    with pytest.raises(OSError, match="Input/output error"):
        write_durably(final, "after")
    assert final.read_bytes() == b"before"
    assert [path.name for path in tmp_path.iterdir()] == ["page.html"]


def test_folder_goes_whether_or_not_an_earlier_removal_was_killed(tmp_path: Path) -> None:
    folder, gone = tmp_path / "model", tmp_path / ".model.gone"
    for is_killed in (False, True):
        folder.mkdir()
        (folder / "weights").write_text("new")
        if is_killed:
            gone.mkdir()
            (gone / "weights").write_text("old")

        remove_folder(folder)

        assert list(tmp_path.iterdir()) == []


def test_folder_that_was_made_meanwhile_is_no_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "a"
    look = Path.is_dir

    def look_before_it_is_made(path: Path) -> bool:
        found = look(path)
        if path == folder and not found:
            folder.mkdir()
        return found

    monkeypatch.setattr(Path, "is_dir", look_before_it_is_made)

    make_folder(folder)

    assert list(tmp_path.iterdir()) == [folder]
