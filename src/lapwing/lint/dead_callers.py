"""Helpers that the code of their file calls only where no usual run comes to."""

import re

from lapwing.lint.body import body_of
from lapwing.lint.dead_code import is_dead
from lapwing.lint.exempt_callers import is_of_tests_only
from lapwing.lint.fixtures import is_test_function
from lapwing.lint.module import Definition
from lapwing.lint.place import Place, nothing_given
from lapwing.lint.replaced import Replacements
from lapwing.lint.words import lines_with


def is_only_of_dead_code(definition: Definition, replacements: Replacements) -> bool:
    """Whether every line that names a function of a test file or conftest is a call which no usual run comes
    to, as below `if config.getoption("--regenerate"):`.
    """
    node, module = definition.node, replacements.module
    is_private = is_of_tests_only(module.path) or module.stem == "conftest"
    if not is_private or is_test_function(node) or node.decorator_list or definition.classes:
        return False
    callers = [
        each for each in replacements.callers_of(node.name, handed_on=True) if each[1].node is not node
    ]
    calling = {line for call, _ in callers for line in range(call.lineno, (call.end_lineno or 0) + 1)}
    own = range(node.lineno, (node.end_lineno or node.lineno) + 1)
    word = re.compile(rf"\b{re.escape(node.name)}\b")
    lines = module.text.split("\n")
    named = [at for at in lines_with(module.text, [node.name]) if at not in own]
    if not callers or any(at not in calling and word.search(lines[at - 1]) for at in named):
        return False
    for call, caller in callers:
        body = body_of(caller.node, module, caller.scope)
        place = Place(module, body.scope_of(call), call.lineno, nothing_given, replacements.helpers)
        if not is_dead(call, body, place):
            return False
    return True
