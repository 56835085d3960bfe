"""Elements of HTML and SVG as text. The only place where text from outside becomes part of markup."""

import json
import re
from functools import lru_cache
from html import escape
from typing import Any, Final

from lapwing.report.harmless import harmless

_BEHIND_A_WORD: Final = re.compile(r"(?<=[/._:\[,=-])(?=\w)")
_PLAIN: Final = re.compile(r"[\w .,/%+()\[\]=–-]*")  # nothing of it is ever written otherwise
_WORD: Final = 40  # letters of an attribute that is kept
_VOID: Final = frozenset({"br", "hr", "img", "input", "link", "meta", "wbr"})


def escaped(text: str) -> str:
    """`text` as content or attribute: nothing in it is markup, and nothing turns the direction of reading."""
    if _PLAIN.fullmatch(text):  # as most cells of tables are
        return text
    return escape(harmless(text), quote=True)


def breakable(text: str) -> str:
    """`text` as content whose lines break behind the signs between words of a name, not inside of a word."""
    return _BEHIND_A_WORD.sub("<wbr>", escaped(text))


def element(name: str, attributes: dict[str, str | float | None], *content: str) -> str:
    """An element; `content` is markup already. Attributes of None are left out, numbers lose their noise.

    Raises ValueError for content of an element that cannot have any.
    """
    inside = "".join(content)
    if name in _VOID:
        if inside:
            raise ValueError(f"<{name}> has no content")
        return beginning(name, attributes)
    return f"{beginning(name, attributes)}{inside}</{name}>"


def beginning(name: str, attributes: dict[str, str | float | None]) -> str:
    """What an element begins with: for who makes many of one kind."""
    shown = [f' {key}="{_attribute(value)}"' for key, value in attributes.items() if value is not None]
    return f"<{name}{''.join(shown)}>"


def script_data(value: Any) -> str:
    """JSON that can stand in a script element: no character in it can end the element or begin a comment."""
    text = json.dumps(value, separators=(",", ":"), ensure_ascii=True)
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def _attribute(value: str | float) -> str:
    if isinstance(value, str):
        return _escaped_word(value) if len(value) <= _WORD else escaped(value)
    return f"{value:.6g}"


# Most attributes are of a few words that come again in each row.
_escaped_word: Final = lru_cache(2_000)(escaped)
