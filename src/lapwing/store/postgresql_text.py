"""Any text to and from a column of PostgreSQL, whose TEXT holds neither NUL nor lone surrogates.

Those characters are written as the character SUBSTITUTE and four hexadecimal digits, and SUBSTITUTE
itself likewise: what is written comes back, and equal texts are equal in the database.
"""

import hashlib
import re
from typing import Any, Final

from lapwing.store.sql_text import from_sql

_OUT_OF_TEXT: Final = re.compile("[\0\x1a\ud800-\udfff]")
_MARK: Final = "\x1a"
_MARKED: Final = re.compile(f"{_MARK}([0-9a-f]{{4}})")
_OUT_OF_COPY: Final = str.maketrans({"\\": r"\\", "\t": r"\t", "\n": r"\n", "\r": r"\r"})

DIGEST_BYTES: Final = 16


def to_text(text: str) -> str:
    """`text` as a value that PostgreSQL takes."""
    return _OUT_OF_TEXT.sub(lambda found: f"{_MARK}{ord(found[0]):04x}", text)


def from_text(value: str) -> str:
    """The text that `to_text` made `value` of."""
    if _MARK not in value:
        return value
    return _MARKED.sub(lambda found: chr(int(found[1], 16)), value)


def to_value(value: Any) -> Any:
    """A value of a row made for SQLite, in which a text may be bytes, as one for PostgreSQL."""
    return to_text(from_sql(value)) if isinstance(value, (str, bytes)) else value


def from_row(row: tuple[Any, ...]) -> tuple[Any, ...]:
    """A row with its texts as they were written."""
    return tuple([from_text(value) if value.__class__ is str else value for value in row])


def for_copy(value: Any) -> str:
    """A value as COPY reads it in its text format."""
    if value is None:
        return r"\N"
    if isinstance(value, str):
        return value.translate(_OUT_OF_COPY)
    if isinstance(value, bytes):
        return rf"\\x{value.hex()}"
    return str(value)


def digest_of(text: str) -> bytes:
    """16 bytes that stand for a name of any length: an index of PostgreSQL takes 2.7 kB at most."""
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=DIGEST_BYTES).digest()
