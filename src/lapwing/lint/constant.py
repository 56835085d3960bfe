"""What an expression is worth, as far as it stands in the code: numbers and texts.

Nothing is evaluated but literals, arithmetic, names bound to such, and a few pure functions. A random
value counts as its mean, a name with several values as the largest.
"""

import ast
from collections.abc import Iterator
from typing import Final

from lapwing.lint.chains import chain, last_name
from lapwing.lint.filled_text import UNKNOWN_TEXT, brace_filled, percent_filled
from lapwing.lint.given_by_call import DEFAULT, default_of, given_by_call
from lapwing.lint.meanings import definition_meant, meanings
from lapwing.lint.module import statements_below
from lapwing.lint.place import Place
from lapwing.lint.usual_system import FACTS

_ENVIRONMENT: Final = frozenset({"os.environ.get", "os.getenv"})
"""Nothing is set in the environment of a usual run: what they are given as a default counts."""

_PARTS_OF_URL: Final = frozenset({"netloc", "hostname"})
_PARSING: Final = frozenset({"urlparse", "urlsplit", "URL", "parse_url"})
_FOREVER_S: Final = 1e9
_ATTRIBUTES: Final = {"math.inf": _FOREVER_S, "time.get_clock_info().resolution": 1e-9}
_DEEPEST: Final = 10
_ONCE_MORE: Final = _DEEPEST - 3  # from here on a name is looked up once more, and what it is bound to there
_MOST_TEXT: Final = 2_000


def number(node: ast.AST | None, place: Place, steps: int = 0) -> float | None:
    """The number that `node` is, or None where it cannot be told."""
    if node is None or steps > _DEEPEST:
        return None
    if isinstance(node, ast.Constant):
        value = node.value
        return float(value) if isinstance(value, int | float) and abs(value) < 1e15 else None
    if isinstance(node, ast.UnaryOp):
        inner = number(node.operand, place, steps + 1)
        return -inner if inner is not None and isinstance(node.op, ast.USub) else inner
    if isinstance(node, ast.BinOp):
        return _arithmetic(node, place, steps)
    if isinstance(node, ast.IfExp):
        return _largest(number(each, place, steps + 1) for each in _branches(node))
    if isinstance(node, ast.Call):
        return _called(node, place, steps)
    if isinstance(node, ast.Attribute) and (known := _ATTRIBUTES.get(place.dotted(node) or "")) is not None:
        return known
    found = [
        number(each, where, max(steps + 1, _ONCE_MORE) if _is_of_itself(each, node) else steps + 1)
        for each, where in meanings(node, place)
    ]
    return _largest(found)


def _is_of_itself(value: ast.expr, node: ast.AST) -> bool:
    """Whether a name is bound to a calculation with its own value, such as `delay = delay * 2`: a loop does
    that as often as it goes round, of which the second round is looked at.
    """
    return (
        isinstance(value, ast.BinOp)
        and isinstance(node, ast.Name)
        and any(isinstance(each, ast.Name) and each.id == node.id for each in (value.left, value.right))
    )


def text(node: ast.AST | None, place: Place, steps: int = 0) -> str | None:
    """The text that `node` is, unknown parts as `UNKNOWN_TEXT`; None where nothing of it is known."""
    if node is None or steps > _DEEPEST:
        return None
    if isinstance(node, ast.Constant):
        value = node.value.decode("latin-1") if isinstance(node.value, bytes) else node.value
        return value[:_MOST_TEXT] if isinstance(value, str) else None
    if isinstance(node, ast.JoinedStr):
        parts = [
            text(each.value if isinstance(each, ast.FormattedValue) else each, place, steps + 1)
            or UNKNOWN_TEXT
            for each in node.values
        ]
        return "".join(parts)[:_MOST_TEXT]
    if isinstance(node, ast.BinOp):
        left = text(node.left, place, steps + 1)
        if left is None:
            return None
        if isinstance(node.op, ast.Mult):  # a list of the same text several times
            return left
        if isinstance(node.op, ast.Add | ast.Div):
            right = text(node.right, place, steps + 1) or UNKNOWN_TEXT
            return (left + right if isinstance(node.op, ast.Add) else f"{left}/{right}")[:_MOST_TEXT]
        if not isinstance(node.op, ast.Mod):
            return None
        row = node.right.elts if isinstance(node.right, ast.Tuple) else [node.right]
        return percent_filled(left, [text(each, place, steps + 1) for each in row])[:_MOST_TEXT]
    if isinstance(node, ast.Call):
        return _text_called(node, place, steps)
    if isinstance(node, ast.Tuple | ast.List):
        return text(node.elts[0], place, steps + 1) if node.elts else None
    if isinstance(node, ast.Subscript):
        return _element(node, place, steps)
    if isinstance(node, ast.IfExp):
        return next(filter(None, (text(each, place, steps + 1) for each in _branches(node))), None)
    if isinstance(node, ast.Attribute) and node.attr in _PARTS_OF_URL:
        return _host_of_url(node.value, place, steps)
    found = [text(each, where, steps + 1) for each, where in meanings(node, place)]
    return next((each for each in found if each), None)


