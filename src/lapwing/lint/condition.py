"""What a condition always is in a usual test run: on Linux, on a Python of today, without the server of a
database, nothing set in the environment, no option given that has no default where it is read, and no
terminal: pytest keeps what is written, and gives nothing to read.
"""

import ast
import itertools
import re
from typing import Final

from lapwing.lint.chains import chain
from lapwing.lint.constant import number, text
from lapwing.lint.installed_version import holds_for_installed
from lapwing.lint.meanings import elements, meanings
from lapwing.lint.module import is_own_attribute
from lapwing.lint.place import Place
from lapwing.lint.scope import How
from lapwing.lint.usual_system import FACTS

_NEVER: Final = re.compile(
    r"(?i)(?:^|\.)(?:TYPE_CHECKING|(?:is_|on_|IS_)?(?:py2|python2|windows|win32|win|nt|macos|mac|osx|darwin|macosx|"
    r"cygwin|freebsd|openbsd|netbsd|bsd|sunos|solaris|aix|pypy|jython|"
    r"win32(?:api|process|con|event|file|pipe|security|service|gui|job)|pywintypes|msvcrt|_?winreg|_winapi|"
    r"(?:py_)?gil_disabled|_?free_?thread(?:ed|ing)(?:_build)?|no_?gil)|sys\.std(?:in|out|err)\.isatty)$"
)
_ALWAYS: Final = re.compile(r"(?i)(?:^|\.)(?:(?:is_|on_)?(?:linux|posix|unix|py3|python3)|_?is_gil_enabled)$")
_ACCELERATOR: Final = re.compile(
    r"(?i)(?:^|[._])(?:(?:is|has|have|with)_?(?:cuda|gpu|hpu|xpu|npu|tpu|rocm)s?|"
    r"(?:is_?)?(?:cuda|gpu|hpu|xpu|npu|tpu|rocm)s?[._]?(?:is_?)?(?:available|present))$"
)
"""Names of what tells whether there is a processor for graphics, or the like: a usual run does without."""
_UNASKED: Final = re.compile(
    r"(?i)(?:^|\.|_)(?:run_?slow|slow_?tests?|run_?network|network_?tests?|online_?tests?|run_?integration|"
    r"is_?live|run_?live|in_?recording|cassette\.(?:is_)?recording)(?:_?tests?)?$"
)
"""Names of switches that somebody has to set for slow tests to run, or to ask a service and no recording."""
_DATABASE: Final = re.compile(r"(?i)(?:^|[._])(?:vendor|dialect(?:\.name)?|backend|db_type|database)$")
_DATABASES: Final = frozenset({"mysql", "mariadb", "oracle", "mssql", "postgresql", "postgres"})
"""Databases with a server, which a usual run does without."""

_SYSTEM: Final = re.compile(r"(?i)(?:^|[._])(?:get_)?(?:platform|operating_system|os_name)$")
_OTHER_SYSTEMS: Final = frozenset({"macos", "darwin", "osx", "macosx", "windows", "win32", "win", "cygwin"})
"""What a thing called after the system is elsewhere."""

_IS_TRUE: Final = re.compile(r"(?i)^int$|(?:^|_|to|2)bool(?:ean)?$|(?:^|_)(?:is_)?(?:true|truthy|enabled)$")
"""Functions that make a truth value of a text such as "yes"."""

_OF_VARIABLE: Final = re.compile(r"(?i)(?:^|[._])env(?:_\w*)?$")
"""Functions that make one of the variable of the environment whose name they are given."""

_ENVIRONMENT: Final = re.compile(r"(?:^|\.)(?:environ|environ\.get|getenv|environb)$")
_OPTION: Final = re.compile(r"(?:^|\.)config\.option\.\w+$")
_CONFIGURED: Final = re.compile(r"(?:^|\.)CONF\.\w+\.\w+$")
"""What oslo.config keeps: a run for which nobody wrote a file has none of what tests ask it for."""

_MIRRORED: Final = {
    ast.Lt: ast.Gt,
    ast.LtE: ast.GtE,
    ast.Gt: ast.Lt,
    ast.GtE: ast.LtE,
    ast.Eq: ast.Eq,
    ast.NotEq: ast.NotEq,
}
_VERSIONS: Final = frozenset(
    {"sys.version_info", "version_info", "sys.version_info.major", "version_info.major"}
)
_SAME_WORD: Final = frozenset({"lower", "casefold", "strip"})
_OLDEST: Final = (3, 11)
"""The oldest Python that is still cared for."""

_DEEPEST: Final = 6


