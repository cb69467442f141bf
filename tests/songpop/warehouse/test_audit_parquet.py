import datetime as dt
import hashlib
from collections.abc import Callable, Generator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from pathlib import Path

import duckdb
import polars as pl
import pytest

from songpop.warehouse import audit_parquet as module
from songpop.warehouse.audit_parquet import audit_parquet
from songpop.warehouse.checks import Finding
from songpop.warehouse.fingerprint import fingerprint
from songpop.warehouse.paths import WarehousePaths
from songpop.warehouse.publish import mark_revised
from tests.builders import week_number
from tests.songpop.warehouse.make_warehouse import make_healthy

WEEK = week_number(6)


def read(path: Path) -> pl.DataFrame:
    return pl.read_parquet(path, hive_partitioning=False, glob=False)


CHANGES: dict[str, Callable[[Path], object]] = {
    "none": Path.exists,
    "shuffled": lambda path: read(path).reverse().write_parquet(path),
    "missing": Path.unlink,
    "noise": lambda path: path.write_bytes(b"noise"),
    "truncated": lambda path: path.write_bytes(path.read_bytes()[:-100]),
    "edited": lambda path: read(path).with_columns(pl.col("score") * 0.99).write_parquet(path),
    # The folder's and the file's name say another week than the rows do.
    "week edited": lambda path: (
        read(path).with_columns(pl.col("week").dt.offset_by("7d")).write_parquet(path)
    ),
    "row lost": lambda path: read(path).head(2).write_parquet(path),
    "row twice": lambda path: pl.concat([read(path), read(path).head(1)]).write_parquet(path),
    "column lost": lambda path: read(path).drop("reason_1").write_parquet(path),
    # Its folder's name still says the feed.
    "feed lost": lambda path: read(path).drop("feed").write_parquet(path),
    "other week": lambda path: path.write_bytes(
        path.with_name(f"week={week_number(2)}.parquet").read_bytes()
    ),
    "stray": lambda path: path.with_name(f"week={week_number(5)}.parquet").write_bytes(b""),
}


def audit_after(tmp_path: Path, change: str, *, waits: bool = False) -> list[Finding]:
    paths, con = make_healthy(tmp_path)
    CHANGES[change](paths.parquet("us", WEEK))
    committed = fingerprint(con.table("mart.weekly_scores"), "feed", "week")
    findings = audit_parquet(con, paths, committed, {("us", WEEK)} if waits else set(), None)
    con.close()
    return findings


@pytest.mark.parametrize("change", ["none", "shuffled"])
def test_same_rows_have_no_findings_where_nobody_knows_the_digest(
    tmp_path: Path, change: str
) -> None:
    assert audit_after(tmp_path, change) == []


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ("missing", "expected a file, got none"),
        ("noise", "expected a readable Parquet file, got "),
        ("truncated", "expected a readable Parquet file, got "),
        ("edited", f"expected us {WEEK} with 3 rows, got altered ones"),
        ("week edited", f"expected us {WEEK} with 3 rows, got "),
        ("row lost", f"expected us {WEEK} with 3 rows, got 2 rows"),
        ("row twice", f"expected us {WEEK} with 3 rows, got 4 rows"),
        ("column lost", "got altered ones"),
        ("feed lost", "expected a readable Parquet file, got Binder Error: "),
        ("other week", f"expected us {WEEK} with 3 rows, got 0 rows"),
        ("stray", "expected no file, since its week has no scores, got one"),
    ],
)
def test_damaged_file_is_named_with_what_to_do(tmp_path: Path, change: str, message: str) -> None:
    findings = audit_after(tmp_path, change)

    assert {finding.severity for finding in findings} == {"error"}
    assert message in findings[-1].message
    assert "week=2024-0" in findings[-1].subject
    assert "run `songpop repair`, which publishes everything anew" in findings[-1].message


