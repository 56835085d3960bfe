"""What may be asked of the files around one, beyond their syntax trees."""

import ast
from collections.abc import Callable
from typing import NamedTuple

from lapwing.lint.module import Definition, Module
from lapwing.lint.suite_texts import SuiteTexts


class Suite(NamedTuple):
    """How the files around are looked at."""

    texts: SuiteTexts
    module: Callable[[str], Module | None]  # the parsed file at a path
    top_of: Callable[[str], str]  # the folder of the project around a folder
    is_test_code: Callable[[str, Module], bool]  # whether a dotted name leads into a file of the tests
    is_left_out: Callable[[str], bool]  # whether all tests of the file at a path may be slow or do not run
    is_exempt: Callable[[Module, Definition], bool]
    is_exempt_class: Callable[[Module, tuple[ast.ClassDef, ...]], bool]
    asked_by_configuration: Callable[[str], str]  # the words of pytest's `usefixtures` at a folder
    is_left_line: Callable[[Module, int], bool]  # whether no usual run comes to a line outside functions
    is_program: Callable[[Module], bool]  # whether a test runs a file as a program
    note: Callable[[tuple[str, ...]], None]  # the folders that the answer depends on
