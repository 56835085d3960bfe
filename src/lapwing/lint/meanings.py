"""The expressions that a name may stand for, through assignments, loops, parameters, classes, and the files
that it is imported from.
"""

import ast
import re
from collections.abc import Iterator
from typing import Final

from lapwing.lint.chains import last_name
from lapwing.lint.module import Module, is_own_attribute, statements_below
from lapwing.lint.place import Place, nothing_given
from lapwing.lint.scope import FUNCTIONS, Binding, Function, How, Scope

_MOST_STEPS: Final = 6  # from name to name, and from file to file
_SOUNDS_LIKE_URL: Final = re.compile(r"(?i)ur[li]|request|host|address|link|endpoint|server|base|domain|site")
_LAST_LINE: Final = 1_000_000_000
_SAME_ELEMENTS: Final = frozenset({"sorted", "set", "list", "tuple", "iter", "reversed", "frozenset"})

OWN: Final = "self."
"""Begins what `Place.given` is asked by for what a class keeps of what it is made with."""

REQUEST_PARAM: Final = "request.param"
"""What `Place.given` is asked by for the values that a fixture is parametrized with."""


def meanings(node: ast.AST, place: Place, steps: int = 0) -> Iterator[tuple[ast.expr, Place]]:
    """The expressions that a name, `self.name` or `module.NAME` may stand for, each with its place."""
    if steps > _MOST_STEPS:
        return
    if isinstance(node, ast.Name):
        found = place.scope.lookup(node.id)
        if found is None:
            yield from place.given(node.id)  # the name of a comprehension
        for binding in found[1] if found is not None else ():
            yield from _of_binding(binding, node.id, place._replace(scope=found[0]), steps)  # type: ignore[index]
    elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
        if is_own_attribute(node):
            yield from _of_own_attribute(node, place)
        elif f"{node.value.id}.{node.attr}" == REQUEST_PARAM:
            yield from place.given(REQUEST_PARAM)
        else:
            yield from _of_attribute(node, place, steps)


def definition_meant(node: ast.expr, place: Place) -> tuple[Function, Place] | None:
    """The function that an expression means, of this file or, where it is called like one that tells where
    something is, of one that it imports, with the place of what stands in it.
    """
    found = place.module.definition(node, place.scope)
    if found is not None:
        function, outer, module = found[0], found[1], place.module
    else:
        if not (isinstance(node, ast.Name | ast.Attribute) and _SOUNDS_LIKE_URL.search(last_name(node))):
            return None  # to look through other files costs more
        binding, there = next(bound_elsewhere(place.dotted(node) or "", place), (None, place))
        if binding is None or binding.node is None or binding.how is not How.DEFINITION:
            return None
        function, outer, module = binding.node, there.scope, there.module
    if not isinstance(function, FUNCTIONS):
        return None
    inner = module.function_scope(function, outer)
    return function, place._replace(module=module, scope=inner, line=_LAST_LINE)


def elements(
    node: ast.AST, place: Place, part: int | None = None, steps: int = 0
) -> Iterator[tuple[ast.expr, Place]]:
    """What going over an expression gives, as far as it is written down; with `part` that part of each
    element, as for `url` in `for name, url in …`.
    """
    if isinstance(node, ast.Tuple | ast.List | ast.Set):
        for each in node.elts:
            chosen = _part_of(each, part)
            if chosen is not None:
                yield chosen, place
    elif isinstance(node, ast.Dict) and part is None:
        yield from ((each, place) for each in node.keys if each is not None)
    elif isinstance(node, ast.Call):
        yield from _elements_of_call(node, place, part, steps)
    else:
        for value, where in meanings(node, place, steps + 1):
            yield from elements(value, where, part, steps + 1)


def _part_of(element: ast.expr, part: int | None) -> ast.expr | None:
    if part is None:
        return element
    if isinstance(element, ast.Tuple | ast.List) and part < len(element.elts):
        return element.elts[part]
    return None


def _elements_of_call(
    call: ast.Call, place: Place, part: int | None, steps: int
) -> Iterator[tuple[ast.expr, Place]]:
    function = call.func
    if isinstance(function, ast.Attribute):
        if function.attr in ("values", "items", "keys") and not call.args:
            for table, where in _tables(function.value, place, steps):
                is_key = function.attr == "keys" or part == 0
                for each in table.keys if is_key else table.values:
                    if each is not None:
                        yield each, where
        return
    name = function.id if isinstance(function, ast.Name) else ""
    if name == "enumerate" and part == 1 and call.args:
        yield from elements(call.args[0], place, None, steps + 1)
    elif name == "zip" and part is not None and part < len(call.args):
        yield from elements(call.args[part], place, None, steps + 1)
    elif name in _SAME_ELEMENTS and call.args:
        yield from elements(call.args[0], place, part, steps + 1)


