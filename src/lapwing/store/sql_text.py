"""Any text to and from a column. SQLite's TEXT holds valid UTF-8; names of tests hold anything.

A text is always kept the same way, so that equality in SQL is equality of texts.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any

_OUT_OF_TEXT = ("utf-8", "surrogatepass")
_as_json = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def to_sql(text: str) -> str | bytes:
    """`text` as a value to bind: itself, or bytes where it holds lone surrogates or NUL."""
    if "\0" in text:
        return text.encode(*_OUT_OF_TEXT)
    if not text.isascii():
        try:
            text.encode()
        except UnicodeEncodeError:
            return text.encode(*_OUT_OF_TEXT)
    return text


def all_to_sql(texts: Sequence[str]) -> Iterable[str | bytes]:
    """Each of `texts` as `to_sql` gives it."""
    whole = "".join(texts)
    return texts if whole.isascii() and "\0" not in whole else map(to_sql, texts)


def from_sql(value: str | bytes) -> str:
    """The text that `to_sql` made `value` of."""
    return value if isinstance(value, str) else value.decode(*_OUT_OF_TEXT)


def optional_to_sql(text: str | None) -> str | bytes | None:
    """Like `to_sql`; None stays None."""
    return None if text is None else to_sql(text)


def optional_from_sql(value: str | bytes | None) -> str | None:
    """Like `from_sql`; None stays None."""
    return None if value is None else from_sql(value)


def json_to_sql(value: object) -> str | bytes | None:
    """`value` as JSON to bind; None where it is empty or None.

    Not escaped to ASCII: two lone surrogates in a row would come back as one character.
    """
    return to_sql(_as_json(value)) if value else None


def json_from_sql(value: str | bytes | None) -> Any:
    """What `json_to_sql` was given, tuples as lists; None where it was empty."""
    return None if value is None else json.loads(from_sql(value))
