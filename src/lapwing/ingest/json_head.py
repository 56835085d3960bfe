"""What the first part of a file shows of its JSON: the values so far, cut where the text ends."""

import json
import re
from typing import Any, Final

# How a document begins behind the lines that npm and its like print first. Every report is an object, or
# an array of objects or arrays; "[INFO] ..." is neither.
OPENING: Final = r'(?:\{\s*["}]|\[\s*[{\[\]])'
_BEGINNING: Final = re.compile(rf"^[ \t\r]*({OPENING})", re.MULTILINE)

_LEVELS: Final = 8  # a report is known by what lies higher

_SPACE: Final = re.compile(r"[ \t\r\n]*")
_decode: Final = json.JSONDecoder(strict=False).raw_decode


def json_beginning(text: str) -> Any:
    """The first object or array in `text`, as far as the text goes; None where there is none."""
    match = _BEGINNING.search(text)
    return None if match is None else _so_far(text, match.start(1), _LEVELS)


def _so_far(text: str, at: int, levels: int) -> Any:
    """The value at `at`; of one that is cut, the part that is there."""
    try:
        return _decode(text, at)[0]
    except (ValueError, RecursionError):
        pass
    opening = text[at : at + 1]
    if levels == 0 or opening not in ("{", "["):
        return None
    keys: dict[str, Any] = {}
    elements: list[Any] = []
    at = _behind_space(text, at + 1)
    while at < len(text):
        key = ""
        if opening == "{":
            try:
                key, at = _decode(text, at)
            except (ValueError, RecursionError):
                break
            at = _behind_space(text, at)
            if text[at : at + 1] != ":" or not isinstance(key, str):
                break
            at = _behind_space(text, at + 1)
        try:
            value, end = _decode(text, at)
        except (ValueError, RecursionError):
            value, end = _so_far(text, at, levels - 1), len(text)
        keys[key] = value
        elements.append(value)
        at = _behind_space(text, end)
        if text[at : at + 1] != ",":
            break
        at = _behind_space(text, at + 1)
    return keys if opening == "{" else elements


def _behind_space(text: str, at: int) -> int:
    match = _SPACE.match(text, at)
    return match.end() if match else at
