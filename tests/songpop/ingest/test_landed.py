import errno
import os
import socket
from collections.abc import Callable
from pathlib import Path

import pytest

from songpop.errors import LandingError
from songpop.ingest.landed import (
    LandedFile,
    describe_mode,
    hash_landed,
    land_file,
    open_landed,
    printable,
)


def test_name_is_safe_to_print_and_to_store(tmp_path: Path) -> None:
    path = tmp_path / os.fsdecode(b"a\n\x1b[31m\xff.csv")
    path.touch()

    name = land_file(path).name

    assert name == "a\\n\\x1b[31m\\xff.csv"
    assert name.encode()


def test_long_name_is_cut_off() -> None:
    assert printable("x" * 300) == "x" * 200 + "…"


@pytest.mark.parametrize(
    ("path", "word"),
    [
        ("in/a.csv", "in/a.csv"),
        ("Song's (1).csv", "'Song'\"'\"'s (1).csv'"),
        ("-a.csv", "./-a.csv"),
        ("a\x1b.csv", "FILE"),
    ],
)
def test_path_is_quoted_for_a_shell(path: str, word: str) -> None:
    assert LandedFile(Path(path), 0, 0).shell_word == word


def test_absent_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(LandingError, match=r"a.csv: expected a readable file, got no such file"):
        land_file(tmp_path / "a.csv")


def test_file_that_may_not_be_read_is_to_be_made_readable(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.csv"
    path.touch()
    file = land_file(path)

    def refuse(*args: object) -> int:
        del args
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr("songpop.ingest.landed.os.open", refuse)
    pattern = "^a.csv: expected a readable file, got permission denied; make it and its folder rea"
    with pytest.raises(LandingError, match=pattern):
        hash_landed(LandedFile(path, file.size_bytes, file.modified_ns))


def test_folder_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(LandingError, match="expected a regular file, got a folder; put"):
        land_file(tmp_path)


def test_kinds_of_files_have_words(tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(tmp_path / "s"))
        mode = (tmp_path / "s").stat().st_mode

    assert describe_mode(mode) == "a socket"
    assert describe_mode(Path(os.devnull).stat().st_mode) == "a device"


def read(file: LandedFile, meanwhile: Callable[[], object] = lambda: None) -> bytes:
    with open_landed(file) as raw:
        content = raw.read()
        meanwhile()
    return content


def test_file_that_changes_while_open_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("x")
    file = land_file(path)

    assert read(file) == b"x"
    with pytest.raises(LandingError, match="got one that changed while it was read; wait until"):
        read(file, lambda: path.write_text("xy"))


def test_file_that_became_a_link_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("x")
    file = land_file(path)
    path.rename(tmp_path / "b.csv")
    path.symlink_to(tmp_path / "b.csv")

    with pytest.raises(LandingError, match=r"a.csv: expected a readable file, got too many levels"):
        read(file)


def test_file_that_became_a_pipe_is_refused_without_waiting(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("x")
    file = land_file(path)
    path.unlink()
    os.mkfifo(path)

    with pytest.raises(LandingError, match="expected a file at rest"):
        read(file)


def test_reader_may_close_what_it_was_given(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("x")

    with open_landed(land_file(path)) as raw:
        raw.close()


def test_disk_that_fails_is_an_error_of_the_file(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("x")

    def fail() -> None:
        raise OSError(5, "Input/output error")

    with pytest.raises(LandingError, match=r"a.csv: expected a readable file, got input/output"):
        read(land_file(path), fail)
