import gzip
from pathlib import Path

import pytest
import zstandard

from songpop.errors import LandingError
from songpop.ingest.landed import land_file
from songpop.ingest.source import is_utf8_text, read_bytes, read_text
from songpop.settings import IngestSettings

LIMITS = IngestSettings.model_validate({})


def put(folder: Path, content: bytes, name: str = "a.csv") -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


def read(path: Path, settings: IngestSettings = LIMITS) -> bytes:
    return b"".join(read_bytes(land_file(path), settings))


def pack(content: bytes, suffix: str) -> bytes:
    return gzip.compress(content) if suffix == "gz" else zstandard.compress(content)


@pytest.mark.parametrize("suffix", ["gz", "zst"])
def test_streams_are_read_to_their_end_over_every_part(tmp_path: Path, suffix: str) -> None:
    packed = pack(b"one\n", suffix) + pack(b"two\n", suffix)

    assert read(put(tmp_path, packed, f"a.csv.{suffix}")) == b"one\ntwo\n"


@pytest.mark.parametrize("suffix", ["gz", "zst"])
@pytest.mark.parametrize(
    ("kept", "more"), [(slice(-4), b""), (slice(None), b"junk"), (slice(0), b"x\n")]
)
def test_damaged_stream_is_refused(tmp_path: Path, suffix: str, kept: slice, more: bytes) -> None:
    packed = pack(bytes(range(256)) * 50, suffix)[kept] + more

    with pytest.raises(
        LandingError, match=rf"expected a whole .{suffix} stream, got a damaged one"
    ):
        read(put(tmp_path, packed, f"a.csv.{suffix}"))


def test_bomb_is_refused_before_it_expands(tmp_path: Path) -> None:
    bomb = gzip.compress(bytes(64 << 20))

    with pytest.raises(LandingError, match=r"text of at most 200 times its own size \(max_compr"):
        read(put(tmp_path, bomb, "a.csv.gz"))


def test_small_text_may_compress_well(tmp_path: Path) -> None:
    assert len(read(put(tmp_path, zstandard.compress(bytes(1 << 20)), "a.csv.zst"))) == 1 << 20


def test_oversize_text_is_refused(tmp_path: Path) -> None:
    small = IngestSettings.model_validate({"max_file_bytes": 10})

    with pytest.raises(
        LandingError, match=r"at most 10 bytes of text \(max_file_bytes\), got more"
    ):
        read(put(tmp_path, b"x" * 11), small)


def is_utf8(folder: Path, content: bytes, name: str = "a.csv") -> bool:
    return is_utf8_text(land_file(put(folder, content, name)), LIMITS)


def test_text_is_judged_after_decompression(tmp_path: Path) -> None:
    assert is_utf8(tmp_path, gzip.compress("é".encode()), "a.csv.gz")
    assert not is_utf8(tmp_path, gzip.compress(b"\xe9"), "b.csv.gz")


@pytest.mark.parametrize(
    "content", [b"a\xff", b"\xc3", b"x" * (1 << 18) + b"\xe9", b"\xed\xa0\x80"]
)
def test_bytes_that_are_no_utf8_are_found(tmp_path: Path, content: bytes) -> None:
    assert not is_utf8(tmp_path, content)


@pytest.mark.parametrize("content", [b"", b"x" * ((1 << 18) - 1) + "é".encode()])
def test_character_over_a_border_of_pieces_is_utf8(tmp_path: Path, content: bytes) -> None:
    assert is_utf8(tmp_path, content)


def test_latin1_maps_every_byte_to_its_character(tmp_path: Path) -> None:
    file = land_file(put(tmp_path, bytes(range(256))))

    text = b"".join(read_text(file, LIMITS, "latin-1")).decode()

    assert [ord(sign) for sign in text] == list(range(256))


def test_byte_order_mark_is_taken_off(tmp_path: Path) -> None:
    file = land_file(put(tmp_path, b"\xef\xbb\xbfa\xff"))

    assert b"".join(read_text(file, LIMITS, "utf-8")) == b"a\xff"


def test_one_stray_byte_leaves_the_other_lines_as_they_are(tmp_path: Path) -> None:
    content = "Beyoncé\n".encode() + b"Caf\xe9\n" + "Sigur Rós".encode()

    text = b"".join(read_text(land_file(put(tmp_path, content)), LIMITS, "latin-1"))

    assert text.decode() == "Beyoncé\nCafé\nSigur Rós"