def verdict(test: ast.AST | None, place: Place, steps: int = 0) -> bool | None:
    """True or False where `test` is always so, else None."""
    if test is None or steps > _DEEPEST:
        return None
    if isinstance(test, ast.Constant):
        return _of_constant(test.value, place, steps)
    if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
        inner = verdict(test.operand, place, steps + 1)
        return None if inner is None else not inner
    if isinstance(test, ast.BoolOp):
        parts = [verdict(each, place, steps + 1) for each in test.values]
        decisive = isinstance(test.op, ast.Or)
        if decisive in parts:
            return decisive
        return None if None in parts else not decisive
    if isinstance(test, ast.Compare) and len(test.ops) == 1:
        return _of_comparison(test, place, steps)
    if isinstance(test, ast.Call):
        return _of_call(test, place, steps)
    if isinstance(test, ast.Name | ast.Attribute | ast.Subscript):
        return _of_name(test, place, steps)
    if isinstance(test, ast.Tuple):
        return bool(test.elts)
    return None


def is_main_guard(test: ast.expr) -> bool:
    """Whether this is the condition `__name__ == "__main__"`."""
    return (
        isinstance(test, ast.Compare)
        and isinstance(test.left, ast.Name)
        and test.left.id == "__name__"
        and isinstance(test.ops[0], ast.Eq)
    )


