"""Helpers and fixtures of a test file that only tests name which may be slow."""

import os
import re
from typing import Final

from lapwing.lint.exemption import Exemptions
from lapwing.lint.fixtures import is_test_function
from lapwing.lint.module import Definition, Module
from lapwing.lint.words import lines_with

_OF_TESTS_ONLY: Final = re.compile(r"test_.*\.py|.*_tests?\.py|tests?\.py")
"""Files that others do not import from; what stands in a conftest file or a helper may be used anywhere."""


_MOST_STEPS: Final = 3


def is_of_tests_only(path: str) -> bool:
    """Whether the file at `path` is one that others do not import from, by its name."""
    return _OF_TESTS_ONLY.fullmatch(os.path.basename(path)) is not None


def is_only_of_exempt(definition: Definition, module: Module, exemptions: Exemptions, steps: int = 0) -> bool:
    """Whether every line of the file that names a helper or fixture belongs to a test which may be slow, or
    to another helper of such tests only.

    By words, not by calls: a helper is also handed to threads and named in `usefixtures`.
    """
    node = definition.node
    if is_test_function(node) or not is_of_tests_only(module.path):
        return False
    word = re.compile(rf"\b{re.escape(node.name)}\b")
    lines = module.text.split("\n")
    named = [
        at
        for at in lines_with(module.text, [node.name])
        if word.search(lines[at - 1].partition("#")[0]) is not None
    ]
    elsewhere = [at for at in named if not node.lineno <= at <= (node.end_lineno or node.lineno)]
    return bool(elsewhere) and all(_is_of_exempt(at, module, exemptions, steps) for at in elsewhere)


def _is_of_exempt(line: int, module: Module, exemptions: Exemptions, steps: int) -> bool:
    for each in module.definitions:
        node = each.node
        first = node.decorator_list[0].lineno if node.decorator_list else node.lineno
        if first <= line <= (node.end_lineno or first):
            if exemptions.of_function(node, each.classes, each.scope):
                return True
            if is_test_function(node):
                return False
            return steps < _MOST_STEPS and is_only_of_exempt(each, module, exemptions, steps + 1)
    return False
