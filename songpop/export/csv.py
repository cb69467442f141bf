"""CSV of RFC 4180: lines end in CR LF, quotes are doubled, UTF-8."""

import codecs
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final

import polars as pl

from songpop.errors import InputError, expected
from songpop.export.cells import make_harmless
from songpop.warehouse.durable import make_folder, replace_durably
from songpop.warehouse.paths import WarehousePaths

_TIMES: Final = "%Y-%m-%dT%H:%M:%S%.fZ"


@dataclass(frozen=True)
class Written:
    """What a file holds."""

    rows_count: int
    cut_count: int
    """Cells that were longer than a spreadsheet holds."""


def check_free(out: Path, paths: WarehousePaths, *, replaces: bool) -> None:
    """Refuse an *out* that would overwrite something.

    Raises:
        InputError: there is a file and it may not be replaced, a folder, or what is no file at
            all; or it is among the warehouse's own files.
    """
    own = (paths.snapshot, paths.private.parent, paths.models, paths.published.parent)
    if any(out.resolve().is_relative_to(one.resolve()) for one in own):
        got = "one among the warehouse's own files"
        raise InputError(expected(f"--out {out}", "another place", got, "choose another folder"))
    if out.is_dir():
        message = expected(f"--out {out}", "a file", "a folder", "add a name, like scores.csv")
        raise InputError(message)
    if out.is_symlink() or (out.exists() and not out.is_file()):
        got = "a link" if out.is_symlink() else "a device, pipe or socket"
        remedy = "name a file; without --out the rows go to standard output"
        raise InputError(expected(f"--out {out}", "a file", got, remedy))
    if out.exists() and not replaces:
        message = expected(
            f"--out {out}", "a new file", "one that exists", "pass --force to replace it"
        )
        raise InputError(message)


def write_file(frames: Iterable[pl.DataFrame], out: Path) -> Written:
    """Write *frames* to *out*, aside and then renamed; folders that it lacks are made.

    It begins with a byte order mark, without which Excel takes UTF-8 for the local code page.
    """
    make_folder(out.parent)
    aside = out.with_name(f".{out.name}.part")
    try:
        with aside.open("wb") as file:
            written = write_stream(frames, file, has_bom=True)
        replace_durably(aside, out)
    finally:
        aside.unlink(missing_ok=True)
    return written


def write_stream(frames: Iterable[pl.DataFrame], file: BinaryIO, *, has_bom: bool) -> Written:
    """Write *frames*, of one schema, below one header.

    Args:
        frames: at least one, which may be empty.
        file: open for bytes.
        has_bom: whether a byte order mark comes first.
    """
    rows_count = cut_count = 0
    file.write(codecs.BOM_UTF8 if has_bom else b"")
    for number, df in enumerate(frames):
        safe, count = make_harmless(df)
        # polars would hide from us whether a pipe was closed or a disk is full.
        text = safe.write_csv(
            include_header=number == 0, line_terminator="\r\n", datetime_format=_TIMES
        )
        file.write(text.encode())
        rows_count += df.height
        cut_count += count
    return Written(rows_count, cut_count)