def _branches(node: ast.IfExp) -> list[ast.expr]:
    """The branches that a conditional expression may take here: the one for another system it does not."""
    test = node.test
    if isinstance(test, ast.Compare) and len(test.ops) == 1 and isinstance(test.ops[0], ast.Eq | ast.NotEq):
        fact = FACTS.get(ast.unparse(test.left))
        other = test.comparators[0]
        if fact is not None and isinstance(other, ast.Constant):
            is_so = (fact == other.value) == isinstance(test.ops[0], ast.Eq)
            return [node.body if is_so else node.orelse]
    return [node.body, node.orelse]


def _largest(values: "Iterator[float | None] | list[float | None]") -> float | None:
    return max((each for each in values if each is not None), default=None)


def _arithmetic(node: ast.BinOp, place: Place, steps: int) -> float | None:
    left = number(node.left, place, steps + 1)
    right = number(node.right, place, steps + 1)
    if left is None or right is None:
        return None
    try:
        match node.op:
            case ast.Add():
                return left + right
            case ast.Sub():
                return left - right
            case ast.Mult():
                return left * right
            case ast.Div():
                return left / right
            case ast.FloorDiv():
                return left // right
            case ast.Pow():
                return float(left**right) if abs(right) < 64 and left >= 0 else None
            case _:
                return None
    except (ArithmeticError, ValueError):
        return None


def _called(node: ast.Call, place: Place, steps: int) -> float | None:
    name = place.dotted(node.func) or (node.func.id if isinstance(node.func, ast.Name) else "")
    if name in _ENVIRONMENT:
        if len(node.args) < 2:
            return None
        default = number(node.args[1], place, steps + 1)
        return _number_in(text(node.args[1], place, steps + 1)) if default is None else default
    if name == "float" and node.args and text(node.args[0], place, steps + 1) in ("inf", "Inf", "infinity"):
        return _FOREVER_S
    arguments = [number(each, place, steps + 1) for each in node.args]
    known = [each for each in arguments if each is not None]
    whole = len(known) == len(arguments) and bool(known)
    if name in ("random.random", "random.Random().random"):
        return 0.5
    if name in ("random.uniform", "random.randint", "random.randrange", "numpy.random.uniform"):
        return sum(known) / 2 if whole and len(known) <= 2 else None
    if name in ("float", "int", "abs", "round") and known:
        return abs(known[0]) if name == "abs" else known[0]
    if name in ("max", "min") and whole:
        return max(known) if name == "max" else min(known)
    if isinstance(node.func, ast.Attribute) and node.func.attr == "total_seconds":
        return _seconds_of_timedelta(node.func.value, place, steps)
    return None


def _number_in(written: str | None) -> float | None:
    try:
        return None if written is None else float(written)
    except ValueError:
        return None


def _seconds_of_timedelta(node: ast.AST, place: Place, steps: int) -> float | None:
    if not isinstance(node, ast.Call):
        found = [_seconds_of_timedelta(each, where, steps + 1) for each, where in meanings(node, place)]
        return _largest(found) if steps < _DEEPEST else None
    if not (place.dotted(node.func) or "").endswith("timedelta"):
        return None
    sizes = {
        "days": 86400,
        "seconds": 1,
        "microseconds": 1e-6,
        "milliseconds": 1e-3,
        "minutes": 60,
        "hours": 3600,
    }
    total = 0.0
    for keyword in node.keywords:
        value = number(keyword.value, place, steps + 1)
        if value is None or keyword.arg not in sizes:
            return None
        total += value * sizes[keyword.arg]
    for value_node, unit in zip(node.args, (86400.0, 1.0, 1e-6), strict=False):
        value = number(value_node, place, steps + 1)
        if value is None:
            return None
        total += value * unit
    return total


