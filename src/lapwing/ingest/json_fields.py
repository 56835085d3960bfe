"""Fields of foreign JSON objects by the type that is wanted; what is of another type counts as missing.

Texts come out without lone surrogates, which JSON can spell and no file or terminal can hold.
"""

import math
import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

_COLOR: Final = re.compile(r"\x1b\[[0-9;]*m")
_LONGEST_TOLD: Final = 200
_LONE_SURROGATE: Final = re.compile("[\ud800-\udfff]")

Object = Mapping[str, Any]


def text_in(fields: Object, key: str) -> str:
    """The text under `key`; "" where there is none."""
    value = fields.get(key)
    return whole_text(value) if isinstance(value, str) else ""


def number_in(fields: Object, key: str) -> float | None:
    """The finite number under `key`; None where there is none."""
    value = fields.get(key)
    return value if is_number(value) else None


def count_in(fields: Object, key: str) -> int | None:
    """The whole number under `key`, from 0; None where there is none."""
    value = fields.get(key)
    return value if isinstance(value, int) and not isinstance(value, bool) and value >= 0 else None


def object_in(fields: Object, key: str) -> Object:
    """The object under `key`; an empty one where there is none."""
    value = fields.get(key)
    return value if isinstance(value, dict) else {}


def objects_in(fields: Object, key: str) -> Iterator[Object]:
    """Those elements of the array under `key` that are objects."""
    value = fields.get(key)
    return (each for each in value if isinstance(each, dict)) if isinstance(value, list) else iter(())


def texts_in(fields: Object, key: str) -> tuple[str, ...]:
    """Those elements of the array under `key` that are texts."""
    value = fields.get(key)
    return (
        tuple(whole_text(each) for each in value if isinstance(each, str)) if isinstance(value, list) else ()
    )


def numbers_in(fields: Object, key: str) -> tuple[float, ...]:
    """Those elements of the array under `key` that are finite numbers."""
    value = fields.get(key)
    return tuple(float(each) for each in value if is_number(each)) if isinstance(value, list) else ()


def named_values(fields: Object) -> str:
    """All fields in one text, `a=1, b=x`, in their order."""
    return ", ".join(f"{whole_text(name)}={whole_text(str(value))}" for name, value in fields.items())


def is_number(value: Any) -> bool:
    """Whether `value` is a number of JSON that a float can hold."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    try:
        return math.isfinite(value)
    except OverflowError:
        return False


def whole_text(text: str) -> str:
    """`text` with U+FFFD for what cannot be written as UTF-8."""
    return text if text.isascii() else _LONE_SURROGATE.sub("\N{REPLACEMENT CHARACTER}", text)


def said_in(fields: Object, key: str) -> str:
    """The first line of the message under `key`, fit to be told."""
    return one_line(text_in(fields, key).strip().partition("\n")[0])


def one_line(text: str) -> str:
    """`text` from a report, fit to be told in a problem: one line without colors, at most 200 characters."""
    words = " ".join(_COLOR.sub("", text[:_LONGEST_TOLD]).split())
    return words if len(text) <= _LONGEST_TOLD else f"{words}…"