def _of_constant(value: object, place: Place, steps: int) -> bool | None:
    """A text is a condition in `skipif("sys.platform == 'win32'")`."""
    if not isinstance(value, str) or not value:
        return bool(value)
    try:
        written = ast.parse(value.strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    is_plain = isinstance(written, ast.Constant | ast.Name)
    return None if is_plain else verdict(written, place, steps + 1)


def _of_name(test: ast.expr, place: Place, steps: int) -> bool | None:
    if is_environment(test, place):
        return False
    written = chain(test)
    if _NEVER.search(written) or _ACCELERATOR.search(written):
        return False
    if _ALWAYS.search(written):
        return True
    if (".option." in written and _OPTION.search(written)) or (
        "CONF." in written and _CONFIGURED.search(written)
    ):
        return False
    if isinstance(test, ast.Name):
        found = place.scope.lookup(test.id)
        if found is not None and all(each.how is How.VALUE for each in found[1]):
            there = place._replace(scope=found[0])
            verdicts = {verdict(each.node, there, steps + 1) for each in found[1]}
            if len(verdicts) == 1 or None in verdicts:
                return None if None in verdicts else verdicts.pop()
    elif is_own_attribute(test):
        bound = [*place.module.self_bindings(test.attr, place.scope)]
        # A constant is what is there at first, or a default: whoever makes the object decides.
        if bound and not any(each.how is not How.VALUE or _is_constant(each.node) for each, _ in bound):
            verdicts = {verdict(each.node, place._replace(scope=scope), steps + 1) for each, scope in bound}
            return verdicts.pop() if len(verdicts) == 1 else None
    return False if _UNASKED.search(written) else _of_imported(test, place, steps)


def _is_constant(node: ast.AST | None) -> bool:
    return isinstance(node, ast.Constant)


def _of_call(test: ast.Call, place: Place, steps: int) -> bool | None:
    if is_environment(test, place):
        default = test.args[1] if len(test.args) > 1 else None
        return False if default is None else _default_verdict(default)
    written = chain(test.func)
    is_truth = _IS_TRUE.search(written) is not None
    if test.args and (is_truth or _OF_VARIABLE.search(written)):
        if len(test.args) == 1 and not test.keywords and _reads_environment(test, place):
            return False
        if is_truth:
            return verdict(test.args[0], place, steps + 1)
    if written.endswith(".getoption"):
        default = _option_default(test)
        return False if default is None or _default_verdict(default) is False else None
    if "sys.platform.startswith" in (written, place.dotted(test.func)) and test.args:
        start = text(test.args[0], place)
        return None if start is None else "linux".startswith(start)
    given = _returned(test, place, steps)
    if given is not None:
        return verdict(*given, steps + 1)
    if not test.args:
        if _NEVER.search(written) or _ALWAYS.search(written):
            return _NEVER.search(written) is None
        if _UNASKED.search(written) or _ACCELERATOR.search(written):
            return False
        return _of_imported(test, place, steps) if not test.keywords else None
    return None


def _of_imported(test: ast.expr, place: Place, steps: int) -> bool | None:
    """What a name that another file of the tests sets, or a function there gives, is in a usual run."""
    helpers = place.helpers
    name = test.func if isinstance(test, ast.Call) else test
    if helpers is None or not isinstance(name, ast.Name | ast.Attribute):
        return None
    is_starred = isinstance(name, ast.Name) and place.scope.lookup(name.id) is None
    dotted = [f"{star}.{chain(name)}" for star in place.module.stars] if is_starred else [place.dotted(name)]
    for each in dotted:
        if each is None or "(" in each or not helpers.is_test_code(each, place.module):
            continue
        module, there_named = helpers.find(each, place.module) or (None, "")
        if module is not None and there_named in module.scope.bindings:
            there = Place(module, module.scope, 0, place.given, helpers)
            meant: ast.expr = ast.Name(there_named, lineno=0)
            if isinstance(test, ast.Call):
                meant = ast.Call(func=meant, args=[], keywords=[], lineno=0)
            return verdict(meant, there, steps + 1)
    return None


def _returned(call: ast.Call, place: Place, steps: int) -> tuple[ast.expr, Place] | None:
    """What a function of the same file returns in a usual run, that does nothing before but decide."""
    found = place.module.definition(call.func, place.scope)
    function, outer = found if found is not None else (None, None)
    if not isinstance(function, ast.FunctionDef) or outer is None:
        return None
    place = place._replace(scope=place.module.function_scope(function, outer))
    statements = function.body
    while statements:
        first, *statements = statements
        if isinstance(first, ast.If):
            always = verdict(first.test, place, steps + 1)
            if always is None:
                return None
            statements = [*(first.body if always else first.orelse), *statements]
        elif isinstance(first, ast.Return):
            return None if first.value is None else (first.value, place)
        elif not _is_text(first):
            return None
    return None


def _reads_environment(call: ast.Call, place: Place) -> bool:
    """Whether a function of the tests looks a variable up by the name that it is given, as in
    `is_enabled("RUN_ALL")`, without a default that counts as true.
    """
    name = call.args[0].value if isinstance(call.args[0], ast.Constant) else None
    function, outer = place.module.definition(call.func, place.scope) or (None, None)
    dotted = place.dotted(call.func) if function is None and place.helpers is not None else None
    if dotted is not None and place.helpers is not None:
        module, there_named = place.helpers.find(dotted, place.module) or (None, "")
        if module is not None:
            place = Place(module, module.scope, 0, place.given, place.helpers)
            there = ast.Name(there_named, lineno=0)
            function, outer = module.definition(there, module.scope) or (None, None)
    if not isinstance(name, str) or not isinstance(function, ast.FunctionDef) or outer is None:
        return False
    parameters = [*function.args.posonlyargs, *function.args.args]
    inside = place._replace(scope=place.module.function_scope(function, outer))
    return bool(parameters) and any(
        isinstance(each, ast.Call)
        and each.args
        and isinstance(each.args[0], ast.Name)
        and each.args[0].id == parameters[0].arg
        and verdict(each, inside) is False
        and is_environment(each, inside)
        for each in ast.walk(function)
    )


def _is_text(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)


def _option_default(call: ast.Call) -> ast.expr | None:
    """The default that `getoption(…)` is given."""
    if len(call.args) > 1:
        return call.args[1]
    return next((each.value for each in call.keywords if each.arg == "default"), None)


def _default_verdict(default: ast.expr) -> bool | None:
    if not isinstance(default, ast.Constant):
        return None
    value = default.value
    return value is not None and str(value).lower() not in ("", "0", "false", "no", "n", "off")


def _of_comparison(test: ast.Compare, place: Place, steps: int) -> bool | None:
    left, operator, right = test.left, test.ops[0], test.comparators[0]
    if is_main_guard(test):
        return place.module.is_script
    mirrored = _MIRRORED.get(type(operator))
    if mirrored is not None and isinstance(left, ast.Constant | ast.Tuple):
        left, operator, right = right, mirrored(), left
    if isinstance(operator, ast.In | ast.NotIn):
        if is_environment(right, place):
            return isinstance(operator, ast.NotIn)
        fact = FACTS.get(_fact_name(left, place))
        if fact is not None and isinstance(right, ast.Tuple | ast.List | ast.Set):
            names = [text(each, place) for each in right.elts]
            return None if None in names else (fact in names) == isinstance(operator, ast.In)
        default = _environment_default(left, place)
        rows = [*elements(right, place)] if default is not None else []
        if rows:
            names = [text(each, there) for each, there in rows]
            return None if None in names else (default in names) == isinstance(operator, ast.In)
        if fact is None and _fact_name(right, place) == "sys.platform":
            word = text(left, place)
            return None if word is None else (word in "linux") == isinstance(operator, ast.In)
        return None
    if isinstance(operator, ast.Eq | ast.NotEq | ast.Is | ast.IsNot):
        is_equal = isinstance(operator, ast.Eq | ast.Is)
        fact = FACTS.get(_fact_name(left, place))
        if fact is not None:
            other = text(right, place)
            return None if other is None else (fact == other) == is_equal
        default = _environment_default(left, place)
        if default is not None and (wanted := text(right, place)) is not None:
            return (default == wanted) == is_equal
        if _DATABASE.search(chain(left)) and (text(right, place) or "").lower() in _DATABASES:
            return not is_equal
        if _SYSTEM.search(chain(left)) and (text(right, place) or "").lower() in _OTHER_SYSTEMS:
            is_given = isinstance(left, ast.Name) and _is_parameter(left.id, place)
            return None if is_given else not is_equal
        is_none = isinstance(right, ast.Constant) and right.value is None
        if is_environment(left, place):
            return is_equal if is_none else not is_equal
        if is_none and isinstance(left, ast.Name) and _is_unset(left, place):
            return is_equal
    if chain(left) in _VERSIONS:
        return _of_version(operator, right, place)
    if _is_unnamed_version(left, operator, right, place, steps):
        return isinstance(operator, ast.Lt | ast.LtE)
    return holds_for_installed(left, operator, right, place)


def _is_unnamed_version(
    left: ast.expr, operator: ast.cmpop, right: ast.expr, place: Place, steps: int
) -> bool:
    """Whether a version, as `(1, 2)`, is compared with that which a function reads from the environment: `()`
    where it is not set, which is less than any.
    """
    return (
        isinstance(left, ast.Call)
        and isinstance(operator, ast.Lt | ast.LtE | ast.Gt | ast.GtE)
        and isinstance(right, ast.Tuple)
        and bool(right.elts)
        and verdict(left, place, steps + 1) is False
    )


def _is_parameter(name: str, place: Place) -> bool:
    """Whether a name is a parameter, which may be anything."""
    found = place.scope.lookup(name)
    return found is not None and any(each.how is How.PARAMETER for each in found[1])


def _is_unset(name: ast.Name, place: Place) -> bool:
    """Whether a name is bound to a variable of the environment alone, for which there is no default."""
    found = place.scope.lookup(name.id)
    return found is not None and all(
        each.how is How.VALUE
        and isinstance(each.node, ast.Call)
        and all(isinstance(given, ast.Constant) and given.value is None for given in each.node.args[1:])
        and is_environment(each.node, place._replace(scope=found[0]))
        for each in found[1]
    )


def _environment_default(node: ast.expr, place: Place) -> str | None:
    """The text that a variable of the environment counts as where it is not set, as in
    `os.environ.get("X", "no").lower()`; None for another expression.
    """
    while (
        isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in _SAME_WORD
    ):
        node = node.func.value
    if isinstance(node, ast.Name) or is_own_attribute(node):
        values = [*itertools.islice(meanings(node, place), 2)]
        node, place = values[0] if len(values) == 1 else (node, place)
    if not isinstance(node, ast.Call) or not is_environment(node, place):
        return None
    default = node.args[1] if len(node.args) > 1 else None
    if default is None:
        return ""
    return str(default.value) if isinstance(default, ast.Constant) else None


def _fact_name(node: ast.expr, place: Place) -> str:
    """The name of a fact in `FACTS`, by whatever name it was imported."""
    written = chain(node) + ("()" if isinstance(node, ast.Call) else "")
    if written in FACTS or not isinstance(node, ast.Name | ast.Call):
        return written
    return place.dotted(node) or written


def _of_version(operator: ast.cmpop, limit: ast.expr, place: Place) -> bool | None:
    parts = limit.elts if isinstance(limit, ast.Tuple) else [limit]
    numbers = [number(each, place) for each in parts]
    if None in numbers or not numbers:
        return None
    version = tuple(int(each) for each in numbers if each is not None)
    if version > _OLDEST:
        return None
    if isinstance(operator, ast.Lt | ast.GtE):
        return isinstance(operator, ast.GtE)
    if version == _OLDEST:
        return None
    if isinstance(operator, ast.LtE | ast.Eq):
        return False
    return True if isinstance(operator, ast.Gt) else None


def is_environment(node: ast.AST, place: Place) -> bool:
    """`os.environ`, `os.environ["X"]`, `os.environ.get("X")`, `os.getenv("X")`, by whatever name.

    A parameter called `environ` is what a server of WSGI gives to an application.
    """
    named = (
        node.func if isinstance(node, ast.Call) else node.value if isinstance(node, ast.Subscript) else node
    )
    written = chain(node)
    if _ENVIRONMENT.search(written):
        first = written.partition(".")[0]
        return first != "environ" or not _is_parameter(first, place)
    return _ENVIRONMENT.search(place.dotted(named) or "") is not None
