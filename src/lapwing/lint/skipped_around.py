"""Functions that do not run because what stands around them skips: a set-up, or a fixture."""

import ast
from collections.abc import Collection

from lapwing.lint.called_function import sounds_like_skip
from lapwing.lint.exemption import skipping_methods, skips_at_once
from lapwing.lint.fixtures import parameter_names
from lapwing.lint.module import Definition
from lapwing.lint.place import Place, nothing_given
from lapwing.lint.replaced import Replacements
from lapwing.lint.scope import Function


def is_skipped_around(
    definition: Definition, replacements: Replacements, fixtures_of_slow: Collection[str] = ()
) -> bool:
    """Whether a setUp method or a fixture skips what the function is part of, or it asks for one of
    `fixtures_of_slow`.
    """
    module = replacements.module
    place = Place(module, module.scope, 0, nothing_given, replacements.helpers)
    for owner in definition.classes:
        for each, there in replacements.family_of(owner):
            if skipping_methods(each, place._replace(module=there, scope=there.class_scopes[each])):
                return True
    fixtures = replacements.fixtures
    if _asks_what_is_given(definition.node):
        of_test = place._replace(scope=definition.scope, given=replacements.given(definition.node))
        if skips_at_once(definition.node, of_test):
            return True
    names = (*parameter_names(definition.node), *(each.name for each in fixtures.autouse()))
    return any(
        fixture.name in fixtures_of_slow
        or skips_at_once(fixture.node, place._replace(module=fixture.module, scope=fixture.outer))
        for fixture in fixtures.all_used(names)
    )


def _asks_what_is_given(function: Function) -> bool:
    """Whether a statement of a function calls a method of one of its parameters that may skip, as in
    `tools.require("git")`.
    """
    for each in function.body:
        call = each.value if isinstance(each, ast.Expr) else None
        if (
            isinstance(call, ast.Call)
            and isinstance(call.func, ast.Attribute)
            and isinstance(call.func.value, ast.Name)
            and sounds_like_skip(call.func)
            and call.func.value.id in parameter_names(function)
        ):
            return True
    return False
