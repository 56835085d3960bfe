"""Conditions that compare the version of an installed package: `pymongo.version_tuple[0] > 3` always holds
where the project asks for pymongo 4.
"""

import ast
import itertools
import re
from typing import Final

from lapwing.lint.chains import last_name
from lapwing.lint.constant import number, text
from lapwing.lint.meanings import meanings
from lapwing.lint.place import Place
from lapwing.lint.required import Version, as_version

_VERSION: Final = re.compile(
    r"([A-Za-z_]\w*)\.(?:__version__|__version_info__|version|version_tuple|version_info|VERSION)$"
)
_UNCHANGING: Final = re.compile(r"(?i)^(?:int|float|tuple|list|map|\w*version|parse)$")
_DEEPEST: Final = 6


def holds_for_installed(left: ast.expr, operator: ast.cmpop, right: ast.expr, place: Place) -> bool | None:
    """Whether a comparison of the version of a package holds for the versions that the project asks for; None
    where that cannot be told, or this is another comparison.
    """
    asked = _package(left, place) if place.helpers is not None else None
    other = _version(right, place) if asked is not None else None
    if asked is None or other is None or place.helpers is None:
        return None
    package, parts = asked
    oldest = place.helpers.oldest_required(package, place.module)
    if oldest is None:
        return None
    oldest, other = oldest[:parts], other[:parts]
    if isinstance(operator, ast.Lt | ast.GtE):
        return isinstance(operator, ast.GtE) if oldest >= other else None
    if isinstance(operator, ast.Gt | ast.LtE):
        return isinstance(operator, ast.Gt) if oldest > other else None
    return None


def _package(node: ast.expr, place: Place, steps: int = 0) -> tuple[str, int] | None:
    """The package of whose version an expression is made, and how many parts of that count."""
    parts = _DEEPEST
    while steps < _DEEPEST:
        steps += 1
        if isinstance(node, ast.Subscript):
            at = node.slice.upper if isinstance(node.slice, ast.Slice) else node.slice
            count = at.value if isinstance(at, ast.Constant) and isinstance(at.value, int) else 0
            if not isinstance(node.slice, ast.Slice):
                count = 1 if count == 0 and isinstance(at, ast.Constant) else 0
            if count < 1:
                return None
            parts, node = min(parts, count), node.value
        elif (
            isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "split"
        ):
            node = node.func.value
        elif isinstance(node, ast.Call) and node.args and _UNCHANGING.search(last_name(node.func)):
            node = node.args[-1]
        elif isinstance(node, ast.Attribute) and node.attr == "major":
            parts, node = 1, node.value
        else:
            named = _VERSION.search(place.dotted(node) or "")
            if named is not None:
                return named[1], parts
            values = [*itertools.islice(meanings(node, place), 2)] if isinstance(node, ast.Name) else []
            if len(values) != 1:
                return None
            node, place = values[0]
    return None


def _version(node: ast.expr, place: Place) -> Version | None:
    if isinstance(node, ast.Call) and node.args and _UNCHANGING.search(last_name(node.func)):
        node = node.args[-1]
    if isinstance(node, ast.Tuple | ast.List):
        found = [number(each, place) for each in node.elts]
        known = [str(int(each)) for each in found if each is not None]
        return as_version(".".join(known)) if known and len(known) == len(found) else None
    written = text(node, place)
    if written is not None:
        return as_version(written) or None
    value = number(node, place)
    return (int(value),) if value is not None and value == int(value) else None
