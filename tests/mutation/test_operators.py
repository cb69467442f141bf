import ast

import pytest

from tests.mutation.operators import list_faults


def faults_of(code: str) -> list[str]:
    [statement] = ast.parse(code).body
    node = statement.value if isinstance(statement, ast.Expr) else statement
    faults = [ast.copy_location(fault, node) for _, fault in list_faults(node)]
    return [ast.unparse(ast.fix_missing_locations(fault)).partition("\n")[0] for fault in faults]


@pytest.mark.parametrize(
    ("code", "faults"),
    [
        ("a < b <= c", ["a <= b <= c", "a < b < c"]),
        ("a is not b", ["a is b"]),
        ("a + b", ["a - b"]),
        ("a @ b", []),
        ("a and b", ["a or b"]),
        ("not a", ["a"]),
        ("~a", ["a"]),
        ("7", ["8", "6"]),
        ("True", ["False"]),
        ("None", []),
        ("b'x'", ["b'XXxXX'"]),
        ("'x'", ["'XXxXX'"]),
        ("f(a, 1, *b, k=c)", ["f(None, 1, *b, k=c)", "f(a, 1, *b)"]),
        ("a.lstrip", ["a.rstrip"]),
        ("a if b else c", ["a if True else c", "a if False else c"]),
        ("a = f()", ["a = None"]),
        ("a = 1", []),
        ("a += 1", ["a -= 1", "a = 1"]),
        ("return f()", ["return None"]),
        ("return", []),
        ("for a in b: pass", ["for a in ():"]),
        ("while a: pass", ["while False:"]),
        ("if a: pass", ["if True:", "if False:"]),
    ],
)
def test_a_node_has_the_faults_of_its_kind(code: str, faults: list[str]) -> None:
    assert faults_of(code) == faults


def test_calls_are_left_out_and_exceptions_pass() -> None:
    [tried] = ast.parse("try: f()\nexcept KeyError: g()").body
    assert isinstance(tried, ast.Try)

    assert [kind for kind, _ in list_faults(tried.body[0])] == ["call"]
    [(kind, handler)] = list_faults(tried.handlers[0])
    assert (kind, ast.unparse(handler).strip()) == ("exception", "except ():\n    g()")