def _tables(node: ast.expr, place: Place, steps: int) -> Iterator[tuple[ast.Dict, Place]]:
    if isinstance(node, ast.Dict):
        yield node, place
    for value, where in meanings(node, place, steps + 1):
        if isinstance(value, ast.Dict):
            yield value, where


def _of_binding(binding: Binding, name: str, place: Place, steps: int) -> Iterator[tuple[ast.expr, Place]]:
    if binding.how is How.VALUE and isinstance(binding.node, ast.expr):
        yield binding.node, place
    elif binding.how is How.ITEM and binding.node is not None:
        yield from elements(binding.node, place, binding.part, steps + 1)
    elif binding.how is How.IMPORT:
        yield from _imported(binding.dotted, place, steps)
    elif binding.how in (How.PARAMETER, How.OTHER):  # the second is `*rest` for one
        given = [*place.given(name)]
        yield from given
        if not given and isinstance(binding.node, ast.expr):
            yield binding.node, place


def _of_own_attribute(node: ast.Attribute, place: Place) -> Iterator[tuple[ast.expr, Place]]:
    is_bound = False
    for binding, scope in place.module.self_bindings(node.attr, place.scope):
        if isinstance(binding.node, ast.expr):
            is_bound = True
            yield binding.node, place._replace(scope=scope)
            if isinstance(binding.node, ast.Name) and scope.lookup(binding.node.id) is None:
                yield from place.given(OWN + node.attr)
    if not is_bound:
        yield from _of_property(node, place)
    if not is_bound and place.helpers is not None:
        yield from _inherited(node.attr, place)


def _of_property(node: ast.Attribute, place: Place) -> Iterator[tuple[ast.expr, Place]]:
    """What the property `self.name` of a class of this file gives."""
    function, outer = place.module.definition(node, place.scope) or (None, place.scope)
    if not isinstance(function, ast.FunctionDef):
        return
    if not {*map(last_name, function.decorator_list)} & {"property", "cached_property"}:
        return
    inner = place._replace(scope=place.module.function_scope(function, outer), line=_LAST_LINE)
    for each in statements_below(function):
        if isinstance(each, ast.Return) and each.value is not None:
            yield each.value, inner


def _inherited(name: str, place: Place) -> Iterator[tuple[ast.expr, Place]]:
    """What `self.name` is bound to in base classes that the file imports."""
    module = place.module
    for owner in module.class_family(place.scope):
        for base in owner.bases:
            dotted = module.dotted(base, module.class_scopes[owner].outer or module.scope)
            for binding, there in bound_elsewhere(dotted or "", place):
                if isinstance(binding.node, ast.ClassDef):
                    inner = there.module.class_scopes[binding.node]
                    for each, scope in there.module.self_bindings(name, inner):
                        if isinstance(each.node, ast.expr):
                            yield each.node, there._replace(scope=scope)


def _of_attribute(node: ast.Attribute, place: Place, steps: int) -> Iterator[tuple[ast.expr, Place]]:
    """`Owner.NAME` of a class of this file, and `module.NAME` of one that it imports."""
    owner = place.module.definition(node.value, place.scope) or _class_of_object(node.value, place)
    if owner is None:
        dotted = place.dotted(node)
        if dotted is not None:
            yield from _imported(dotted, place, steps)
    elif isinstance(owner[0], ast.ClassDef):
        inner = place.module.class_scopes.get(owner[0])
        for binding in inner.bindings.get(node.attr, ()) if inner is not None else ():
            if binding.how is How.VALUE and isinstance(binding.node, ast.expr):
                yield binding.node, place._replace(scope=inner)  # type: ignore[arg-type]


def _class_of_object(node: ast.expr, place: Place) -> tuple[ast.AST, Scope] | None:
    """The class in this file that the thing called by a name is made of: `settings = Settings()`."""
    found = place.scope.lookup(node.id) if isinstance(node, ast.Name) else None
    for binding in found[1] if found is not None else ():
        if isinstance(binding.node, ast.Call) and binding.how is How.VALUE:
            return place.module.definition(binding.node.func, found[0])  # type: ignore[index]
    return None


def _imported(dotted: str, place: Place, steps: int) -> Iterator[tuple[ast.expr, Place]]:
    """What a name of another file of the project stands for there."""
    for binding, there in bound_elsewhere(dotted, place) if steps <= _MOST_STEPS else ():
        if binding.how in (How.VALUE, How.IMPORT):
            yield from _of_binding(binding, "", there, steps + 1)


def bound_elsewhere(dotted: str, place: Place) -> Iterator[tuple[Binding, Place]]:
    """How another file of the project binds the name that `dotted` leads to."""
    if place.helpers is None or not dotted or "(" in dotted:
        return
    found = place.helpers.find(dotted, place.module)
    if found is None or found[0] is place.module:
        return
    module: Module = found[0]
    there = Place(module, module.scope, _LAST_LINE, nothing_given, place.helpers)
    for binding in module.scope.bindings.get(found[1], ()):
        yield binding, there
