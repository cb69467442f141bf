"""The faults: what each node of a syntax tree is replaced by, one replacement a mutant.

The set is that of mutmut 3 (comparisons at their boundary, operators, numbers, strings, arguments,
assigned values, string methods, ``break`` and ``continue``) with what cosmic-ray and PIT add:
numbers in both directions, loops that run no time, exceptions that are not caught (cosmic-ray's
NumberReplacer, ZeroIterationForLoop, ExceptionReplacer), and conditions that always or never hold,
calls that are left out, values that are not returned (PIT's REMOVE_CONDITIONALS,
VOID_METHOD_CALLS, NULL_RETURNS).
"""

import ast
from collections.abc import Callable, Iterator
from typing import Final

Fault = tuple[str, ast.AST]
"""The operator's name, and what stands in the node's place."""

_COMPARISONS: Final[dict[type[ast.cmpop], type[ast.cmpop]]] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
}
_ARITHMETIC: Final[dict[type[ast.operator], type[ast.operator]]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Div,
    ast.Mod: ast.Div,
    ast.Pow: ast.Mult,
    ast.LShift: ast.RShift,
    ast.RShift: ast.LShift,
    ast.BitAnd: ast.BitOr,
    ast.BitOr: ast.BitAnd,
    ast.BitXor: ast.BitAnd,
}
_PAIRS: Final = (
    ("lower", "upper"),
    ("lstrip", "rstrip"),
    ("find", "rfind"),
    ("ljust", "rjust"),
    ("index", "rindex"),
    ("split", "rsplit"),
    ("partition", "rpartition"),
    ("removeprefix", "removesuffix"),
)
_METHODS: Final = {one: other for a, b in _PAIRS for one, other in ((a, b), (b, a))}


def list_faults(node: ast.AST) -> Iterator[Fault]:
    """Yield what may stand in the place of *node*; the node itself stays as it is."""
    for faults in _FAULTS.get(type(node), ()):
        yield from faults(node)


def _compare(node: ast.Compare) -> Iterator[Fault]:
    for at, op in enumerate(node.ops):
        ops = [*node.ops[:at], _COMPARISONS[type(op)](), *node.ops[at + 1 :]]
        yield "comparison", ast.Compare(node.left, ops, node.comparators)


def _calculate(node: ast.BinOp) -> Iterator[Fault]:
    if other := _ARITHMETIC.get(type(node.op)):
        yield "arithmetic", ast.BinOp(node.left, other(), node.right)


def _assign_in_place(node: ast.AugAssign) -> Iterator[Fault]:
    if other := _ARITHMETIC.get(type(node.op)):
        yield "arithmetic", ast.AugAssign(node.target, other(), node.value)
    yield "assignment", ast.Assign([node.target], node.value)


def _join(node: ast.BoolOp) -> Iterator[Fault]:
    yield (
        "boolean",
        ast.BoolOp(ast.Or() if isinstance(node.op, ast.And) else ast.And(), node.values),
    )


def _drop_sign(node: ast.UnaryOp) -> Iterator[Fault]:
    yield "unary", node.operand


def _replace_constant(node: ast.Constant) -> Iterator[Fault]:
    match node.value:
        case bool():
            yield "constant", ast.Constant(not node.value)
        case int() | float():
            yield "number", ast.Constant(node.value + 1)
            yield "number", ast.Constant(node.value - 1)
        case str():
            yield "string", ast.Constant(f"XX{node.value}XX")
        case bytes():
            yield "string", ast.Constant(b"XX" + node.value + b"XX")
        case _:
            return


def _change_arguments(node: ast.Call) -> Iterator[Fault]:
    for at, given in enumerate(node.args):
        if not isinstance(given, ast.Constant | ast.Starred):
            args = [*node.args[:at], ast.Constant(None), *node.args[at + 1 :]]
            yield "argument", ast.Call(node.func, args, node.keywords)
    for at in range(len(node.keywords)):
        rest = [*node.keywords[:at], *node.keywords[at + 1 :]]
        yield "keyword", ast.Call(node.func, node.args, rest)


def _rename_method(node: ast.Attribute) -> Iterator[Fault]:
    if other := _METHODS.get(node.attr):
        yield "method", ast.Attribute(node.value, other, node.ctx)


def _decide(node: ast.If | ast.IfExp | ast.While) -> Iterator[Fault]:
    for value in (False,) if isinstance(node, ast.While) else (True, False):
        yield "condition", _with(node, test=ast.Constant(value))


def _admit_all(node: ast.comprehension) -> Iterator[Fault]:
    for at in range(len(node.ifs)):
        yield "condition", _with(node, ifs=[*node.ifs[:at], *node.ifs[at + 1 :]])


def _skip_loop(node: ast.For) -> Iterator[Fault]:
    yield "loop", _with(node, iter=ast.Tuple([], ast.Load()))


def _catch_nothing(node: ast.ExceptHandler) -> Iterator[Fault]:
    yield "exception", _with(node, type=ast.Tuple([], ast.Load()))


def _leave_out(node: ast.Expr) -> Iterator[Fault]:
    if isinstance(node.value, ast.Call):
        yield "call", ast.Pass()


def _forget(node: ast.Assign | ast.Return) -> Iterator[Fault]:
    if node.value is not None and not isinstance(node.value, ast.Constant):
        kind = "return" if isinstance(node, ast.Return) else "assignment"
        yield kind, _with(node, value=ast.Constant(None))


def _jump(node: ast.Break | ast.Continue) -> Iterator[Fault]:
    yield "jump", ast.Continue() if isinstance(node, ast.Break) else ast.Break()


def _with(node: ast.AST, **changed: object) -> ast.AST:
    # A copy, with some fields changed: the parts are shared, and nobody changes them.
    return type(node)(**{**dict(ast.iter_fields(node)), **changed})


_FAULTS: Final[dict[type[ast.AST], tuple[Callable[..., Iterator[Fault]], ...]]] = {
    ast.Assign: (_forget,),
    ast.Attribute: (_rename_method,),
    ast.AugAssign: (_assign_in_place,),
    ast.BinOp: (_calculate,),
    ast.BoolOp: (_join,),
    ast.Break: (_jump,),
    ast.Call: (_change_arguments,),
    ast.Compare: (_compare,),
    ast.Constant: (_replace_constant,),
    ast.Continue: (_jump,),
    ast.ExceptHandler: (_catch_nothing,),
    ast.Expr: (_leave_out,),
    ast.For: (_skip_loop,),
    ast.If: (_decide,),
    ast.IfExp: (_decide,),
    ast.Return: (_forget,),
    ast.UnaryOp: (_drop_sign,),
    ast.While: (_decide,),
    ast.comprehension: (_admit_all,),
}
