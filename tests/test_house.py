"""How large things may grow before they have two subjects."""

import ast

from tests.source import source

MODULE_LINES = 300
FUNCTION_LINES = 40


def test_no_module_is_too_long():
    lengths = {module.path: len(module.text.splitlines()) for module in source().values()}
    assert {path: lines for path, lines in lengths.items() if lines > MODULE_LINES} == {}


def test_no_function_is_too_long():
    lengths = {
        f"{module.path}:{node.lineno} {node.name}": (node.end_lineno or 0) - node.lineno + 1
        for module in source().values()
        for node in ast.walk(module.tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    }
    assert {name: lines for name, lines in lengths.items() if lines > FUNCTION_LINES} == {}
