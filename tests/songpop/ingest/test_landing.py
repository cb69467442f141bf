import os
from hashlib import sha256
from pathlib import Path

import pytest

from songpop.errors import LandingError
from songpop.ingest.landing import find_exports, hash_file


def put(folder: Path, name: str, modified: int = 0, content: bytes = b"x") -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    os.utime(path, (modified, modified))
    return path


def test_exports_come_by_time_then_name_from_every_folder(tmp_path: Path) -> None:
    put(tmp_path, "b.csv", 2)
    put(tmp_path, "2024/deep/c.PARQUET", 1)
    put(tmp_path, "a.csv.gz", 2)
    put(tmp_path, "d.csv.zst", 3)

    landing = find_exports(tmp_path)

    assert [file.name for file in landing.files] == ["c.PARQUET", "a.csv.gz", "b.csv", "d.csv.zst"]
    assert [file.kind for file in landing.files] == ["parquet", "gz", "csv", "zst"]
    assert landing.files[0].modified_ns == 1_000_000_000
    assert landing.files[0].size_bytes == 1


def test_hidden_temporary_and_other_files_are_ignored_by_name(tmp_path: Path) -> None:
    names = [".hidden.csv", "a.csv.part", "b.csv~", "~$c.csv", "notes.txt", "sub/d.tmp", "e.tsv"]
    names += ["sub/.hidden.csv", "sub/~$c.csv"]
    for name in names:
        put(tmp_path, name)
    put(tmp_path, ".git/config.csv")

    landing = find_exports(tmp_path)

    assert landing.files == ()
    assert list(landing.ignored) == sorted(names)
    assert landing.refused == ()


def test_formats_may_declare_more_suffixes(tmp_path: Path) -> None:
    put(tmp_path, "e.tsv")

    assert [file.name for file in find_exports(tmp_path, [".TSV"]).files] == ["e.tsv"]


def test_links_and_pipes_are_refused_by_name_and_never_followed(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    put(outside, "secret.csv")
    landing_dir = tmp_path / "landing"
    landing_dir.mkdir()
    (landing_dir / "folder").symlink_to(outside)
    (landing_dir / "link.csv").symlink_to(outside / "secret.csv")
    os.mkfifo(landing_dir / "pipe.csv")

    landing = find_exports(landing_dir)

    assert landing.files == ()
    assert landing.refused == (
        "folder: expected a regular file, got a symbolic link; put the export itself there",
        "link.csv: expected a regular file, got a symbolic link; put the export itself there",
        "pipe.csv: expected a regular file, got a pipe; put the export itself there",
    )


def test_absent_folder_holds_nothing(tmp_path: Path) -> None:
    assert find_exports(tmp_path / "absent").files == ()


def test_folder_that_cannot_be_listed_is_refused(tmp_path: Path) -> None:
    with pytest.raises(
        LandingError,
        match=r"landing folder .*/file: expected a readable folder, got not a directory; check the "
        r"path and its permissions$",
    ):
        find_exports(put(tmp_path, "file"))


def test_hash_is_of_the_bytes_as_landed(tmp_path: Path) -> None:
    path = put(tmp_path, "a.csv.gz", content=b"packed")

    assert hash_file(path) == sha256(b"packed").hexdigest()


def test_messages_name_a_file_by_its_place_in_the_landing_folder(tmp_path: Path) -> None:
    folder = tmp_path / "drop" / "monday"
    folder.mkdir(parents=True)
    (folder / "chart.csv").write_bytes(b"x")

    (file,) = find_exports(tmp_path).files

    assert (file.shown, file.name) == ("drop/monday/chart.csv", "chart.csv")
