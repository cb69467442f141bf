"""A warehouse whose tables are in a DuckLake, and the way there and back."""

import datetime as dt
import json
from collections.abc import Generator
from pathlib import Path

import pytest

from songpop.errors import CheckError, InputError, SettingsError
from songpop.formats.registry import load_formats
from songpop.maintenance.backup import back_up
from songpop.maintenance.maintain import maintain
from songpop.maintenance.repair import repair
from songpop.maintenance.restore import restore
from songpop.settings import Settings
from songpop.warehouse.convert import convert
from songpop.warehouse.fingerprint import Fingerprints, fingerprint
from songpop.warehouse.lake import LakeLocation, find_lake, is_lake
from songpop.warehouse.paths import WarehousePaths
from songpop.warehouse.publish import mark_revised, publish
from songpop.warehouse.query import run_query, run_query_at
from songpop.warehouse.reader import open_private
from songpop.warehouse.sqlfiles import read_sql
from songpop.warehouse.transaction import transaction
from songpop.warehouse.writer import connect, open_writer
from tests.builders import NOW, week_number
from tests.songpop.maintenance.states import LATER, errors_of, make_closed
from tests.songpop.warehouse.lakes import open_catalog
from tests.songpop.warehouse.make_warehouse import rescore


@pytest.fixture(params=["duckdb", "postgres"])
def catalog(request: pytest.FixtureRequest, tmp_path: Path) -> Generator[str]:
    with open_catalog(request.param, tmp_path / "catalog") as text:
        yield text


@pytest.fixture
def remote(tmp_path: Path) -> Generator[str]:
    with open_catalog("postgres", tmp_path / "catalog") as text:
        yield text


@pytest.fixture(scope="module")
def asked(tmp_path_factory: pytest.TempPathFactory) -> Generator[WarehousePaths]:
    """Yield a warehouse in a lake that is only asked."""
    folder = tmp_path_factory.mktemp("asked")
    with open_catalog("duckdb", folder / "catalog") as text:
        settings, paths = make_closed(folder)
        convert(with_catalog(settings, text), NOW)
        yield paths


@pytest.fixture
def plain(tmp_path: Path) -> Generator[str]:
    with open_catalog("duckdb", tmp_path / "catalog") as text:
        yield text


def read_tables(paths: WarehousePaths) -> dict[str, Fingerprints]:
    with open_private(paths, "test", 0) as con:
        names = con.execute(read_sql("marts/list_tables")).fetchall()
        return {f"{s}.{t}": fingerprint(con.table(f"{s}.{t}")) for s, t in names}


def with_catalog(settings: Settings, catalog: str | None) -> Settings:
    return settings.model_copy(update={"catalog": catalog})


def score_again(settings: Settings, run_id: str) -> None:
    """Commit and publish another state: week 6 scored by another run."""
    paths = WarehousePaths(settings.warehouse)
    with open_writer(settings, load_formats(), "test", NOW) as con:
        rescore(con, 6, run_id)
        publish(con, paths)


def test_conversion_and_back_keep_every_row_and_readers_notice_nothing(
    tmp_path: Path, catalog: str
) -> None:
    settings, paths = make_closed(tmp_path)
    before, published = read_tables(paths), paths.snapshot.read_bytes()

    there = convert(with_catalog(settings, catalog), NOW)

    assert (read_tables(paths), errors_of(paths)) == (before, [])
    assert paths.snapshot.read_bytes() == published
    assert not paths.private.exists()
    assert Path(there.left).is_file()
    assert sum(there.tables.values()) > 100

    convert(with_catalog(settings, None), NOW)

    assert (read_tables(paths), errors_of(paths)) == (before, [])
    assert paths.snapshot.read_bytes() == published
    assert not paths.lake.exists()


def test_byte_of_what_a_lake_published_is_found_and_put_right(tmp_path: Path, plain: str) -> None:
    settings, paths = make_closed(tmp_path)
    convert(with_catalog(settings, plain), NOW)
    score_again(settings, "later")
    assert errors_of(paths) == []
    for number in (2, 6):  # published before there was a lake, and from it
        path = paths.parquet("us", week_number(number))
        content = bytearray(path.read_bytes())
        content[content.rindex(b"DuckDB")] ^= 0xFF
        path.write_bytes(content)

        (error,) = errors_of(paths)
        assert f"{path}: expected SHA-256 " in error
        assert "published everything anew" in repair(settings, LATER).done
        assert errors_of(paths) == []


