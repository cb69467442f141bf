from pathlib import Path

from songpop.warehouse.leftovers import Removed, clear_leftovers, measure
from songpop.warehouse.paths import WarehousePaths


def test_only_what_no_run_needs_any_more_is_removed_and_counted(tmp_path: Path) -> None:
    paths = WarehousePaths(tmp_path)
    for folder in (
        paths.scratch / "deep",
        paths.models / "us" / ".us-1-x",
        paths.models / "us" / "us-1",
    ):
        folder.mkdir(parents=True)
        (folder / "file").write_bytes(b"1234")

    assert clear_leftovers(paths) == Removed(2, 8)
    assert not paths.scratch.exists()
    assert [path.name for path in (paths.models / "us").iterdir()] == ["us-1"]
    assert clear_leftovers(paths) == Removed()


def test_parts_of_pages_marks_and_own_weeks_are_removed(tmp_path: Path) -> None:
    paths = WarehousePaths(tmp_path)
    for path in (
        paths.reports / "us" / ".a.html.part",
        paths.own / ".own-1.csv.part",
        paths.private.parent / ".publish-anew.part",
    ):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"1234")
        path.with_name("whole").write_bytes(b"1")

    assert clear_leftovers(paths) == Removed(3, 12)
    assert sorted(path.name for path in tmp_path.rglob("*") if path.is_file()) == ["whole"] * 3


def test_links_are_counted_and_not_followed(tmp_path: Path) -> None:
    (tmp_path / "big").write_bytes(b"1" * 999)
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "link").symlink_to(tmp_path / "big")

    assert measure(folder) == Removed(1, len(str(tmp_path / "big")))
    assert measure(tmp_path / "none") == Removed()


def test_what_cannot_be_removed_is_neither_counted_nor_an_error(tmp_path: Path) -> None:
    paths = WarehousePaths(tmp_path / "warehouse")
    elsewhere = tmp_path / "elsewhere"
    (elsewhere / "deep").mkdir(parents=True)
    (elsewhere / "file").write_bytes(b"1234")
    paths.own.mkdir(parents=True)
    paths.scratch.symlink_to(elsewhere)  # a link is no folder to be emptied
    (paths.own / ".folder.part").mkdir()
    (paths.own / ".own-1.csv.part").write_bytes(b"12")

    assert clear_leftovers(paths) == Removed(1, 2)
    assert (elsewhere / "file").exists()
    assert [path.name for path in paths.own.iterdir()] == [".folder.part"]


def test_files_in_all_folders_below_are_measured(tmp_path: Path) -> None:
    (tmp_path / "a" / "b").mkdir(parents=True)
    for place in ("one", "a/two", "a/b/three"):
        (tmp_path / place).write_bytes(b"123")

    assert measure(tmp_path) == Removed(3, 9)
