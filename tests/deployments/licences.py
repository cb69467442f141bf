"""The licences of what `make run` installs, as the packages state them.

``python -m tests.deployments.licences`` writes ``deployments/licences.md``.
"""

import re
from importlib.metadata import PackageNotFoundError, metadata
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "deployments" / "licences.md"
_PREFIX = "License :: "
_NOT_STATED = "not stated"
HEADING = """# Licences

What `make run` installs, and under which licence each package says that it is. A test compares this
table with the packages. All may be used and passed on in a product; of `text-unidecode`, which
Prefect needs, the Artistic License is the one to choose; what is under the Mozilla Public License
stays so where it is changed itself. songpop imports packages and contains none of their code.

| package | licence |
|---|---|
"""


def list_required() -> list[str]:
    """Return the names in requirements.txt, each once, sorted."""
    lines = (ROOT / "requirements.txt").read_text(encoding="utf-8").splitlines()
    found = [re.match(r"([A-Za-z0-9._-]+)==", line) for line in lines]
    return sorted({match[1].lower() for match in found if match})


def read_licence(package: str) -> str | None:
    """Return the licence that an installed package states; null where it is not installed."""
    try:
        said = metadata(package)
    except PackageNotFoundError:
        return None
    classifiers = [
        name.rpartition(" :: ")[2]
        for name in said.get_all("Classifier") or []
        if name.startswith(_PREFIX)
    ]
    # Some put the whole text of the licence into the oldest of these fields.
    texts = [text.splitlines()[0] for text in said.get_all("License") or [] if text]
    stated = [*(said.get_all("License-Expression") or []), "; ".join(classifiers), *texts]
    return next(filter(None, stated), _NOT_STATED)


def read_page() -> dict[str, str]:
    """Return the table's licence of each package."""
    rows = re.findall(r"^\| (\S+) \| (.+) \|$", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    return {name: licence for name, licence in rows if name != "package"}


def main() -> None:
    """Write the page; a package that this machine does not need keeps the licence of before."""
    before = read_page() if PAGE.exists() else {}
    rows = [
        f"| {name} | {read_licence(name) or before.get(name, _NOT_STATED)} |\n"
        for name in list_required()
    ]
    PAGE.write_text(HEADING + "".join(rows), encoding="utf-8")


if __name__ == "__main__":
    main()
