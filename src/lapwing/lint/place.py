"""Where an expression stands: the module, the scope and the line that its names are looked up from."""

import ast
from collections.abc import Callable, Iterable
from typing import NamedTuple

from lapwing.lint.imported import Helpers
from lapwing.lint.module import Module
from lapwing.lint.scope import Scope


class Place(NamedTuple):
    """A position that names are resolved from.

    `given` tells what a parameter may be given: values of parametrize, or what the fixture of that
    name returns, each with its own place. `helpers` finds what names of other files stand for; without
    them such names stand for nothing.
    """

    module: Module
    scope: Scope
    line: int
    given: "Callable[[str], Iterable[tuple[ast.expr, Place]]]"
    helpers: Helpers | None = None

    def dotted(self, node: ast.AST | None) -> str | None:
        """The canonical dotted name that an expression stands for."""
        return self.module.dotted(node, self.scope, line=self.line)


def nothing_given(name: str) -> "Iterable[tuple[ast.expr, Place]]":
    """What parameters are given where nobody asks."""
    return ()