def test_finding_names_check_file_and_remedy(tmp_path: Path) -> None:
    (finding,) = audit_after(tmp_path, "missing")

    path = WarehousePaths(tmp_path / "warehouse").parquet("us", WEEK)
    remedy = "run `songpop repair`, which publishes everything anew"
    message = f"{path}: expected a file, got none; {remedy}"
    assert finding == Finding("error", "parquet", str(path), message)


def test_what_duckdb_says_of_a_file_is_told_on_one_line(tmp_path: Path) -> None:
    (finding,) = audit_after(tmp_path, "feed lost")

    assert "\n" not in finding.message


def test_file_of_one_row_is_looked_for(tmp_path: Path) -> None:
    paths, con = make_healthy(tmp_path)
    con.execute("delete from mart.weekly_scores where week = ? and rank > 1", [WEEK])
    mark_revised(con, [("us", WEEK)])
    paths.parquet("us", WEEK).unlink()
    committed = fingerprint(con.table("mart.weekly_scores"), "feed", "week")

    (finding,) = audit_parquet(con, paths, committed, set(), None)

    assert "expected a file, got none" in finding.message
    con.close()


def test_file_of_a_week_that_lost_its_scores_may_stay_until_the_publication(
    tmp_path: Path,
) -> None:
    paths, con = make_healthy(tmp_path)
    con.execute("delete from mart.weekly_scores where week = ?", [WEEK])
    mark_revised(con, [("us", WEEK)])
    committed = fingerprint(con.table("mart.weekly_scores"), "feed", "week")

    assert audit_parquet(con, paths, committed, {("us", WEEK)}, None) == []
    (finding,) = audit_parquet(con, paths, committed, set(), None)
    assert finding.subject == str(paths.parquet("us", WEEK))
    assert "expected no file, since its week has no scores, got one" in finding.message
    con.close()


def test_week_whose_rows_vanished_unmarked_is_found_in_its_file(tmp_path: Path) -> None:
    paths, con = make_healthy(tmp_path)
    con.execute("delete from mart.weekly_scores where week = ?", [WEEK])
    committed = fingerprint(con.table("mart.weekly_scores"), "feed", "week")

    (finding,) = audit_parquet(con, paths, committed, set(), None)

    assert f"expected us {WEEK} with 0 rows, got 3 rows" in finding.message
    con.close()


@pytest.mark.parametrize("change", ["missing", "noise", "edited"])
def test_week_that_awaits_publication_is_not_compared(tmp_path: Path, change: str) -> None:
    assert audit_after(tmp_path, change, waits=True) == []


@dataclass(frozen=True)
class Sound:
    """A sound warehouse, the bytes of one of its files, and what was written."""

    paths: WarehousePaths
    con: duckdb.DuckDBPyConnection
    content: bytes
    digests: Mapping[tuple[str, dt.date], str]

    def audit(
        self, content: bytes | None = None, waiting: AbstractSet[tuple[object, ...]] = frozenset()
    ) -> list[str]:
        """Return what is said of a file that holds *content* now."""
        self.path.write_bytes(self.content if content is None else content)
        return self.audit_knowing(self.digests, waiting)

    def audit_knowing(
        self,
        digests: Mapping[tuple[str, dt.date], str],
        waiting: AbstractSet[tuple[object, ...]] = frozenset(),
    ) -> list[str]:
        committed = fingerprint(self.con.table("mart.weekly_scores"), "feed", "week")
        findings = audit_parquet(self.con, self.paths, committed, waiting, digests)
        assert {finding.severity for finding in findings} <= {"error"}
        return [finding.message for finding in findings]

    @property
    def path(self) -> Path:
        return self.paths.parquet("us", WEEK)


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Generator[Sound]:
    paths, con = make_healthy(tmp_path_factory.mktemp("sound"))
    content = paths.parquet("us", WEEK).read_bytes()
    with duckdb.connect(str(paths.snapshot), read_only=True) as snapshot:
        rows = snapshot.execute("from mart.parquet_files").fetchall()
    yield Sound(paths, con, content, {(feed, week): sha256 for feed, week, sha256 in rows})
    con.close()


def flip(content: bytes, place: int) -> bytes:
    return content[:place] + bytes([content[place] ^ 0xFF]) + content[place + 1 :]


