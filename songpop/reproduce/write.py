"""Writing the report: a page for people, and every figure for scripts."""

import json
from pathlib import Path

from songpop.reproduce.describe import describe_everything
from songpop.reproduce.page import make_page
from songpop.reproduce.run import Reproduction
from songpop.warehouse.durable import write_durably


def write_report(found: Reproduction, folder: Path) -> Path:
    """Write ``index.html`` and ``reproduce.json`` to *folder*; return the page's path.

    Each file replaces its predecessor at once.
    """
    figures = json.dumps(describe_everything(found), indent=2, ensure_ascii=False)
    write_durably(folder / "reproduce.json", figures + "\n")
    page = folder / "index.html"
    write_durably(page, make_page(found))
    return page
