"""Calls that are known by their shape where their names lead nowhere: pytest's own children, processes of
contexts that other packages make, and sleeps of things that cannot be resolved.
"""

import ast
import re
from typing import Final

from lapwing.lint.calls import Kind, Operation
from lapwing.lint.chains import chain
from lapwing.lint.constant import number
from lapwing.lint.module import is_own_attribute
from lapwing.lint.place import Place
from lapwing.lint.rare_packages import has_event_nobody_sets
from lapwing.lint.scope import FUNCTIONS, Binding, How

_PYTESTER: Final = re.compile(r"(?:^|[._])(?:pytester|testdir)$")
"""Names of pytest's fixture, and of those of a project that give one which is prepared for it."""

_PYTESTER_CHILDREN: Final = frozenset(
    {"runpytest_subprocess", "run", "runpython", "runpython_c", "popen", "spawn", "spawn_pytest"}
)
_PYTESTER_ONLY: Final = frozenset({"runpytest_subprocess", "runpython_c", "spawn_pytest"})
"""Methods of no other thing."""

_POOLS: Final = frozenset({"ProcessPool", "ProcessPoolExecutor"})
"""Pools of processes, as many packages call them."""

_LOOP_CHILDREN: Final = frozenset({"subprocess_exec", "subprocess_shell"})
"""Methods of an event loop, which fixtures give under many names."""

_CHILD: Final = Operation(Kind.PROCESS)
_SLEEP: Final = Operation(Kind.SLEEP, keywords=("timeout",))
_SLEEP_MS: Final = Operation(Kind.SLEEP, unit_s=0.001)
_SLEEP_AT_END: Final = Operation(Kind.SLEEP, 3)
_IDLE_WAITS: Final = frozenset({"wait", "select", "poll"})
_SHELLS: Final = ("sh.", "plumbum.cmd.")
_COMMAND: Final = re.compile(
    r"(?:sh|plumbum\.cmd)\.(?!(?:which|cd|pushd|glob|bake)$)[a-z]\w*|sh\.Command\(\)"
)
"""A program that sh or plumbum call by its name, but for what they do themselves; names of classes begin with
a capital letter.
"""

_SHORTEST_S: Final = 0.01
_UNREAL: Final = re.compile(
    r"(?i)fake|mock|stub|dummy|clock|virtual|frozen|simul|spy|time|reactor|random|retry"
)
"""Names of things whose `sleep` is rather a test's own."""


_IN_SCENARIO: Final = re.compile(
    r"['\"]sleep['\"]\s{0,3}:\s{0,3}(?:time|eventlet|gevent|greenthread|asyncio)\.sleep\b"
)
"""One of the attributes that testscenarios sets on a test."""

_OWN: Final = re.compile(r"\bdef sleep|\bsleep\.(?:assert_|call|await|return_value|side_effect)")
"""In a file with one of these a sleep of a thing is rather one of the test's."""


def known_by_shape(node: ast.Call, call: str | None, place: Place) -> tuple[str, Operation] | None:
    """The name and operation of a call that no known name was found for; `call` is what it resolved to."""
    function = node.func
    written = chain(function)
    base, _, last = written.rpartition(".")
    if last == "Process" and any(each.arg == "target" for each in node.keywords):
        is_thread = call is not None and call.partition(".")[0] in ("threading", "gevent")
        return None if is_thread else ("multiprocessing.Process", _CHILD)
    is_pytester = last in _PYTESTER_ONLY or (last in _PYTESTER_CHILDREN and _PYTESTER.search(base))
    if is_pytester and isinstance(function, ast.Attribute):
        return None if place.dotted(function.value) else (written, _CHILD)
    if last in _POOLS and _is_from_elsewhere(function, call, place):
        return written, _CHILD
    if last in _LOOP_CHILDREN and re.search(r"(?:^|[._])loop$", base) and call is None:
        return written, _CHILD
    if last == "sleep" and (_is_foreign_sleep(node, call, place) or _is_of_scenario(node, call, place)):
        return written, _SLEEP
    if last in _IDLE_WAITS:
        return _idle_wait(node, call, written, place)
    if call is not None and call.startswith(_SHELLS) and _COMMAND.fullmatch(call):
        return call, _CHILD
    return None


