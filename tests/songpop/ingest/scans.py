"""Text scanned into records, for the tests of the scan."""

from collections.abc import Iterator
from dataclasses import dataclass

from songpop.ingest.irregular import CutRow, Shape
from songpop.ingest.records import scan_records


@dataclass(frozen=True)
class Scan:
    """What a scan found: sound records as line and text, and the rows cut out."""

    records: list[tuple[int, bytes]]
    cut: list[CutRow]

    @property
    def reasons(self) -> list[tuple[int, str]]:
        """Line and reason of each row cut out."""
        return [(cut.line, cut.reason) for cut in self.cut]


def make_shape(
    cells_count: int = 2,
    skipped_lines: int = 0,
    max_line_bytes: int = 1_000,
    *,
    is_utf8: bool = True,
) -> Shape:
    """Return the shape of comma-separated records."""
    return Shape(b",", cells_count, skipped_lines, max_line_bytes, is_utf8)


def scan(text: bytes, shape: Shape | None = None, piece_bytes: int = 1_000) -> Scan:
    """Scan *text*, given in pieces."""
    records: list[tuple[int, bytes]] = []
    cut: list[CutRow] = []
    for block in scan_records(_divide(text, piece_bytes), shape or make_shape()):
        rows = range(len(block.lines))
        records += zip(block.lines.tolist(), block.raw(rows), strict=True)
        cut += block.cut
    return Scan(records, sorted(cut, key=lambda row: row.line))


def _divide(text: bytes, piece_bytes: int) -> Iterator[bytes]:
    for start in range(0, len(text), piece_bytes):
        yield text[start : start + piece_bytes]
