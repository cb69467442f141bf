"""A frame that may be larger than memory: in consecutive parts, one in memory or several on disk.

A week of any size is built, scored and explained part by part; what concerns all of it, such as a
median, is read a column at a time.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import polars as pl

from songpop.errors import CheckError, expected

_COMPRESSION: Final = "lz4"
_ROW_GROUP_ROWS: Final = 1 << 16
"""Rows that are read together at least."""
_SORTED_ROW_GROUP_ROWS: Final = 1 << 13
"""Of parts in order, which are read a slice at a time: a few rows should not cost all of a part."""


@dataclass(frozen=True, eq=False)
class Parts:
    """Consecutive parts of one frame; at least one, which may be empty.

    Attributes:
        heights: rows of each part.
        frame: the one part, in memory; null where they are files.
        files: a Parquet file a part; empty where it is in memory.
    """

    heights: tuple[int, ...]
    frame: pl.DataFrame | None = None
    files: tuple[Path, ...] = ()

    @staticmethod
    def of(frame: pl.DataFrame) -> "Parts":
        """Return *frame* as its only part."""
        return Parts((frame.height,), frame)

    @property
    def height(self) -> int:
        """Rows of all parts."""
        return sum(self.heights)

    @property
    def count(self) -> int:
        """Number of parts."""
        return len(self.heights)

    @property
    def columns(self) -> list[str]:
        """Names of the columns."""
        return self._scan(0).collect_schema().names()

    def column(self, name: str) -> pl.Series:
        """Return one column of all parts."""
        columns = [self._scan(number).select(name) for number in range(self.count)]
        return pl.concat(pl.collect_all(columns)).get_column(name)

    def read(self, number: int) -> pl.DataFrame:
        """Return one part.

        Raises:
            CheckError: its file holds other rows than were written.
        """
        part = self._scan(number).collect()
        if part.height != self.heights[number]:
            wanted, got = f"{self.heights[number]:,} rows", f"{part.height:,}"
            raise CheckError(expected(str(self.files[number]), wanted, got, "run again"))
        return part

    def slice(self, number: int, first: int, count: int) -> pl.DataFrame:
        """Return *count* rows of one part from row *first* on, both within it."""
        return self._scan(number).slice(first, count).collect()

    def __iter__(self) -> Iterator[pl.DataFrame]:
        """Yield the parts in order, each read when its turn comes."""
        return (self.read(number) for number in range(self.count))

    def _scan(self, number: int) -> pl.LazyFrame:
        if self.frame is not None:
            return self.frame.lazy()
        return pl.scan_parquet(self.files[number], glob=False, hive_partitioning=False)


class PartsWriter:
    """Collects a frame that comes in pieces of any size into parts of *rows_count* rows.

    As long as it fits one part it stays in memory; beyond, parts go to files. All parts but the
    last have exactly *rows_count* rows.

    Args:
        folder: where files go; it is made if there are any.
        name: how their names begin.
        rows_count: rows of a part.
        sort: puts the rows of a part in order, before they go to its file; null: as they came.
    """

    def __init__(
        self,
        folder: Path,
        name: str,
        rows_count: int,
        sort: Callable[[pl.DataFrame], pl.DataFrame] | None = None,
    ) -> None:
        self._folder = folder
        self._name = name
        self._rows_count = rows_count
        self._sort = sort
        self._waiting: list[pl.DataFrame] = []
        self._files: list[Path] = []

    def add(self, piece: pl.DataFrame) -> None:
        """Take the next rows.

        Raises:
            OSError: they cannot be written.
        """
        self._waiting.append(piece)
        # One part alone is never written, so the last one waits until more comes.
        while sum(rows.height for rows in self._waiting) > self._rows_count:
            together = pl.concat(self._waiting)
            self._write(together.head(self._rows_count))
            self._waiting = [together.slice(self._rows_count)]

    def finish(self) -> Parts:
        """Return what came; at least one piece must have, if an empty one.

        Raises:
            OSError: the last rows cannot be written.
        """
        last = pl.concat(self._waiting, rechunk=True)
        self._waiting = []
        if not self._files:
            return Parts.of(last)
        self._write(last)
        heights = (self._rows_count,) * (len(self._files) - 1)
        return Parts((*heights, last.height), None, tuple(self._files))

    def _write(self, part: pl.DataFrame) -> None:
        path = self._folder / f"{self._name}-{len(self._files):05}.parquet"
        self._folder.mkdir(parents=True, exist_ok=True)
        rows, together = part, _ROW_GROUP_ROWS
        if self._sort is not None:
            rows, together = self._sort(part), _SORTED_ROW_GROUP_ROWS
        rows.write_parquet(path, compression=_COMPRESSION, row_group_size=together)
        self._files.append(path)
