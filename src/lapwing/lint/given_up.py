"""Asynchronous sleeps in coroutines of the file, as handlers of a server are, for which all who hand them on
give up waiting.
"""

import ast
from typing import Final

from lapwing.lint.body import Body, body_of
from lapwing.lint.chains import last_name
from lapwing.lint.constant import number
from lapwing.lint.expected_error import expected_errors
from lapwing.lint.place import Place, nothing_given
from lapwing.lint.replaced import Replacements
from lapwing.lint.site import Site

_SHORTEST_S: Final = 1.0
_MOST_CALLERS: Final = 20


def is_given_up_by_callers(site: Site, seconds: float | None, replacements: Replacements) -> bool:
    """Whether each function of the file that calls or hands on the coroutine around `site` expects a timeout,
    and gives one that is shorter than the sleep of `seconds`.
    """
    definition = site.definition
    if seconds is None or seconds < _SHORTEST_S or definition is None or not site.operation.is_async:
        return False
    if not isinstance(definition.node, ast.AsyncFunctionDef) or site.fixture is not None or site.is_test:
        return False
    callers = replacements.callers_of(definition.node.name, handed_on=True)
    if not callers or len(callers) > _MOST_CALLERS:
        return False
    bodies = {body_of(each.node, replacements.module, each.scope) for _, each in callers}
    return all(_expects_timeout(each) and _gives_less(seconds, each) for each in bodies)


def _expects_timeout(body: Body) -> bool:
    expected = (
        error for block in body.blocks if isinstance(block, ast.With) for error in expected_errors(block)
    )
    return any("Timeout" in last_name(each) for each in expected)


def _gives_less(seconds: float, body: Body) -> bool:
    """Whether a timeout that is shorter than `seconds` stands in a function."""
    for call in body.calls:
        place = Place(body.module, body.scope_of(call), call.lineno, nothing_given)
        given = [each.value for each in call.keywords if each.arg is not None and "timeout" in each.arg]
        if last_name(call.func) == "wait_for":
            given += call.args[1:2]
        for each in given:
            limit = number(each, place)
            if limit is not None and limit < seconds:
                return True
    return False
