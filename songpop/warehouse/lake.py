"""Tables in a DuckLake instead of one file: Parquet on shared storage, a database as catalogue.

The folder of the warehouse holds everything else as before, the writer's lock among it, and
``private/lake.json``, which says where the tables are. Whoever opens the folder finds them by it.
"""

import datetime as dt
import importlib.util
import os
import re
from pathlib import Path
from typing import Final, Self

import duckdb
from pydantic import BaseModel, ConfigDict, ValidationError

from songpop.errors import CheckError, SettingsError, expected
from songpop.settings import Settings
from songpop.warehouse.connection import open_database
from songpop.warehouse.durable import write_durably
from songpop.warehouse.paths import WarehousePaths
from songpop.warehouse.sqlfiles import read_sql

ALIAS: Final = "lake"
"""What the lake is called in a connection, which uses it: statements name schema and table."""

_SCHEME: Final = "ducklake:"
_SERVER: Final = f"{_SCHEME}postgres:"
_OCCUPIED: Final = (
    "name another, or remove what is there if no warehouse's private/lake.json leads to it"
)
_OWN_STORE: Final = "DUCKDB_S3_ENDPOINT"
_INSTALL: Final = "install songpop[cluster], and DuckDB 1.5.5"


class LakeLocation(BaseModel):
    """What ``private/lake.json`` holds; no password is ever written into it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    catalog: str
    """As the setting ``catalog`` has it."""
    data: str
    """Folder or ``s3://`` prefix of the Parquet files."""

    @property
    def extensions(self) -> tuple[str, ...]:
        """DuckDB's extensions that it takes."""
        names = ["ducklake"]
        if self.catalog.startswith(_SERVER):
            names.append("postgres_scanner")
        if not Path(self.data).is_absolute():
            names.append("httpfs")
        return tuple(names)

    @classmethod
    def of(cls, settings: Settings) -> Self | None:
        """Return the place that the settings name; null where they name none.

        Raises:
            SettingsError: the catalogue is none of DuckLake's, or holds a password.
        """
        if settings.catalog is None:
            return None
        if not settings.catalog.startswith(_SCHEME):
            wanted = "ducklake:postgres:dbname=… host=…, or ducklake: and a file"
            remedy = "name a DuckLake's catalogue, or none for one file"
            raise SettingsError(expected("setting catalog", wanted, "another", remedy))
        catalog = _settle_file(settings.catalog, settings.warehouse)
        if re.search(r"\bpassword\s*=", settings.catalog, re.IGNORECASE):
            remedy = "leave it out and set PGPASSWORD, or keep it in ~/.pgpass"
            raise SettingsError(expected("setting catalog", "no password", "one", remedy))
        data = settings.lake_data or str((settings.warehouse / "lake").resolve())
        is_remote = "://" in data
        return cls(catalog=catalog, data=data if is_remote else str(Path(data).resolve()))


def find_lake(paths: WarehousePaths) -> LakeLocation | None:
    """Return where the tables of a warehouse are; null where they are in its private file.

    Raises:
        CheckError: ``lake.json`` is damaged.
    """
    try:
        return LakeLocation.model_validate_json(paths.lake.read_bytes())
    except FileNotFoundError:
        return None
    except ValidationError as error:
        got = f"another ({error.errors()[0]['msg']})"
        remedy = "restore it: it names the catalogue and the folder of the data"
        message = expected(str(paths.lake), "catalog and data as JSON", got, remedy)
        raise CheckError(message) from error


def settle_place(paths: WarehousePaths, settings: Settings) -> None:
    """Have a new warehouse begin where the settings say; an old one stays where it is.

    Raises:
        SettingsError: the settings name another place than the one that the warehouse has.
        CheckError: the catalogue holds the tables of another warehouse.
    """
    wanted, present = LakeLocation.of(settings), find_lake(paths)
    if wanted is None or wanted == present:
        return
    if present is not None or paths.private.exists():
        got = str(paths.private) if present is None else describe_place(present)
        remedy = "run `songpop convert`, or set it back"
        raise SettingsError(
            expected(
                "setting catalog", f"that of {paths.root}, {got}", describe_place(wanted), remedy
            )
        )
    begin_lake(paths, wanted)


def begin_lake(paths: WarehousePaths, location: LakeLocation) -> None:
    """Make an empty lake the place of a warehouse's tables.

    Raises:
        CheckError: the catalogue holds the tables of another warehouse.
    """
    con = open_database()
    try:
        require_empty_data(location)
        attach_lake(con, location, begins=True)
        require_empty(con, location)
    finally:
        con.close()
    write_durably(paths.lake, location.model_dump_json(indent=2) + "\n")


def require_empty(con: duckdb.DuckDBPyConnection, location: LakeLocation) -> None:
    """Do nothing where the lake of *con* has no tables.

    Raises:
        CheckError: it has some.
    """
    tables = con.execute(read_sql("marts/list_tables")).fetchall()
    if tables:
        got = f"{len(tables)} of another warehouse, or left from an earlier move"
        raise CheckError(expected(f"catalogue {location.catalog}", "no table", got, _OCCUPIED))


