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

    assert measure(folder).count == 1
    assert measure(folder).size_bytes < 999
    assert measure(tmp_path / "none") == Removed()
