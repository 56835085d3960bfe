"""What a text of SQL asks, whatever values it asks for.

A fingerprint folds literals and placeholders into `?`, lists of them and rows of VALUES into one,
takes comments out and puts one space between words. It knows the words of no dialect, so names in
quotes, arrays and operators of all of them stay as they are.
"""

import re
from functools import lru_cache
from typing import Final, NamedTuple

ALLOW: Final = "lapwing: allow n-plus-one"
"""In a comment of the query, or of the line that asks it: it may repeat."""

_REMEMBERED: Final = 4096
_TOKENS: Final = re.compile(
    r"""
      (?P<comment> --[^\n]* | /\*.*?\*/ )
    | (?P<value>
          [eEbBxXnN]?'(?:[^'\\]|''|\\.)*'     # 'text'
        | \$(?P<tag>\w*)\$.*?\$(?P=tag)\$     # $tag$text$tag$
        | %\(\w+\)s | %s | \$\d+ | \?\d* | (?<![:\w]):\w+
        | (?<![\w.])[+-]?(?:0[xX][\da-fA-F]+ | (?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?)(?![\w])
      )
    | (?P<word> "(?:[^"]|"")*" | `[^`]*` | \[[A-Za-z_][^\]\n]*\] | [^\W\d]\w* )
    | (?P<other> :: | <= | >= | <> | != | \|\| | \S )
    """,
    re.VERBOSE | re.DOTALL,
)
_LIST: Final = re.compile(r"\( \?(?: , \?)+ \)")
_ROWS: Final = re.compile(r"(\( \? \))(?: , \( \? \))+")
_MANY_IN: Final = re.compile(r"\bIN \( \?(?: , \?)+ \)", re.IGNORECASE)
_ANY: Final = re.compile(r"\b(?:ANY|ALL) \( \? |\bUNNEST \( \?", re.IGNORECASE)
_WRITES: Final = frozenset({"INSERT", "UPDATE", "DELETE", "MERGE", "REPLACE"})
_CONTROL: Final = frozenset(
    {"BEGIN", "START", "COMMIT", "END", "ROLLBACK", "SAVEPOINT", "RELEASE", "ABORT"},
)


class Statement(NamedTuple):
    """What is known of a text of SQL."""

    fingerprint: str
    is_control: bool  # begins or ends a transaction or savepoint
    is_watched: bool  # a SELECT for one set of values, without a comment that it may repeat
    may_have_many: bool  # asks for several values at once if it is given a list


@lru_cache(maxsize=_REMEMBERED)
def statement(sql: str) -> Statement:
    """What `sql` asks; remembered by text."""
    words: list[str] = []
    is_allowed = False
    for match in _TOKENS.finditer(sql):
        kind = match.lastgroup
        if kind == "comment":
            is_allowed = is_allowed or ALLOW in match[0].lower()
        elif kind == "word" or kind == "other":
            words.append(match[0])
        else:
            if len(words) > 1 and words[-1] in "+-" and words[-2] in _BEFORE_SIGN:
                words.pop()  # a sign, not an operator
            words.append("?")
    text = " ".join(words)
    has_many = _MANY_IN.search(text) is not None
    text = _ROWS.sub(r"\1", _LIST.sub("( ? )", text))
    upper = [word.upper() for word in words]
    first = next((word for word in upper if word != "("), "")
    reads = first == "SELECT" or (first == "WITH" and not _writes(upper))
    return Statement(
        fingerprint=text,
        is_control=first in _CONTROL,
        is_watched=reads and not has_many and not is_allowed,
        may_have_many=_ANY.search(text) is not None,
    )


_BEFORE_SIGN: Final = frozenset({"(", ",", "=", "<", ">", "<=", ">=", "<>", "!="})


def _writes(upper: list[str]) -> bool:
    """Whether words name a change; the UPDATE of FOR UPDATE locks and changes nothing."""
    return any(
        word in _WRITES and (at == 0 or upper[at - 1] not in ("FOR", "KEY")) for at, word in enumerate(upper)
    )