def require_empty_data(location: LakeLocation) -> None:
    """Do nothing where the data's folder is empty or absent; a prefix elsewhere is not looked at.

    Raises:
        CheckError: it holds files: of another lake, or left from an earlier move.
    """
    folder = Path(location.data)
    if folder.is_absolute() and folder.is_dir() and any(folder.iterdir()):
        remedy = "remove what an earlier move left there, or name another with lake_data"
        raise CheckError(expected(f"folder {folder}", "an empty one", "files", remedy))


def describe_place(location: LakeLocation) -> str:
    """Return the place in words."""
    return f"{location.catalog} with its data in {location.data}"


def attach_lake(
    con: duckdb.DuckDBPyConnection,
    location: LakeLocation,
    *,
    begins: bool = False,
    read_only: bool = False,
    at: dt.datetime | None = None,
) -> None:
    """Attach the lake to *con*, which uses it from then on.

    Args:
        con: a connection.
        location: the lake.
        begins: whether a catalogue that holds none gets one; else there must be one, since a
            new one in the place of one that cannot be found would be taken for the warehouse.
        read_only: whether nothing can be written.
        at: the time as of which it is read; null: now.

    Raises:
        CheckError: an extension is missing, or the catalogue cannot be reached or read.
    """
    # Rows kept in the catalogue itself cannot always be written out later: DuckLake 1.0 forgets
    # that a column was allowed to be null meanwhile.
    options = [f"data_path {_quoted(location.data)}", "data_inlining_row_limit 0"]
    if not begins:
        _require_catalog(location)
        options.append("create_if_not_exists false")
    if read_only:
        options = ["read_only"]
    if at is not None:
        options.append(f"snapshot_time {_quoted(at.isoformat())}")
    try:
        for name in location.extensions:
            con.execute(f"load {_quoted(_find_extension(name))}")
        if "httpfs" in location.extensions and os.environ.get(_OWN_STORE):
            # Stores of one's own (MinIO, Ceph) have the bucket in the path, not in the host's name.
            con.execute("set global s3_url_style = 'path'")
        con.execute(f"attach {_quoted(location.catalog)} as {ALIAS} ({', '.join(options)})")
        con.execute(f"use {ALIAS}")
    except duckdb.Error as error:
        raise CheckError(describe_unreachable(location, error)) from error


def describe_unreachable(location: LakeLocation, error: Exception) -> str:
    """Return what to tell a person whose lake cannot be opened."""
    got = str(error).partition("\n")[0]
    if "Existing DuckLake" in got and "does not exist" in got:
        return _describe_lost(location)
    if "does not match existing data path" in got:
        subject, wanted = f"catalogue {location.catalog}", f"data in {location.data}"
        return expected(subject, wanted, "that of another warehouse", _OCCUPIED)
    remedy = "check that its server runs and that this machine may connect and read the data"
    return expected(f"catalogue {location.catalog}", "one that answers", got, remedy)


def is_lake(con: duckdb.DuckDBPyConnection) -> bool:
    """Whether the database that *con* uses is a DuckLake."""
    row = con.execute(read_sql("lake/kind_of_database")).fetchone()
    return row is not None and row[0] == "ducklake"


def _find_extension(name: str) -> str:
    """Return the path of one of DuckDB's extensions, as its Python package brings it.

    Raises:
        CheckError: the package is not installed, or is for another DuckDB.
    """
    found = importlib.util.find_spec(f"duckdb_extension_{name}")
    folder = None if found is None or found.origin is None else Path(found.origin).parent
    version = f"v{duckdb.__version__}"
    if folder is not None:
        path = folder / "extensions" / version / f"{name}.duckdb_extension"
        if path.is_file():
            return str(path)
    got = "none" if folder is None else "one for another DuckDB"
    message = expected(f"DuckDB's extension {name}", f"one for DuckDB {version}", got, _INSTALL)
    raise CheckError(message)


def _settle_file(catalog: str, warehouse: Path) -> str:
    """Return a catalogue that is a file by its whole path, since commands run in other folders.

    Raises:
        SettingsError: it names no file, or one in the warehouse, where files are replaced.
    """
    if catalog.startswith(_SERVER):
        return catalog
    name = catalog.removeprefix(_SCHEME).strip()
    path = Path(name).resolve()
    if not name or path.is_dir() or path.is_relative_to(warehouse.resolve()):
        got = "one in the warehouse's folder" if name and not path.is_dir() else "none"
        remedy = "name a database of a Postgres, or a file beside the warehouse"
        raise SettingsError(expected("setting catalog", "a file of its own", got, remedy))
    return f"{_SCHEME}{path}"


def _require_catalog(location: LakeLocation) -> None:
    """Do nothing where the catalogue is a server's, or a file that is there.

    Raises:
        CheckError: the file is absent; DuckDB would make an empty one.
    """
    path = Path(location.catalog.removeprefix(_SCHEME))
    if not (location.catalog.startswith(_SERVER) or path.is_file()):
        raise CheckError(_describe_lost(location))


def _describe_lost(location: LakeLocation) -> str:
    remedy = "bring it back, for the warehouse's tables are in it; nothing was changed"
    return expected(f"catalogue {location.catalog}", "the lake's", "none", remedy)


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
