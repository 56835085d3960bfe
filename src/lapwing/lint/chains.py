"""The names that an expression is written with: `time.sleep` of `time.sleep(1)`. Pure."""

import ast
from typing import Final

_LOOKED_THROUGH: Final = (ast.Subscript, ast.Await)


def chain(node: ast.AST) -> str:
    """The names of an attribute chain as written; calls and subscripts in it count as nothing."""
    written = ""
    while True:
        if isinstance(node, ast.Attribute):
            written = f"{node.attr}.{written}" if written else node.attr
            node = node.value
        elif isinstance(node, ast.Name):
            return f"{node.id}.{written}" if written else node.id
        elif isinstance(node, ast.Call):
            node = node.func
        elif isinstance(node, _LOOKED_THROUGH):
            node = node.value
        else:
            return written


def last_name(node: ast.AST) -> str:
    """The last name of a chain: `sleep` of `time.sleep`."""
    while True:
        if isinstance(node, ast.Attribute):
            return node.attr
        if isinstance(node, ast.Name):
            return node.id
        if isinstance(node, ast.Call):
            node = node.func
        elif isinstance(node, _LOOKED_THROUGH):
            node = node.value
        else:
            return ""