def test_settings_need_not_name_the_lake_of_a_warehouse_that_is_in_one(
    tmp_path: Path, plain: str
) -> None:
    settings, paths = make_closed(tmp_path)
    convert(with_catalog(settings, plain), NOW)

    with open_writer(settings, load_formats(), "test", NOW) as con:
        assert is_lake(con)
    assert find_lake(paths) is not None


def test_new_warehouse_begins_in_the_lake_that_the_settings_name(
    tmp_path: Path, catalog: str
) -> None:
    settings = Settings(warehouse=tmp_path / "warehouse", catalog=catalog)
    paths = WarehousePaths(settings.warehouse)

    with open_writer(settings, load_formats(), "test", NOW) as con, transaction(con):
        mark_revised(con, [])

    with open_writer(settings, load_formats(), "test", NOW) as con:
        publish(con, paths)
    assert (paths.private.exists(), errors_of(paths)) == (False, [])


def test_a_lake_is_read_as_of_a_time(tmp_path: Path, plain: str) -> None:
    settings, paths = make_closed(tmp_path)
    convert(with_catalog(settings, plain), NOW)
    then = dt.datetime.now(dt.UTC)
    query = "select distinct run_id from mart.weekly_scores where feed = 'us' order by all"
    before = run_query_at(paths, query, then)

    score_again(settings, "later")

    assert run_query_at(paths, query, then).equals(before)
    assert "later" not in before.to_series().to_list()
    assert "later" in run_query(paths, query).to_series().to_list()
    with pytest.raises(InputError, match="expected a state of it"):
        run_query_at(paths, query, then - dt.timedelta(days=9))


@pytest.mark.parametrize(
    "query",
    [
        "select * from read_csv('/etc/passwd')",
        "select * from read_text('/etc/hostname')",
        "select * from read_parquet('/tmp/*.parquet')",
    ],
)
def test_question_to_a_lake_reads_no_other_file(asked: WarehousePaths, query: str) -> None:
    with pytest.raises(InputError, match="Cannot access file"):
        run_query_at(asked, query, dt.datetime.now(dt.UTC))


@pytest.mark.parametrize(
    "query", ["delete from mart.weekly_scores", "detach lake", "select 1; select 2"]
)
def test_question_to_a_lake_cannot_write(asked: WarehousePaths, query: str) -> None:
    state = read_tables(asked)

    with pytest.raises(InputError):
        run_query_at(asked, query, dt.datetime.now(dt.UTC))
    assert read_tables(asked) == state


def test_one_file_remembers_no_earlier_state_and_says_so(tmp_path: Path) -> None:
    _, paths = make_closed(tmp_path)

    with pytest.raises(InputError, match=r"mart\.superseded_scores"):
        run_query_at(paths, "select 1", dt.datetime.now(dt.UTC))


def test_backup_of_a_lake_restores_into_it_and_into_one_file(tmp_path: Path, plain: str) -> None:
    settings, paths = make_closed(tmp_path)
    convert(with_catalog(settings, plain), NOW)
    state = read_tables(paths)
    backup = back_up(settings, NOW).folder
    score_again(settings, "later")
    assert read_tables(paths) != state

    done = restore(settings, backup, LATER)

    assert (read_tables(paths), errors_of(paths)) == (state, [])
    assert done.replaced is not None
    elsewhere = Settings(warehouse=tmp_path / "elsewhere")
    restore(elsewhere, backup, LATER)
    assert read_tables(WarehousePaths(elsewhere.warehouse)) == state


def test_maintenance_merges_files_and_keeps_rows_and_the_times_that_it_should(
    tmp_path: Path, remote: str
) -> None:
    settings, paths = make_closed(tmp_path)
    convert(with_catalog(settings, remote), NOW)
    score_again(settings, "first")
    then = dt.datetime.now(dt.UTC)
    query = "select distinct run_id from mart.weekly_scores where feed = 'us' order by all"
    before = run_query_at(paths, query, then)
    score_again(settings, "second")

    report = maintain(settings, dt.datetime.now(dt.UTC))

    assert (report.vacuum.outcome, errors_of(paths)) == ("tended", [])
    assert run_query_at(paths, query, then).equals(before)
    state = read_tables(paths)
    assert maintain(settings, dt.datetime.now(dt.UTC)).vacuum.after_bytes > 0
    assert read_tables(paths) == state


def test_maintenance_forgets_what_is_older_than_the_settings_say(
    tmp_path: Path, plain: str
) -> None:
    settings, paths = make_closed(tmp_path)
    convert(with_catalog(settings, plain), NOW)
    then = dt.datetime.now(dt.UTC)
    score_again(settings, "later")

    maintain(settings, then + dt.timedelta(days=settings.maintenance.lake_days + 1))

    with pytest.raises(InputError, match="lake_days says what is kept"):
        run_query_at(paths, "select 1", then)
    assert errors_of(paths) == []


