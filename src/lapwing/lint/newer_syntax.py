"""Syntax that is newer than the running Python, rewritten so that it parses. Pure; lines stay where they are.

Used only for a text that did not parse. What a rule looks for hardly ever stands in the parts that are
taken away: type parameters, `type` statements, the prefix of template strings, strings with their own quotes
inside. Columns behind them on the same line may be off.
"""

import re
from typing import Final

from lapwing.lint.newer_strings import without_new_strings

_TYPE_PARAMETERS: Final = re.compile(
    r"(?m)^([ \t]*(?:async[ \t]+def|def|class)[ \t]+\w+)\[(?:[^\[\]\n]|\[[^\[\]\n]*\])*\]"
)
_TYPE_ALIAS: Final = re.compile(r"(?m)^([ \t]*)type[ \t]+(\w+)(?:\[[^\]\n]*\])?[ \t]*=")
_BARE_EXCEPT: Final = re.compile(r"(?m)^([ \t]*except\*?[ \t]+)([\w.]+(?:[ \t]*,[ \t]*[\w.]+)+)([ \t]*:)")
_TEMPLATE: Final = re.compile(r"(?<![\w'\"])([tT][rR]?|[rR][tT])(?=['\"])")


def lowered(text: str) -> str:
    """`text` with the syntax of Python 3.12 to 3.14 in the words of 3.11, as far as lines show it."""
    text = _TYPE_PARAMETERS.sub(r"\1", text)
    text = _TYPE_ALIAS.sub(r"\1\2 =", text)
    text = _BARE_EXCEPT.sub(r"\1(\2)\3", text)
    text = _TEMPLATE.sub(lambda found: found[1].replace("t", "f").replace("T", "F"), text)
    return without_new_strings(text)
