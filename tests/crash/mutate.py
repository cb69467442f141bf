"""Mutants of exports: bytes, cells, rows, headers, encodings, line ends, quotes and compression."""

import gzip
import io
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import polars as pl
import zstandard

ROWS_COUNT: Final = 25
"""Rows that are taken of a real export; a mutant is small, so that many can be tried."""
MOST_MUTATIONS: Final = 3
_PARQUET_SHARE: Final = 0.15
"""Of the mutants; the others are of text."""

Mutate = Callable[[bytes, np.random.Generator], bytes]

_NASTY: Final = (
    b"",
    b" ",
    b'"',
    b'""',
    b'"a\nb"',
    b'"a,b',
    b"-1",
    b"1e308",
    b"-1e400",
    b"NaN",
    b"inf",
    b"0x10",
    b"9" * 40,
    b"1,234,567",
    b"1.234.567,8",
    b"2024-02-30",
    b"31/12/2024",
    b"0001-01-01",
    b"9999-12-31",
    b"=1+1",
    b"<script>alert(1)</script>",
    b"\x1b[31mred",
    "\u202egnp.exe".encode(),
    "\u200b".encode(),
    b"nul\x00here",
    b"\xff\xfe",
    b"x" * 10_000,
    b"'; drop table core.weeks; --",
    b"../../etc/passwd",
    "\U0001f469\u200d\U0001f3a4".encode(),
)


@dataclass(frozen=True)
class Mutant:
    """A file that is no longer what a platform served."""

    name: str
    content: bytes
    parent: str
    """The real export."""
    mutations: tuple[str, ...]


def make_mutant(parents: Sequence[Path], seed: int) -> Mutant:
    """Return the mutant of *seed*: one to three mutations of one of the *parents*."""
    rng = np.random.default_rng(seed)
    parent = parents[int(rng.integers(len(parents)))]
    content = take_head(parent.read_bytes())
    if rng.random() < _PARQUET_SHARE:
        return _make_parquet_mutant(parent, content, rng)
    chosen = [
        MUTATIONS[rng.integers(len(MUTATIONS))] for _ in range(rng.integers(1, 1 + MOST_MUTATIONS))
    ]
    for mutate in chosen:
        content = mutate(content, rng)
    name, content = _wrap(parent.name, content, rng)
    return Mutant(name, content, parent.name, tuple(mutate.__name__ for mutate in chosen))


def _make_parquet_mutant(parent: Path, content: bytes, rng: np.random.Generator) -> Mutant:
    """Write a parent as real Parquet; harm its bytes at most twice, or not at all."""
    written = write_parquet(content, rng)
    chosen = [
        PARQUET_MUTATIONS[rng.integers(len(PARQUET_MUTATIONS))] for _ in range(rng.integers(3))
    ]
    for mutate in chosen:
        written = mutate(written, rng)
    mutations = ("write_parquet", *(mutate.__name__ for mutate in chosen))
    return Mutant(f"{parent.stem}.parquet", written, parent.name, mutations)


def write_parquet(content: bytes, rng: np.random.Generator) -> bytes:
    """Return the rows of a text as Parquet, its columns text or, half of the time, typed."""
    is_typed = bool(rng.random() < 0.5)
    frame = pl.read_csv(
        content,
        separator="\t" if b"\t" in content.partition(b"\n")[0] else ",",
        infer_schema=is_typed,
        try_parse_dates=is_typed,
        encoding="utf8-lossy",
        truncate_ragged_lines=True,
        ignore_errors=True,
    )
    written = io.BytesIO()
    frame.write_parquet(written, compression=("uncompressed", "snappy", "zstd")[rng.integers(3)])
    return written.getvalue()


def take_head(content: bytes) -> bytes:
    """Return the first rows, with whatever line ends they have."""
    ends = [found.end() for found in re.finditer(rb"\r\n?|\n", content)]
    return content if len(ends) <= ROWS_COUNT else content[: ends[ROWS_COUNT]]


def flip_bytes(content: bytes, rng: np.random.Generator) -> bytes:
    """Set some bytes to others."""
    changed = bytearray(content)
    for _ in range(rng.integers(1, 8)):
        if changed:
            changed[rng.integers(len(changed))] = rng.integers(256)
    return bytes(changed)


def cut_bytes(content: bytes, rng: np.random.Generator) -> bytes:
    """Take a piece out."""
    start, stop = sorted(rng.integers(0, len(content) + 1, 2))
    return content[:start] + content[stop:]


def repeat_bytes(content: bytes, rng: np.random.Generator) -> bytes:
    """Say a piece twice."""
    start, stop = sorted(rng.integers(0, len(content) + 1, 2))
    return content[:stop] + content[start:]


def truncate(content: bytes, rng: np.random.Generator) -> bytes:
    """Keep the beginning."""
    return content[: rng.integers(0, len(content) + 1)]


def insert_nasty(content: bytes, rng: np.random.Generator) -> bytes:
    """Put something harmful anywhere."""
    place = rng.integers(0, len(content) + 1)
    return content[:place] + _NASTY[rng.integers(len(_NASTY))] + content[place:]