def test_settings_that_name_another_place_are_refused(tmp_path: Path, plain: str) -> None:
    settings, paths = make_closed(tmp_path)
    state = read_tables(paths)

    with (
        pytest.raises(SettingsError, match="run `songpop convert`, or set it back"),
        open_writer(with_catalog(settings, plain), load_formats(), "test", NOW),
    ):
        pass

    convert(with_catalog(settings, plain), NOW)
    other = with_catalog(settings, f"{plain}-other")
    with (
        pytest.raises(SettingsError, match="songpop convert"),
        open_writer(other, load_formats(), "test", NOW),
    ):
        pass
    with pytest.raises(InputError, match=r"convert --catalog file` first"):
        convert(other, NOW)
    assert read_tables(paths) == state


def test_conversion_to_where_it_is_already_is_refused(tmp_path: Path, plain: str) -> None:
    settings, _ = make_closed(tmp_path)

    with pytest.raises(InputError, match="expected another place"):
        convert(settings, NOW)
    convert(with_catalog(settings, plain), NOW)
    with pytest.raises(InputError, match="expected another place"):
        convert(with_catalog(settings, plain), NOW)


def test_catalogue_of_another_warehouse_is_refused(tmp_path: Path, plain: str) -> None:
    settings, _ = make_closed(tmp_path / "one")
    convert(with_catalog(settings, plain), NOW)
    second, paths = make_closed(tmp_path / "two")
    state = read_tables(paths)

    with pytest.raises(CheckError, match="another warehouse; name another"):
        convert(with_catalog(second, plain), NOW)

    assert (read_tables(paths), errors_of(paths)) == (state, [])
    fresh = Settings(warehouse=tmp_path / "three", catalog=plain)
    with (
        pytest.raises(CheckError, match="another warehouse; name another"),
        open_writer(fresh, load_formats(), "test", NOW),
    ):
        pass


