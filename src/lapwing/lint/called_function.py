"""The function of the tests that a call means: in this file, in one that it imports, in a base class from
another file, or of the object that a fixture gives.
"""

import ast
import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Final

from lapwing.lint.chains import last_name
from lapwing.lint.meanings import bound_elsewhere
from lapwing.lint.module import is_own_attribute
from lapwing.lint.place import Place
from lapwing.lint.scope import FUNCTIONS, Function

_MAY_SKIP: Final = re.compile(
    r"(?i)skip|need|requir|check|ensure|must|only|unless|assume|avail|enabl|support|precond|(?:^|_)(?:has|have|if)_"
)
_MOST_FILES: Final = 3  # from a class to its base in another file, and so on
_MOST_STEPS: Final = 3  # from a call to what the function that it calls returns


def sounds_like_skip(called: ast.expr) -> bool:
    """Whether a name is one of those that functions have which may skip a test."""
    return _sounds_like_skip(last_name(called))


@lru_cache(maxsize=10_000)
def _sounds_like_skip(name: str) -> bool:
    return _MAY_SKIP.search(name) is not None


def called_function(called: ast.expr, place: Place) -> tuple[Function, Place] | None:
    """The function that `called` means, and the place that its definition stands in; in other files only one
    that sounds as if it may skip the test.
    """
    found = place.module.definition(called, place.scope)
    if found is not None:
        node, scope = found
        return (node, place._replace(scope=scope)) if isinstance(node, FUNCTIONS) else None
    if place.helpers is None or not sounds_like_skip(called):
        return None
    if is_own_attribute(called):
        return next(_inherited(called.attr, place, place.module.class_family(place.scope)), None)
    if not isinstance(called, ast.Name | ast.Attribute):
        return None
    for node, there in _elsewhere(called, place):
        if isinstance(node, FUNCTIONS):
            return node, there
    if isinstance(called, ast.Attribute) and isinstance(called.value, ast.Name):
        for value, there in place.given(called.value.id):
            for method in _methods(called.attr, value, there):
                return method
    return None


def _inherited(
    name: str, place: Place, owners: Iterator[ast.ClassDef], files: int = 0
) -> Iterator[tuple[Function, Place]]:
    """The methods called `name` in those bases of classes that come from other files."""
    for owner in owners if files < _MOST_FILES else ():
        outer = place._replace(scope=place.module.class_scopes[owner].outer or place.module.scope)
        for base in owner.bases:
            for node, there in _elsewhere(base, outer):
                if isinstance(node, ast.ClassDef):
                    yield from _of_class(name, node, there)
                    family = there.module.class_family(there.module.class_scopes[node])
                    yield from _inherited(name, there, family, files + 1)


def _of_class(name: str, owner: ast.ClassDef, place: Place) -> Iterator[tuple[Function, Place]]:
    """The methods called `name` of a class and its bases in the same file."""
    for each in place.module.class_family(place.module.class_scopes[owner]):
        inner = place.module.class_scopes[each]
        for binding in inner.bindings.get(name, ()):
            if isinstance(binding.node, FUNCTIONS):
                yield binding.node, place._replace(scope=inner)


def _methods(name: str, value: ast.expr, place: Place, steps: int = 0) -> Iterator[tuple[Function, Place]]:
    """The methods called `name` of the object that a call makes, or the function that it calls gives."""
    if not isinstance(value, ast.Call) or steps > _MOST_STEPS:
        return
    found = place.module.definition(value.func, place.scope)
    made = [(found[0], place._replace(scope=found[1]))] if found else [*_elsewhere(value.func, place)]
    for node, there in made:
        if isinstance(node, ast.ClassDef) and node in there.module.class_scopes:
            yield from _of_class(name, node, there)
        elif isinstance(node, FUNCTIONS):
            inside = there._replace(scope=there.module.function_scope(node, there.scope))
            for each in ast.walk(node):
                if isinstance(each, ast.Return) and each.value is not None:
                    yield from _methods(name, each.value, inside, steps + 1)


def _elsewhere(named: ast.expr, place: Place) -> Iterator[tuple[ast.AST, Place]]:
    """The functions and classes that a name means which is imported from another file of the tests."""
    helpers = place.helpers
    if helpers is None or not isinstance(named, ast.Name | ast.Attribute):
        return
    dotted = place.dotted(named)
    if dotted is None or "(" in dotted or not helpers.is_test_code(dotted, place.module):
        return
    for binding, there in bound_elsewhere(dotted, place):
        if binding.node is not None:
            yield binding.node, there
