"""The text of a landed file: decompressed and decoded in bounded memory."""

import codecs
import itertools
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from typing import IO, BinaryIO, Final, cast

import pyarrow as pa

from songpop.errors import LandingError, expected
from songpop.ingest.landed import LandedFile, open_landed
from songpop.settings import IngestSettings

CHUNK_BYTES: Final = 4 << 20
# Small files compress well by accident; a bomb shows itself only beyond this.
_RATIO_FREE_BYTES: Final = 1 << 20
_DECODED_BYTES: Final = 1 << 18
_CODECS: Final = {"gz": "gzip", "zst": "zstd"}


def is_utf8_text(file: LandedFile, settings: IngestSettings) -> bool:
    """Whether all of the text of *file* is valid UTF-8.

    Raises:
        LandingError: it vanished or changed, is larger than max_file_bytes, expands by more
            than max_compression_ratio, or its compression is damaged.
    """
    decoder = codecs.getincrementaldecoder("utf-8")()
    # Pieces that stay in the processor's cache decode three times as fast.
    pieces = (
        chunk[start : start + _DECODED_BYTES]
        for chunk in read_bytes(file, settings)
        for start in range(0, len(chunk), _DECODED_BYTES)
    )
    try:
        for piece in pieces:
            decoder.decode(piece)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def read_bytes(file: LandedFile, settings: IngestSettings) -> Iterator[bytes]:
    """Yield the decompressed bytes of *file* in chunks of at most 4 MiB.

    Raises:
        LandingError: as for is_utf8_text.
    """
    total = 0
    with open_landed(file) as raw, _decompressed(raw, file) as stream:
        while chunk := stream.read(CHUNK_BYTES):
            total += len(chunk)
            check_text_size(file, total, settings)
            yield chunk


def check_text_size(file: LandedFile, text_bytes: int, settings: IngestSettings) -> None:
    """Check a size after decompression.

    Raises:
        LandingError: it is above max_file_bytes, or so far above the file's own size that the
            file is taken for a bomb (max_compression_ratio).
    """
    ratio = settings.max_compression_ratio
    wanted = None
    if text_bytes > settings.max_file_bytes:
        wanted = f"at most {settings.max_file_bytes:,} bytes of text (max_file_bytes)"
    elif text_bytes > max(_RATIO_FREE_BYTES, ratio * file.size_bytes):
        wanted = f"text of at most {ratio:g} times its own size (max_compression_ratio)"
    if wanted is not None:
        remedy = "check that it is an export, or raise the setting"
        raise LandingError(expected(file.shown, wanted, "more", remedy))


def read_text(file: LandedFile, settings: IngestSettings, encoding: str) -> Iterator[bytes]:
    """Yield the text of *file* as UTF-8 bytes, without a byte order mark.

    Args:
        file: the export.
        settings: limits.
        encoding: ``utf-8`` passes bytes through, valid or not; ``latin-1`` reads the lines that
            are no UTF-8 so: each byte is the character of its number, 0x80 to 0x9F included.
    """
    chunks = read_bytes(file, settings)
    first = next(chunks, b"").removeprefix(codecs.BOM_UTF8)
    text = itertools.chain((first,), chunks)
    return _transcode(text) if encoding == "latin-1" else text


def _transcode(text: Iterator[bytes]) -> Iterator[bytes]:
    # Line by line: one stray byte must not spoil the names of a file that is UTF-8 otherwise.
    rest = b""
    for chunk in text:
        whole, end, rest = (rest + chunk).rpartition(b"\n")
        yield b"\n".join(_as_utf8(line) for line in whole.split(b"\n")) + end
        if len(rest) > CHUNK_BYTES:  # a line without end goes on in pieces: memory stays bounded
            yield _as_utf8(rest)
            rest = b""
    yield _as_utf8(rest)


def _as_utf8(line: bytes) -> bytes:
    try:
        line.decode()
    except UnicodeDecodeError:
        return line.decode("latin-1").encode()
    return line


@contextmanager
def _decompressed(raw: BinaryIO, file: LandedFile) -> Generator[IO[bytes]]:
    codec = _CODECS.get(file.kind)
    if codec is None:
        yield raw
        return
    try:
        # Arrow's reader, since those of zstandard end a truncated stream without a word.
        yield cast("IO[bytes]", pa.CompressedInputStream(pa.PythonFile(raw, "r"), codec))
    except OSError as error:
        got = f"a damaged one ({str(error).lower()})"
        message = expected(file.shown, f"a whole .{file.kind} stream", got, "export it again")
        raise LandingError(message) from error