@pytest.mark.parametrize("stage", ["read_file", "replace_durably"])
def test_conversion_that_was_killed_is_done_by_the_next_one(
    tmp_path: Path, plain: str, stage: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings, paths = make_closed(tmp_path)
    state = read_tables(paths)

    def die(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(f"songpop.warehouse.convert.{stage}", die)
        with pytest.raises(KeyboardInterrupt):
            convert(with_catalog(settings, plain), NOW)
    assert (read_tables(paths), errors_of(paths)) == (state, [])

    convert(with_catalog(settings, plain), NOW)

    assert (read_tables(paths), errors_of(paths)) == (state, [])
    assert not paths.converting.exists()


def test_password_in_the_settings_is_refused(tmp_path: Path) -> None:
    settings = Settings(
        warehouse=tmp_path, catalog="ducklake:postgres:dbname=songpop password=secret"
    )

    with pytest.raises(SettingsError, match="PGPASSWORD") as caught:
        LakeLocation.of(settings)
    assert "secret" not in str(caught.value)


def test_catalogue_that_does_not_answer_is_named_with_the_remedy(tmp_path: Path) -> None:
    catalog = "ducklake:postgres:host=127.0.0.1 port=1 dbname=songpop"
    with open_catalog("duckdb", tmp_path):
        settings = Settings(warehouse=tmp_path / "warehouse", catalog=catalog)

    with (
        pytest.raises(CheckError, match="expected one that answers, got"),
        open_writer(settings, load_formats(), "test", NOW),
    ):
        pass


def test_missing_extension_is_named_with_the_remedy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def find_none(_: str) -> None:
        return None

    monkeypatch.setattr("importlib.util.find_spec", find_none)
    settings = Settings(warehouse=tmp_path / "warehouse", catalog="ducklake:catalog.ducklake")

    with (
        pytest.raises(CheckError, match=r"install songpop\[cluster\]"),
        open_writer(settings, load_formats(), "test", NOW),
    ):
        pass


@pytest.mark.parametrize("content", ["", "{}", '{"catalog": 1}', "no JSON"])
def test_damaged_pointer_is_named(tmp_path: Path, content: str) -> None:
    paths = WarehousePaths(tmp_path)
    paths.lake.parent.mkdir(parents=True)
    paths.lake.write_text(content)

    with pytest.raises(CheckError, match="expected catalog and data as JSON"):
        find_lake(paths)


def test_doctor_finds_a_missing_data_file(tmp_path: Path, plain: str) -> None:
    settings, paths = make_closed(tmp_path)
    convert(with_catalog(settings, plain), NOW)
    maintain(settings, dt.datetime.now(dt.UTC))
    data = Path(json.loads(paths.lake.read_text())["data"])
    files = sorted(data.rglob("*.parquet"))
    assert files
    files[0].unlink()

    assert errors_of(paths)


def test_readers_of_the_lake_see_whole_states_while_weeks_are_written(tmp_path: Path) -> None:
    with open_catalog("postgres", tmp_path) as catalog:
        settings, paths = make_closed(tmp_path)
        convert(with_catalog(settings, catalog), NOW)
        query = "select distinct run_id from mart.weekly_scores where week = $week"
        seen: list[list[tuple[str]]] = []
        with open_private(paths, "test", 0) as reader:
            for number in range(5):
                # As another machine's process would, past the lock that the reader holds here.
                writer = connect(paths, settings.memory_limit)
                rescore(writer, 6, f"run-{number}")
                writer.close()
                seen.append(reader.execute(query, {"week": week_number(6)}).fetchall())

    assert seen == [[(f"run-{number}",)] for number in range(5)]


def test_catalogue_that_cannot_be_found_is_never_begun_anew(tmp_path: Path, plain: str) -> None:
    settings, paths = make_closed(tmp_path)
    convert(with_catalog(settings, plain), NOW)
    state, published = read_tables(paths), paths.snapshot.read_bytes()
    file = Path(plain.removeprefix("ducklake:"))
    file.rename(tmp_path / "away")

    with (
        pytest.raises(CheckError, match="expected the lake's, got none; bring it back"),
        open_writer(settings, load_formats(), "test", NOW),
    ):
        pass

    assert not file.exists()
    (tmp_path / "away").rename(file)
    assert (read_tables(paths), paths.snapshot.read_bytes()) == (state, published)


def test_catalogue_that_was_emptied_is_never_begun_anew(tmp_path: Path) -> None:
    with open_catalog("postgres", tmp_path) as catalog:
        settings, paths = make_closed(tmp_path)
        convert(with_catalog(settings, catalog), NOW)
        other = catalog.rpartition("=")[0] + "=postgres"
        paths.lake.write_text(paths.lake.read_text().replace(catalog, other))

        with (
            pytest.raises(CheckError, match="expected the lake's, got none; bring it back"),
            open_writer(settings, load_formats(), "test", NOW),
        ):
            pass


@pytest.mark.parametrize("inside", ["songpop.duckdb", "private/songpop.duckdb", "landing/x", ""])
def test_catalogue_within_the_warehouse_is_refused(tmp_path: Path, inside: str) -> None:
    settings, paths = make_closed(tmp_path)
    state = read_tables(paths)

    with pytest.raises(SettingsError, match="expected a file of its own"):
        convert(with_catalog(settings, f"ducklake:{paths.root / inside}"), NOW)
    with pytest.raises(SettingsError, match="expected a file of its own"):
        convert(with_catalog(settings, "ducklake:"), NOW)

    assert (read_tables(paths), errors_of(paths)) == (state, [])


def test_catalogue_is_found_from_another_folder(
    tmp_path: Path, plain: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert plain
    settings, paths = make_closed(tmp_path)
    state = read_tables(paths)
    monkeypatch.chdir(tmp_path)
    convert(with_catalog(settings, "ducklake:here.ducklake"), NOW)
    (tmp_path / "elsewhere").mkdir()

    monkeypatch.chdir(tmp_path / "elsewhere")

    assert read_tables(paths) == state
    with open_writer(settings, load_formats(), "test", NOW) as con:
        assert is_lake(con)


def test_data_of_an_earlier_lake_is_not_shared(tmp_path: Path, plain: str) -> None:
    settings, paths = make_closed(tmp_path)
    convert(with_catalog(settings, plain), NOW)
    convert(with_catalog(settings, None), NOW)
    state = read_tables(paths)

    with pytest.raises(CheckError, match=r"expected an empty one, got files; remove what an earl"):
        convert(with_catalog(settings, f"{plain}-2"), NOW)
    assert read_tables(paths) == state

    moved = with_catalog(settings, f"{plain}-2").model_copy(
        update={"lake_data": str(tmp_path / "second")}
    )
    convert(moved, NOW)
    assert (read_tables(paths), errors_of(paths)) == (state, [])


def test_lost_data_file_is_told_to_who_asks(tmp_path: Path, plain: str) -> None:
    settings, paths = make_closed(tmp_path)
    convert(with_catalog(settings, plain), NOW)
    for file in (paths.root / "lake" / "mart" / "weekly_scores").rglob("*.parquet"):
        file.unlink()

    with pytest.raises(CheckError, match="expected one that answers, got"):
        run_query_at(paths, "from mart.weekly_scores", dt.datetime.now(dt.UTC))