def replace_cells(content: bytes, rng: np.random.Generator) -> bytes:
    """Put something harmful into cells."""
    lines = _split(content)
    for _ in range(rng.integers(1, 6)):
        if lines:
            number = rng.integers(len(lines))
            cells = lines[number].split(b",")
            cells[rng.integers(len(cells))] = _NASTY[rng.integers(len(_NASTY))]
            lines[number] = b",".join(cells)
    return b"".join(lines)


def shuffle_rows(content: bytes, rng: np.random.Generator) -> bytes:
    """Put the lines, the header among them, into another order."""
    lines = _split(content)
    return b"".join(lines[number] for number in rng.permutation(len(lines)))


def repeat_rows(content: bytes, rng: np.random.Generator) -> bytes:
    """Say lines twice."""
    lines = _split(content)
    for _ in range(rng.integers(1, 5)):
        if lines:
            lines.insert(rng.integers(len(lines) + 1), lines[rng.integers(len(lines))])
    return b"".join(lines)


def drop_rows(content: bytes, rng: np.random.Generator) -> bytes:
    """Leave lines out, the header perhaps."""
    return b"".join(line for line in _split(content) if rng.random() > 0.3)


def change_header(content: bytes, rng: np.random.Generator) -> bytes:
    """Rename, repeat, drop or reorder columns of the first line."""
    first, *rest = _split(content) or [b""]
    cells = first.rstrip(b"\r\n").split(b",")
    end = first[len(first.rstrip(b"\r\n")) :]
    kind, place = rng.integers(4), rng.integers(len(cells))
    if kind == 0:
        cells[place] = cells[place].swapcase() + b" "
    elif kind == 1:
        cells.insert(place, cells[rng.integers(len(cells))])
    elif kind == 2:
        del cells[place]
    else:
        cells = [cells[number] for number in rng.permutation(len(cells))]
    return b",".join(cells) + end + b"".join(rest)


def encode(content: bytes, rng: np.random.Generator) -> bytes:
    """Write the text in another encoding."""
    encoding = ("utf-16", "utf-16-le", "utf-8-sig", "latin-1", "cp1252", "utf-32")[rng.integers(6)]
    return content.decode("utf-8", "replace").encode(encoding, "replace")


def change_line_ends(content: bytes, rng: np.random.Generator) -> bytes:
    """End lines otherwise, some of them perhaps."""
    ends = (b"\r", b"\r\n", b"\n", b"\n\n", b"\n\r", b"\x0b", b"")
    kind = rng.integers(len(ends) + 1)

    def end(_: re.Match[bytes]) -> bytes:
        return ends[rng.integers(len(ends))] if kind == len(ends) else ends[kind]

    return re.sub(rb"\r\n?|\n", end, content)


def add_quotes(content: bytes, rng: np.random.Generator) -> bytes:
    """Put quotes at some commas, so that not all are closed."""
    return re.sub(rb",", lambda found: b',"' if rng.random() < 0.1 else found[0], content)


def change_delimiter(content: bytes, rng: np.random.Generator) -> bytes:
    """Divide cells by something else."""
    return content.replace(b",", (b";", b"\t", b"|", b", ")[rng.integers(4)])


def widen(content: bytes, rng: np.random.Generator) -> bytes:
    """Add very many columns to one line."""
    lines = _split(content) or [b""]
    lines[rng.integers(len(lines))] += b"," * int(rng.integers(1, 60_000))
    return b"\n".join(lines)


MUTATIONS: Final[tuple[Mutate, ...]] = (
    flip_bytes,
    cut_bytes,
    repeat_bytes,
    truncate,
    insert_nasty,
    replace_cells,
    shuffle_rows,
    repeat_rows,
    drop_rows,
    change_header,
    encode,
    change_line_ends,
    add_quotes,
    change_delimiter,
    widen,
)


PARQUET_MUTATIONS: Final[tuple[Mutate, ...]] = (
    flip_bytes,
    flip_bytes,
    flip_bytes,
    cut_bytes,
    repeat_bytes,
    truncate,
    insert_nasty,
)
"""Without text to speak of, bytes alone: mostly some of them."""


def _split(content: bytes) -> list[bytes]:
    return content.splitlines(keepends=True)


def _wrap(name: str, content: bytes, rng: np.random.Generator) -> tuple[str, bytes]:
    """Compress some, some of those wrongly; name some strangely."""
    packed, dense = gzip.compress(content), zstandard.compress(content)
    wrapped = [
        (f"{name}.gz", packed),
        (f"{name}.gz", gzip.compress(packed)),
        (f"{name}.gz", gzip.compress(dense)),
        (f"{name}.zst", zstandard.compress(packed)),
        (f"{name}.zst", zstandard.compress(dense)),
        (f"{name}.gz", truncate(packed, rng)),
        (f"{name}.gz", flip_bytes(packed, rng)),
        (f"{name}.gz", content),
        (f"{name}.zst", dense),
        (f"{name}.parquet", content),
        (f"{'x' * int(rng.integers(1, 200))} \u202e'\"\n({name})", content),
    ]
    kind = int(rng.integers(24))
    return wrapped[kind] if kind < len(wrapped) else (name, content)