def _text_called(node: ast.Call, place: Place, steps: int) -> str | None:
    function = node.func
    if place.dotted(function) in _ENVIRONMENT:
        return text(node.args[1], place, steps + 1) if len(node.args) > 1 else None
    if isinstance(function, ast.Attribute):
        if function.attr == "format":
            before = text(function.value, place, steps + 1)
            row = [text(each, place, steps + 1) for each in node.args]
            by_name = {each.arg: text(each.value, place, steps + 1) for each in node.keywords if each.arg}
            return None if before is None else brace_filled(before, row, by_name)[:_MOST_TEXT]
        if function.attr == "replace" and len(node.args) == 2:
            known = [text(each, place, steps + 1) for each in (function.value, *node.args)]
            return (
                None
                if known[0] is None
                else known[0].replace(known[1] or UNKNOWN_TEXT, known[2] or UNKNOWN_TEXT)
            )
        if function.attr == "join" and node.args:
            return _joined(node, place, steps)
        if function.attr in ("strip", "rstrip", "encode", "decode", "lower", "prepare"):
            return text(function.value, place, steps + 1)
    name = (place.dotted(function) or (function.id if isinstance(function, ast.Name) else "")).rpartition(
        "."
    )[2]
    if name in ("urljoin", "Request", "URL", "str", "Url", "furl", "from_text") and node.args:
        is_behind_verb = name == "Request" and len(node.args) > 1 and not _is_url(node.args[0], place, steps)
        first = text(node.args[1 if is_behind_verb else 0], place, steps + 1)
        return f"{first}/{UNKNOWN_TEXT}" if first and name == "urljoin" else first
    if name in ("Request", "URL"):
        for keyword in node.keywords:
            if keyword.arg == "url":
                return text(keyword.value, place, steps + 1)
    return _returned(node, place, steps)


def _joined(call: ast.Call, place: Place, steps: int) -> str | None:
    """`"/".join([base, "path"])`, and `os.path.join(base, "path")`."""
    assert isinstance(call.func, ast.Attribute)
    between = text(call.func.value, place, steps + 1)
    rows: list[ast.expr] = call.args
    if between is not None:
        holders = [(rows[0], place), *meanings(rows[0], place)]
        rows = next((each.elts for each, _ in holders if isinstance(each, ast.List | ast.Tuple)), [])
    elif not chain(call.func.value).endswith("path"):
        return None
    known = [text(each, place, steps + 1) or UNKNOWN_TEXT for each in rows]
    return ("/" if between is None else between).join(known)[:_MOST_TEXT] or None


def _returned(call: ast.Call, place: Place, steps: int) -> str | None:
    """What a function of the project returns, where it has one `return`: `url_of("get")`."""
    found = definition_meant(call.func, place)
    if found is None:
        return None
    function, there = found
    values = [each.value for each in statements_below(function) if isinstance(each, ast.Return)]
    if function.decorator_list or len(values) != 1 or values[0] is None:
        return None

    def given(name: str) -> Iterator[tuple[ast.expr, Place]]:
        value = given_by_call(call, function, name, last_name(call.func))
        value = default_of(function, name) if value is DEFAULT else value
        if value is not None:
            yield value, place

    return text(values[0], there._replace(given=given), steps + 1)


def _host_of_url(parsed: ast.expr, place: Place, steps: int) -> str | None:
    """The host in `urlparse(url).netloc`, also where what was parsed has a name."""
    holders = [(parsed, place)] if isinstance(parsed, ast.Call) else [*meanings(parsed, place)]
    for holder, where in holders:
        if isinstance(holder, ast.Call) and last_name(holder.func) in _PARSING and holder.args:
            url = text(holder.args[0], where, steps + 1) or ""
            return url.partition("://")[2].partition("/")[0] or None
    return None


def _is_url(node: ast.expr, place: Place, steps: int) -> bool:
    return "://" in (text(node, place, steps + 1) or "")


def _element(node: ast.Subscript, place: Place, steps: int) -> str | None:
    """`LIST[0]` and `TABLE["key"]` of a literal; the first known where the code does not tell which."""
    for holder, where in _held(node.value, place, steps):
        if not isinstance(node.slice, ast.Constant | ast.Slice | ast.UnaryOp):
            values = holder.values if isinstance(holder, ast.Dict) else getattr(holder, "elts", ())
            found = (text(each, where, steps + 1) for each in values)
            return next(filter(None, found), None)
        if isinstance(holder, ast.List | ast.Tuple) and isinstance(node.slice, ast.Constant):
            at = node.slice.value
            if isinstance(at, int) and -len(holder.elts) <= at < len(holder.elts):
                return text(holder.elts[at], where, steps + 1)
        if isinstance(holder, ast.Dict) and isinstance(node.slice, ast.Constant):
            for key, value in zip(holder.keys, holder.values, strict=True):
                if isinstance(key, ast.Constant) and key.value == node.slice.value:
                    return text(value, where, steps + 1)
    return None


def _held(node: ast.expr, place: Place, steps: int) -> Iterator[tuple[ast.expr, Place]]:
    """What a name stands for, or a part of a table: `TABLE["api"]` of `TABLE["api"]["url"]`."""
    if not isinstance(node, ast.Subscript) or steps > _DEEPEST:
        yield from meanings(node, place)
        return
    key = node.slice.value if isinstance(node.slice, ast.Constant) else None
    for holder, where in _held(node.value, place, steps + 1):
        if isinstance(holder, ast.Dict):
            pairs = zip(holder.keys, holder.values, strict=True)
            yield from (
                (value, where)
                for each, value in pairs
                if key is None or (isinstance(each, ast.Constant) and each.value == key)
            )