def test_files_as_they_were_written_have_no_findings(sound: Sound) -> None:
    assert set(sound.digests) == {("us", week_number(number)) for number in (2, 3, 6)}
    assert sound.audit() == []


def test_byte_turned_around_anywhere_is_found(sound: Sound) -> None:
    size = len(sound.content)
    footer_size = int.from_bytes(sound.content[-8:-4], "little")
    # The magic at both ends, the footer's length, all of its first and last bytes, and places
    # spread over pages and footer: names, statistics, offsets, values.
    edges = [*range(8), *range(size - 16, size), *range(size - 8 - footer_size, size, 97)]
    places = sorted({*edges, *range(0, size, size // 60)})

    missed = [place for place in places if len(sound.audit(flip(sound.content, place))) != 1]

    assert missed == []
    assert len(places) > 80


def test_byte_that_changes_no_value_is_named_with_both_digests_and_the_remedy(
    sound: Sound,
) -> None:
    place = sound.content.rindex(b"DuckDB")  # who wrote it, in the footer
    damaged = flip(sound.content, place)
    sound.path.write_bytes(damaged)
    assert duckdb.read_parquet(str(sound.path)).fetchall()

    wanted, got = (hashlib.sha256(one).hexdigest()[:12] for one in (sound.content, damaged))
    (message,) = sound.audit(damaged)

    assert message == (
        f"{sound.path}: expected SHA-256 {wanted}…, got {got}…; "
        "run `songpop repair`, which publishes everything anew"
    )


@pytest.mark.parametrize("change", ["cut", "appended", "emptied", "same rows"])
def test_file_of_other_bytes_is_found(sound: Sound, change: str) -> None:
    sound.audit()
    read(sound.path).write_parquet(sound.path)
    content = {
        "cut": sound.content[:-1],
        "appended": sound.content + b"\0",
        "emptied": b"",
        "same rows": sound.path.read_bytes(),
    }[change]

    (message,) = sound.audit(content)

    assert "expected SHA-256 " in message


def test_damage_of_a_week_that_awaits_publication_is_not_looked_for(sound: Sound) -> None:
    assert sound.audit(b"noise", {("us", WEEK)}) == []


def test_other_scores_than_committed_are_found_in_a_file_as_it_was_written(sound: Sound) -> None:
    other = sound.path.with_name(f"week={week_number(2)}.parquet").read_bytes()
    digests = {**sound.digests, ("us", WEEK): hashlib.sha256(other).hexdigest()}
    sound.path.write_bytes(other)

    messages = sound.audit_knowing(digests)

    assert f"expected us {WEEK} with 3 rows, got 0 rows" in messages[-1]


def test_digest_that_is_missing_or_of_no_file_is_found(sound: Sound) -> None:
    sound.audit()
    stray = {("gb", WEEK): sound.digests["us", WEEK]}
    lacking = {key: digest for key, digest in sound.digests.items() if key[1] != WEEK}

    (missing,) = sound.audit_knowing(lacking)
    (extra,) = sound.audit_knowing({**sound.digests, **stray})

    assert f"{sound.path}: expected its SHA-256 in mart.parquet_files, got none; " in missing
    assert f"{sound.paths.parquet('gb', WEEK)}: expected no SHA-256 in mart.parquet_fi" in extra
    assert sound.audit_knowing({**sound.digests, **stray}, set(stray)) == []


def test_file_that_cannot_be_read_is_found(sound: Sound, monkeypatch: pytest.MonkeyPatch) -> None:
    sound.audit()

    def fail(path: Path) -> str:
        raise OSError(5, "Input/output error", str(path))

    monkeypatch.setattr(module, "hash_file", fail)

    messages = sound.audit_knowing(sound.digests)

    assert len(messages) == 3
    assert "expected a readable Parquet file, got Input/output error; run" in messages[0]


def test_folder_with_brackets_in_its_name_is_no_pattern(tmp_path: Path) -> None:
    assert audit_after(tmp_path / "a[b]*c", "none") == []
