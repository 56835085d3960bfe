"""Requests that are expected to be refused before anything is sent: of a closed client, to no address."""

import ast
import re
from typing import Final

from lapwing.lint.body import Body
from lapwing.lint.chains import last_name
from lapwing.lint.expected_error import expected_errors

_UNSENT: Final = frozenset(
    {
        *("TypeError", "ValueError", "AttributeError", "NotImplementedError", "RuntimeError"),
        *("InvalidURL", "InvalidUrl", "InvalidURLError", "MissingSchema", "InvalidSchema", "URLRequired"),
        *("UnsupportedProtocol", "LocationParseError", "LocationValueError", "URLSchemeUnknown"),
        *("SocketBlockedError", "SocketConnectBlockedError", "BlockedError"),
        *("InvalidHeader", "InvalidProxyURL", "InvalidMethod", "CookieConflict", "CookieConflictError"),
    }
)
"""Errors of a client that has not come to ask anybody, or may not."""

_CLOSED: Final = re.compile(r"(?:Client|Session|Pool|Connector)(?:Is)?Closed(?:Error)?$|^ClosedPoolError$")


def is_unsent(node: ast.AST, body: Body) -> bool:
    """Whether `node` is all that a `with raises(…)` holds which expects such an error. What is done with an
    answer there, as in `get(url).json()`, may fail by itself.
    """
    statement = body.parents.get(node)
    if isinstance(statement, ast.Await):
        statement = body.parents.get(statement)
    if isinstance(statement, ast.withitem):  # `async with session.get(url):`
        statement = body.parents.get(statement)
    elif not isinstance(statement, ast.Expr | ast.Assign):
        return False
    block = body.parents.get(statement) if statement is not None else None
    if not isinstance(block, ast.With) or len(block.body) != 1 or block.body[0] is not statement:
        return False
    return any(map(_names_unsent, expected_errors(block)))


def _names_unsent(expected: ast.expr) -> bool:
    names = [last_name(each) for each in (expected.elts if isinstance(expected, ast.Tuple) else [expected])]
    return bool(names) and all(name in _UNSENT or _CLOSED.search(name) is not None for name in names)
