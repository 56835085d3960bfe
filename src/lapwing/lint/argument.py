"""The one argument of a known call that matters: the duration, the URL, the host."""

import ast

from lapwing.lint.site import Site


def argument_of(site: Site) -> ast.expr | None:
    """The duration, URL or host that a call is given."""
    if site.is_reference:
        return _handed_argument(site)
    assert isinstance(site.node, ast.Call)
    call = site.node
    at = site.operation.argument
    if 0 <= at < len(call.args) and not any(isinstance(each, ast.Starred) for each in call.args[: at + 1]):
        return call.args[at]
    return next((each.value for each in call.keywords if each.arg in site.operation.keywords), None)


def _handed_argument(site: Site) -> ast.expr | None:
    """`submit(sleep, 1)`, `Thread(target=sleep, args=(1,))` and `in_thread(sleep)(1)`: the 1."""
    for parent in site.body.upward(site.node):
        if isinstance(parent, ast.Call):
            if site.node in parent.args:
                at = parent.args.index(site.node)
                if at + 1 < len(parent.args):
                    given = parent.args[at + 1]
                    is_row = isinstance(given, ast.List | ast.Tuple) and bool(given.elts)
                    return given.elts[-1] if is_row else given  # type: ignore[attr-defined]
                wrapped = site.body.parents.get(parent)
                if isinstance(wrapped, ast.Call) and wrapped.func is parent and wrapped.args:
                    return wrapped.args[0]
                return None
            for keyword in parent.keywords:
                if keyword.arg == "args" and isinstance(keyword.value, ast.Tuple | ast.List):
                    return keyword.value.elts[0] if keyword.value.elts else None
            return None
    return None
