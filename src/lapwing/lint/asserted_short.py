"""Sleeps of which a test asserts that it takes less time than they do: something ends them, or nobody waits
for them.
"""

import ast
from collections.abc import Iterator
from functools import lru_cache
from typing import Final

from lapwing.lint.body import Body
from lapwing.lint.chains import last_name
from lapwing.lint.constant import number
from lapwing.lint.elapsed import is_elapsed, upper_limits
from lapwing.lint.meanings import meanings
from lapwing.lint.place import Place, nothing_given
from lapwing.lint.site import Site

_CLOCKS: Final = ("time()", "monotonic()", "perf_counter()", "default_timer()", "now()")
_SHORTEST_S: Final = 0.1
_WAITING: Final = frozenset({"join", "shutdown", "result", "wait", "gather", "communicate"})
_POOLS: Final = ("Executor", "Pool")
"""Ends of the names of what waits for its threads or processes as it is left."""


def is_asserted_short(site: Site, seconds: float | None) -> bool:
    """Whether the sleep of `seconds` at `site` stands in a function of a test that the test uses only while
    it measures, and asserts of what it measured that it is less, and waits for nothing after that.
    """
    body = site.body
    inner = body.function_around(site.node)
    if seconds is None or seconds < _SHORTEST_S or inner is None or inner is body.root:
        return False
    if inner.decorator_list or not site.is_test or not _measures(body.module.text):
        return False
    inside = range(inner.lineno, (inner.end_lineno or inner.lineno) + 1)
    uses = [
        each.lineno
        for each in body.parents
        if isinstance(each, ast.Name) and each.id == inner.name and each.lineno not in inside
    ]
    if not uses or any(last_name(each.func).endswith(_POOLS) for each in body.calls):
        return False
    for asserted, start in _short_measures(seconds, body):
        waits = any(each.lineno > asserted and last_name(each.func) in _WAITING for each in body.calls)
        if start <= min(uses) and max(uses) <= asserted and not waits:
            return True
    return False


@lru_cache(maxsize=64)
def _measures(text: str) -> bool:
    """Whether a file looks at a clock."""
    return any(clock in text for clock in _CLOCKS)


def _short_measures(seconds: float, body: Body) -> Iterator[tuple[int, int]]:
    """The lines of assertions that less than `seconds` have passed, each with that of the look at the clock
    that begins the time.
    """
    for node, measured, limit in upper_limits(body):
        place = Place(body.module, body.scope_of(measured), measured.lineno, nothing_given)
        longest = number(limit, place)
        if longest is None or longest > seconds or not is_elapsed(measured, place):
            continue
        for each in [measured, *(value for value, _ in meanings(measured, place))]:
            begun = each.right if isinstance(each, ast.BinOp) else None
            found = place.scope.lookup(begun.id) if isinstance(begun, ast.Name) else None
            lines = [binding.line for binding in found[1]] if found is not None else []
            if len(lines) == 1:
                yield getattr(node, "lineno", 0), lines[0]
