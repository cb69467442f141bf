"""The tables of ``tests/crash/README.md``, between their marks."""

from pathlib import Path

README = Path(__file__).with_name("README.md")


def write_part(name: str, text: str) -> None:
    """Put *text* between the marks of *name*."""
    begin, end = f"<!-- {name} -->", f"<!-- end of {name} -->"
    before, _, rest = README.read_text(encoding="utf-8").partition(begin)
    _, _, after = rest.partition(end)
    README.write_text(f"{before}{begin}\n{text}\n{end}{after}", encoding="utf-8")
