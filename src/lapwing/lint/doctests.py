"""Examples in docstrings: a file that speaks of doctest runs them as tests."""

import ast
from typing import Final

from lapwing.lint.body import Body
from lapwing.lint.module import Module
from lapwing.lint.program_text import ProgramText
from lapwing.lint.source import Broken, parse

_PROMPTS: Final = (">>> ", "... ")
_IMPORTS: Final = ast.Import | ast.ImportFrom


def is_doctest(node: ast.Constant, body: Body) -> bool:
    """Whether a string is a docstring with examples, in a file that runs those."""
    return (
        isinstance(node.value, str)
        and _PROMPTS[0] in node.value
        and isinstance(body.parents.get(node), ast.Expr)
        and "doctest" in body.module.text
    )


def doctest_program(node: ast.Constant, module: Module) -> ProgramText | None:
    """The examples of a docstring as one program, in the lines that they stand in; what they are expected to
    print becomes empty lines. They see what their file imports. None for what is no Python.
    """
    lines = [_code_of(line.strip()) for line in str(node.value).split("\n")]
    # Behind the examples, so that these keep their lines: order does not matter to what names are bound to.
    lines += [ast.unparse(each) for each in module.tree.body if isinstance(each, _IMPORTS)]
    text = "\n".join(lines)
    tree = parse(text)
    return None if isinstance(tree, Broken) else ProgramText(text, tree, node)


def _code_of(line: str) -> str:
    return line[len(_PROMPTS[0]) :] if line.startswith(_PROMPTS) else ""
