from pathlib import Path

import duckdb
import pytest

from songpop.errors import CheckError
from songpop.maintenance import vacuum as module
from songpop.maintenance.vacuum import vacuum
from songpop.warehouse.fingerprint import Fingerprints
from songpop.warehouse.paths import WarehousePaths
from tests.songpop.maintenance.states import errors_of, make_closed, read_state

MEMORY = "768MB"


def rewrite_often(paths: WarehousePaths) -> None:
    """Insert and delete many rows of core.track_history."""
    with duckdb.connect(str(paths.private)) as con:
        for turn in range(3):
            con.execute(
                "insert into core.track_history "
                "select 'us', md5($turn || n::varchar), '2024-01-04' from range(150_000) as r (n)",
                {"turn": str(turn)},
            )
            con.execute("checkpoint")
            con.execute("delete from core.track_history where length(track_id) = 32")
            con.execute("checkpoint")


def test_file_shrinks_after_many_rewrites_and_holds_the_same(tmp_path: Path) -> None:
    _, paths = make_closed(tmp_path)
    rewrite_often(paths)
    before, size_bytes = read_state(paths.private), paths.private.stat().st_size

    done = vacuum(paths, MEMORY, 0.2)

    assert done.outcome == "rewritten"
    assert done.before_bytes == size_bytes
    assert done.after_bytes == paths.private.stat().st_size < 0.8 * size_bytes
    assert (read_state(paths.private), errors_of(paths)) == (before, [])
    assert vacuum(paths, MEMORY, 0.2).after_bytes == done.after_bytes


def test_file_with_little_to_save_stays_the_file_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, paths = make_closed(tmp_path)
    monkeypatch.setattr(module, "_LEAST_BYTES", 0)
    inode = paths.private.stat().st_ino

    done = vacuum(paths, MEMORY, 0.2)

    assert (done.outcome, done.before_bytes) == (
        "left as it is: little to save",
        done.after_bytes,
    )
    assert paths.private.stat().st_ino == inode


def test_small_file_and_link_are_left_alone(tmp_path: Path) -> None:
    _, paths = make_closed(tmp_path)

    assert vacuum(paths, MEMORY, 0.2).outcome == "left as it is: smaller than 16 MB"
    rewrite_often(paths)
    paths.private.rename(tmp_path / "elsewhere.duckdb")
    paths.private.symlink_to(tmp_path / "elsewhere.duckdb")
    assert vacuum(paths, MEMORY, 0.2).outcome == "left as it is: it is a symbolic link"
    assert paths.private.is_symlink()


def test_copy_that_differs_is_an_error_and_the_file_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, paths = make_closed(tmp_path)
    rewrite_often(paths)
    before = read_state(paths.private)
    seen: list[int] = []

    def fingerprint_anew(relation: duckdb.DuckDBPyRelation) -> Fingerprints:
        seen.append(len(relation.columns))
        return {(): (len(seen), 0)}

    monkeypatch.setattr(module, "fingerprint", fingerprint_anew)

    with pytest.raises(
        CheckError, match=r"copy of .*: expected the same tables and rows, got other"
    ):
        vacuum(paths, MEMORY, 0.2)
    assert read_state(paths.private) == before


def test_damaged_file_is_named(tmp_path: Path) -> None:
    _, paths = make_closed(tmp_path)
    paths.private.write_bytes(b"noise" * 4_000_000)

    with pytest.raises(CheckError, match=r"songpop\.duckdb: expected a readable database, got"):
        vacuum(paths, MEMORY, 0.2)
