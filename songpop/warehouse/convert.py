"""A warehouse moved from one file to a lake, or back; readers see the same throughout."""

import datetime as dt
from dataclasses import dataclass

from songpop.errors import InputError, expected
from songpop.formats.registry import load_formats
from songpop.settings import Settings
from songpop.warehouse.durable import remove_durably, replace_durably, write_durably
from songpop.warehouse.lake import (
    LakeLocation,
    describe_place,
    find_lake,
    require_empty,
    require_empty_data,
)
from songpop.warehouse.paths import WarehousePaths
from songpop.warehouse.transfer import read_file, write_file
from songpop.warehouse.writer import connect, explained, hold_warehouse, open_held


@dataclass(frozen=True)
class Conversion:
    """What was moved, and where the tables were before."""

    place: str
    """Where they are now, in words."""
    tables: dict[str, int]
    """Rows of each table, by name; each was compared."""
    left: str
    """What is left of the place before, for a person to remove."""


def convert(settings: Settings, now: dt.datetime) -> Conversion:
    """Move the tables of a warehouse to where the setting ``catalog`` says.

    All rows are compared before anything changes; then one file decides, ``private/lake.json``:
    killed at any moment, the warehouse is in the old place or the new one, whole.

    Args:
        settings: of the warehouse; without ``catalog`` the tables go into the private file.
        now: the time that is recorded for migrations that are applied first.

    Raises:
        InputError: there is no warehouse, or it is there already.
        BusyError: another process writes to it.
        CheckError: the catalogue cannot be reached or is not empty, or a copy differs.
    """
    paths = WarehousePaths(settings.warehouse)
    if not paths.exists:
        remedy = "run `songpop run` first, or pass --warehouse"
        raise InputError(expected(f"warehouse {paths.root}", "a warehouse", "none", remedy))
    wanted, present = LakeLocation.of(settings), find_lake(paths)
    with hold_warehouse(settings, "songpop convert"), explained(paths):
        if wanted == present:
            place = str(paths.private) if present is None else describe_place(present)
            remedy = "set catalog to where it should be, or unset it for one file"
            raise InputError(expected(f"warehouse {paths.root}", "another place", place, remedy))
        if wanted is not None and present is not None:
            got = describe_place(present)
            remedy = "`songpop convert --catalog file` first, then to the other catalogue"
            raise InputError(expected(f"warehouse {paths.root}", "one file", got, remedy))
        # As it is now, whatever the settings say of the future.
        at_present = settings.model_copy(update={"catalog": None})
        if wanted is None:
            return _to_file(paths, at_present, now)
        return _to_lake(paths, at_present, wanted, now)


def _to_lake(
    paths: WarehousePaths, settings: Settings, location: LakeLocation, now: dt.datetime
) -> Conversion:
    formats = load_formats(settings.formats_dir)
    with open_held(settings, formats, now) as con:
        con.execute("checkpoint")
    content = location.model_dump_json(indent=2) + "\n"
    was_begun = _was_begun(paths, content)
    if not was_begun:
        require_empty_data(location)
    con = connect(paths, settings.memory_limit, location)
    try:
        if not was_begun:
            require_empty(con, location)
        write_durably(paths.converting, content)
        tables = read_file(con, paths.private, formats, now)
    finally:
        con.close()
    replace_durably(paths.converting, paths.lake)
    left = paths.private.with_name(f"{paths.private.name}.{now:%Y%m%dT%H%M%S}")
    paths.private.rename(left)
    return Conversion(describe_place(location), tables, str(left))


def _was_begun(paths: WarehousePaths, content: str) -> bool:
    """Whether what is in the catalogue comes from a conversion to it that was killed."""
    return paths.converting.is_file() and paths.converting.read_text("utf-8") == content


def _to_file(paths: WarehousePaths, settings: Settings, now: dt.datetime) -> Conversion:
    formats = load_formats(settings.formats_dir)
    present = find_lake(paths)
    aside = paths.scratch / "converted.duckdb"
    with open_held(settings, formats, now) as con:
        tables = write_file(con, aside, formats, now)
    replace_durably(aside, paths.private)
    remove_durably(paths.lake)
    left = "" if present is None else describe_place(present)
    return Conversion(str(paths.private), tables, left)
