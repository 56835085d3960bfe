"""What a `with raises(…)` expects, of pytest and unittest alike. Pure."""

import ast
import re
from collections.abc import Iterator
from typing import Final

from lapwing.lint.chains import chain

_RAISES: Final = re.compile(r"(?:^|\.)(?:raises|assertRaises|assertRaisesRegex)$")


def expected_errors(block: ast.With) -> Iterator[ast.expr]:
    """What each `raises(…)` of a `with` is given first: an error, or a tuple of them."""
    for item in block.items:
        call = item.context_expr
        if isinstance(call, ast.Call) and call.args and _RAISES.search(chain(call.func)):
            yield call.args[0]
