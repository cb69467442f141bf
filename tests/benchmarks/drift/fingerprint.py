"""What records depend on, so that figures of other code or other weeks are never mixed in."""

import ast
import hashlib
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from songpop.simulate import parse_fault, simulate_weeks

_SEED: Final = 5
_TRACKS: Final = 300
_FAULTS: Final = (
    "scale:TikTok Views:1.25@2",
    "missing:Shazam Counts:0.2@2",
    "missing_small:AirPlay Spins:0.05@2",
    "frozen:YouTube Views@3",
    "slow:Pandora Streams:2@2",
    "copula:TikTok Likes@2",
    "mix@3",
    "concept@2",
)


def fingerprint_weeks() -> str:
    """Return twelve hexadecimal digits that change where the simulated weeks do."""
    digest = hashlib.sha256()
    for week in simulate_weeks(4, _TRACKS, _SEED, [parse_fault(text) for text in _FAULTS]):
        digest.update(week.write_csv().encode())
    return digest.hexdigest()[:12]


def fingerprint_code(paths: Iterable[Path], settings: str = "") -> str:
    """Return twelve hexadecimal digits that change where code or settings do.

    Args:
        paths: Python files, whose comments, docstrings and layout are no code, and others, which
            count as they stand.
        settings: any text.
    """
    digest = hashlib.sha256(settings.encode())
    for path in sorted(paths):
        digest.update(path.name.encode())
        is_code = path.suffix == ".py"
        digest.update(_strip(path.read_text("utf-8")).encode() if is_code else path.read_bytes())
    return digest.hexdigest()[:12]


def _strip(text: str) -> str:
    tree = ast.parse(text)
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            node.body = [one for one in node.body if not _is_text(one)] or [ast.Pass()]
    return ast.dump(tree)


def _is_text(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
