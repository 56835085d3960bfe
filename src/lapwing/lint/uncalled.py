"""Functions of a test file that no test calls: what stands in them makes no test slow."""

import ast
import re
from collections.abc import Iterator
from typing import Final

from lapwing.lint.condition import is_main_guard
from lapwing.lint.module import Module

_BY_NAME: Final = re.compile(r"test|pytest_|set_?up|tear_?down|load_tests|__\w+__$", re.IGNORECASE)
"""Functions that a test runner calls by their names."""


def uncalled(module: Module) -> Iterator[ast.AST]:
    """Functions that only `if __name__ == "__main__"` names, and private methods of test classes that nothing
    in the file names.

    Others may be called from other files, or under another name by whoever decorates or inherits them.
    """
    scripts = [each for each in module.tree.body if isinstance(each, ast.If) and is_main_guard(each.test)]
    lines = module.text.split("\n")
    for script in scripts:
        last = script.end_lineno or script.lineno
        lines[script.lineno - 1 : last] = [""] * (last - script.lineno + 1)
    text = "\n".join(lines)
    called = {node.id for script in scripts for node in ast.walk(script) if isinstance(node, ast.Name)}
    for definition in module.definitions:
        node = definition.node
        if node.decorator_list:
            continue
        if definition.classes:
            is_idle = re.match(r"_[a-z]", node.name) and _is_test_case(definition.classes[-1])
        else:
            is_idle = node.name in called
        if is_idle and len(re.findall(rf"\b{node.name}\b", text)) == 1:
            yield node


def unnamed(module: Module) -> frozenset[str]:
    """Qualified names of the plain functions of a program that nothing in it names: what is written in one
    string is called from no other file.
    """
    return frozenset(
        each.node.name
        for each in module.definitions
        if not (each.classes or each.node.decorator_list or _BY_NAME.match(each.node.name))
        and len(re.findall(rf"\b{each.node.name}\b", module.text)) == 1
    )


def _is_test_case(owner: ast.ClassDef) -> bool:
    return "Test" in owner.name or any("Test" in ast.unparse(base) for base in owner.bases)
