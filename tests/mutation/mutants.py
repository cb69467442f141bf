"""The mutants of a module: each is its syntax tree with one node replaced."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from tests.mutation.operators import list_faults

ROOT: Final = Path(__file__).parents[2]
_MOST_SHOWN = 100

# What a type checker reads, or nobody: annotations, imports, names that are exported. Decorators
# stay as they are, as in mutmut.
_UNTOUCHED_FIELDS: Final = {"annotation", "returns", "decorator_list", "type_comment"}
_UNTOUCHED_NODES: Final = (ast.Import, ast.ImportFrom, ast.Assert, ast.Global, ast.Nonlocal)
_TYPING_CALLS: Final = {"cast", "TypeVar", "NewType", "ParamSpec"}

_Path = tuple[tuple[str, int | None], ...]


@dataclass(frozen=True)
class Mutant:
    """One fault in one module.

    Attributes:
        module: its dotted name.
        number: which of the module's mutants, from 0 on.
        first_line: of the statement, or of a block's head.
        last_line: likewise.
        operator: what kind of fault.
        before: the code as it is, on one line.
        after: the code with the fault.
    """

    module: str
    number: int
    first_line: int
    last_line: int
    operator: str
    before: str
    after: str

    @property
    def name(self) -> str:
        """Module and number, as results and the command line name it."""
        return f"{self.module}:{self.number}"


def find_mutants(module: str) -> list[Mutant]:
    """Return all mutants of a module, in the order of its code."""
    return [
        Mutant(
            module=module,
            number=number,
            first_line=lines[0],
            last_line=lines[1],
            operator=operator,
            before=_show(node),
            after=_show(fault),
        )
        for number, (_, node, lines, operator, fault) in enumerate(
            _list_sites(_parse(find_source(module)))
        )
    ]


def mutate(module: str, number: int) -> ast.Module:
    """Return the syntax tree of a module with its fault *number*."""
    tree = _parse(find_source(module))
    for at, (path, _, _, _, fault) in enumerate(_list_sites(tree)):
        if at == number:
            changed = _replace(tree, path, fault)
            return ast.fix_missing_locations(changed)  # type: ignore[return-value] - a module
    raise IndexError(f"{module}: expected fewer than {number} mutants")


def find_source(module: str) -> Path:
    """Return the file of a module of this checkout."""
    return ROOT.joinpath(*module.split(".")).with_suffix(".py")


@cache
def _parse(source: Path) -> ast.Module:
    return ast.parse(source.read_text(encoding="utf-8"))


_Site = tuple[_Path, ast.AST, tuple[int, int], str, ast.AST]


def _list_sites(tree: ast.Module) -> Iterator[_Site]:
    for path, node, lines in _walk(tree, (), (1, 1)):
        for operator, fault in list_faults(node):
            if not (operator == "assignment" and len(path) == 1):
                yield path, node, lines, operator, ast.copy_location(fault, node)


def _walk(
    node: ast.AST, path: _Path, lines: tuple[int, int]
) -> Iterator[tuple[_Path, ast.AST, tuple[int, int]]]:
    if _is_untouched(node):
        return
    if isinstance(node, ast.stmt | ast.ExceptHandler):
        lines = _head_lines(node)
    yield path, node, lines
    for step, child in _list_children(node):
        yield from _walk(child, (*path, step), lines)


def _list_children(node: ast.AST) -> Iterator[tuple[tuple[str, int | None], ast.AST]]:
    for field, value in ast.iter_fields(node):
        if field in _UNTOUCHED_FIELDS:
            continue
        several = isinstance(value, list)
        for at, child in enumerate(value if several else [value]):
            # The text between the values of an f-string stays, as in mutmut.
            is_text = isinstance(node, ast.JoinedStr) and isinstance(child, ast.Constant)
            if isinstance(child, ast.AST) and not is_text:
                yield (field, at if several else None), child


def _is_untouched(node: ast.AST) -> bool:
    match node:
        case ast.Expr(value=ast.Constant()):  # a docstring
            return True
        case ast.Subscript(value=ast.Name(id="Literal")):
            return True
        case ast.Call(func=ast.Name(id=name)) if name in _TYPING_CALLS:
            return True
        case ast.If(test=ast.Name(id="TYPE_CHECKING")):
            return True
        case ast.Assign(targets=[ast.Name(id="__all__")]):
            return True
        case _:
            return isinstance(node, _UNTOUCHED_NODES)


def _head_lines(node: ast.stmt | ast.ExceptHandler) -> tuple[int, int]:
    body: list[ast.stmt] = getattr(node, "body", [])
    last = body[0].lineno - 1 if body else node.end_lineno or node.lineno
    return node.lineno, max(node.lineno, last)


def _replace(node: ast.AST, path: _Path, fault: ast.AST) -> ast.AST:
    if not path:
        return fault
    (field, at), *rest = path
    value = getattr(node, field)
    old: ast.AST = value if at is None else value[at]
    new = _replace(old, tuple(rest), fault)
    fields = dict(ast.iter_fields(node))
    fields[field] = new if at is None else [*value[:at], new, *value[at + 1 :]]
    return ast.copy_location(type(node)(**fields), node)


def _show(node: ast.AST) -> str:
    text = ast.unparse(ast.fix_missing_locations(node)).strip().partition("\n")[0]
    return text if len(text) <= _MOST_SHOWN else f"{text[: _MOST_SHOWN - 1]}…"
