"""Write the drift benchmark's tables into the README of the benchmarks, from what is stored."""

from pathlib import Path
from typing import Final

from tests.benchmarks.drift.fingerprint import fingerprint_weeks
from tests.benchmarks.drift.ours import fingerprint_ours
from tests.benchmarks.drift.peers.adapter import TOOLS, fingerprint_of
from tests.benchmarks.drift.realism import write_realism
from tests.benchmarks.drift.run import open_store
from tests.benchmarks.drift.speed import write_speed
from tests.benchmarks.drift.store import Record
from tests.benchmarks.drift.tables import SIZES, Size, write_tables

README: Final = Path(__file__).resolve().parents[1] / "README.md"
BEGIN, END = "<!-- drift: written by the benchmark -->", "<!-- end of drift -->"


def read_sizes() -> list[Size]:
    """Return everything that was recorded of today's code and weeks."""
    weeks, ours = fingerprint_weeks(), fingerprint_ours()
    fingerprints = {"songpop": ours, **{tool: fingerprint_of(tool) for tool in TOOLS}}
    sizes: list[Size] = []
    for tracks in SIZES:
        records: dict[str, list[Record]] = {
            name: open_store(name, fingerprint, weeks, tracks).records
            for name, fingerprint in fingerprints.items()
        }
        sizes.append(Size.read(tracks, records))
    return sizes


def write_report() -> list[str]:
    """Replace the part of the README that the benchmark writes; return its lines."""
    lines = [
        (
            f"Simulated weeks {fingerprint_weeks()}, songpop's detectors {fingerprint_ours()} "
            "(digests of what the figures depend on)."
        ),
        "",
        *write_tables(read_sizes()),
        *write_speed(),
        *write_realism(),
    ]
    text = README.read_text(encoding="utf-8")
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    body = "\n".join(lines).rstrip()
    README.write_text(f"{before}{BEGIN}\n\n{body}\n\n{END}{after}", encoding="utf-8")
    return lines