def _idle_wait(node: ast.Call, call: str | None, written: str, place: Place) -> tuple[str, Operation] | None:
    """A wait for nothing but its timeout: of an event that nobody sets, of no files, of a window."""
    thing = node.func.value if isinstance(node.func, ast.Attribute) else None
    if written.endswith("qtbot.wait") and node.args:
        return written, _SLEEP_MS
    if call == "select.select" and len(node.args) == 4:
        is_idle = all(isinstance(each, ast.List) and not each.elts for each in node.args[:3])
        return (call, _SLEEP_AT_END) if is_idle else None
    if call == "select.poll().poll" and isinstance(thing, ast.Call):
        return call, _SLEEP_MS
    if call == "threading.Event().wait" and (node.args or node.keywords) and _is_own_event(thing, place):
        return call, _SLEEP
    return None


def _is_own_event(thing: ast.expr | None, place: Place) -> bool:
    """Whether an event is made for one wait, or bound in the function and only waited for there."""
    if not has_event_nobody_sets(place.module.text):
        return False
    if not isinstance(thing, ast.Name):
        return isinstance(thing, ast.Call)
    function = place.scope.node
    if thing.id not in place.scope.bindings or not isinstance(function, FUNCTIONS):
        return False
    uses = sum(isinstance(each, ast.Name) and each.id == thing.id for each in ast.walk(function))
    asked = sum(
        isinstance(each, ast.Attribute) and isinstance(each.value, ast.Name) and each.value.id == thing.id
        for each in ast.walk(function)
    )
    return uses == asked + len(place.scope.bindings[thing.id])


def _is_from_elsewhere(function: ast.expr, call: str | None, place: Place) -> bool:
    """Whether what is called is imported, by its name or with all names of a module."""
    if call is not None:
        return "(" not in call
    is_bound = isinstance(function, ast.Name) and place.scope.lookup(function.id) is not None
    return bool(place.module.stars) and isinstance(function, ast.Name) and not is_bound


def _is_foreign_sleep(node: ast.Call, call: str | None, place: Place) -> bool:
    """Whether this is `thing.sleep(6)`, with a number that the code tells, of a thing that the code around
    makes by a call, and not one to save a test the time. What a parameter is nobody can tell.
    """
    function = node.func
    if not isinstance(function, ast.Attribute) or _OWN.search(place.module.text):
        return False
    if call is not None and "()" not in call:
        return False
    if _UNREAL.search(ast.unparse(function.value)):
        return False
    seconds = number(node.args[0], place) if node.args else None
    return seconds is not None and seconds >= _SHORTEST_S and _is_made(function.value, place)


def _is_of_scenario(node: ast.Call, call: str | None, place: Place) -> bool:
    """Whether this is `self.sleep(2)` where the scenarios of a class say what `sleep` is, and one of them
    that it is real.
    """
    if call is not None or not is_own_attribute(node.func) or "scenarios" not in place.module.text:
        return False
    seconds = number(node.args[0], place) if node.args else None
    return (
        seconds is not None
        and seconds >= _SHORTEST_S
        and _IN_SCENARIO.search(place.module.text) is not None
        and not [*place.module.self_bindings("sleep", place.scope)]
    )


def _is_made(thing: ast.expr, place: Place) -> bool:
    """Whether a name or `self.name` is bound to what a call gives, or is a part of something that the file
    does not bind.
    """
    bindings: list[Binding] = []
    if isinstance(thing, ast.Call):
        return True
    if isinstance(thing, ast.Name):
        found = place.scope.lookup(thing.id)
        bindings = found[1] if found else []
    elif is_own_attribute(thing):
        bindings = [binding for binding, _ in place.module.self_bindings(thing.attr, place.scope)]
        if not bindings:
            return True
    elif isinstance(thing, ast.Attribute):
        return True
    made = [each.node for each in bindings if each.how in (How.VALUE, How.ENTERED)]
    return bool(made) and all(
        isinstance(each, ast.Call) and not _UNREAL.search(ast.unparse(each.func)) for each in made
    )
