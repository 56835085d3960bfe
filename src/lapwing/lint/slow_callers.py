"""Tests that call a helper which waits: an information with the way to it. The finding is at the helper's
definition.
"""

import ast
from collections.abc import Callable, Iterable, Iterator, Mapping

from lapwing.lint.body import Body
from lapwing.lint.context import Context
from lapwing.lint.mocking import is_name_of
from lapwing.lint.module import Definition, Module
from lapwing.lint.replaced import Replacements
from lapwing.lint.scope import How
from lapwing.lint.view import Seen, View
from lapwing.model.finding import Confidence, Finding

SlowFunctions = Mapping[ast.AST, Finding]
"""Helpers whose body has a finding that fails, and the first such finding."""


def slow_functions(
    module: Module, findings: Iterable[Finding], tests: Callable[[ast.AST], bool]
) -> SlowFunctions:
    """The functions of a file with a failing finding in them; those that `tests` knows run by themselves
    are left out.
    """
    by_name: dict[str, Finding] = {}
    for finding in findings:
        if finding.gate and finding.function and finding.call:
            by_name.setdefault(finding.function, finding)
    return {
        definition.node: by_name[definition.qualified_name]
        for definition in module.definitions
        if definition.qualified_name in by_name and not tests(definition.node)
    }


def calls_of_slow(
    view: View,
    replacements: Replacements,
    own: SlowFunctions,
    of_module: Callable[[Module], SlowFunctions],
    leads_to_slow: Callable[[str], bool],
) -> Iterator[tuple[str, Seen]]:
    """Code and what was seen for each call of a slow function, of this file or of one that it imports.
    `leads_to_slow` tells of an imported name whether its file is worth a look.
    """
    names = {node.name for node in own if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)}
    foreign = {
        **own,
        **_imported(view, replacements, of_module, leads_to_slow, names),
    }
    if not foreign:
        return
    for definition, body in view.bodies_with(names):
        if definition is None or definition.node in foreign or view.is_exempt(definition):
            continue
        for call in body.calls:
            found = replacements.definition_of(call.func, body)
            finding = foreign.get(found[0]) if found is not None else None
            if finding is not None and not _is_replaced(finding, call, body, definition, replacements):
                yield finding.code, _seen(call, finding, definition)


def _imported(
    view: View,
    replacements: Replacements,
    of_module: Callable[[Module], SlowFunctions],
    leads_to_slow: Callable[[str], bool],
    names: set[str],
) -> dict[ast.AST, Finding]:
    """Slow functions of helper files; the names that they go by here are added to `names`."""
    found: dict[ast.AST, Finding] = {}
    for name, bindings in view.module.scope.bindings.items():
        for binding in bindings:
            if binding.how is not How.IMPORT or not leads_to_slow(binding.dotted):
                continue
            helper = replacements.helpers.find(binding.dotted, view.module)
            if helper is None or helper[0].path == view.module.path:
                continue
            slow = of_module(helper[0])
            found.update(slow)
            if slow:
                names.add(name)
    return found


def _is_replaced(
    finding: Finding, call: ast.Call, body: Body, definition: Definition, replacements: Replacements
) -> bool:
    patches = Context(replacements, body, definition).patches
    return any(
        patch.first <= call.lineno <= patch.last and is_name_of(patch.target, finding.call)
        for patch in patches
    )


def _seen(call: ast.Call, finding: Finding, definition: Definition) -> Seen:
    what = finding.message.partition(":")[0]
    message = f"calls {finding.function}, where {what} ({finding.file}:{finding.line})"
    return Seen(
        call, finding.kind, Confidence.MEDIUM, False, message, finding.call, definition.qualified_name
    )
