"""One more text in an array of a TOML file, with comments and form of the file kept. Pure."""

import re
import tomllib
from typing import Any, Final

from lapwing.model.value import Value
from lapwing.operations.init.line_ends import newline_of

_TOKEN: Final = re.compile(
    r'"""(?:\\.|[^\\])*?"""'
    r"|'''.*?'''"
    r'|"(?:\\.|[^"\\\n])*"'
    r"|'[^'\n]*'"
    r"|\#[^\n]*"
    r"|[^\S\n]+|\n|.",
    re.DOTALL,
)


class _Array(Value):
    """Offsets of an array in a text."""

    start: int  # of its `[`
    end: int  # of its `]`
    last_end: int  # after its last element; `start + 1` where it is empty
    has_comma: bool  # after the last element


def with_element(text: str, table: str, key: str, element: str) -> str | None:
    """`text` with `element` at the end of the array `key` of `[table]`.

    `element` is plain text without `"` and `\\`. None where the array is not written under the
    heading of its own table as `key = [`; the result then would not surely mean the same.
    """
    array = _find(text, table, key)
    if array is None:
        return None
    after = _inserted(text, array, element)
    return after if _means(after) == _expected(text, table, key, element) else None


def _find(text: str, table: str, key: str) -> _Array | None:
    name = re.escape(table).replace(r"\.", r"\s*\.\s*")
    head = re.search(rf"(?m)^[ \t]*\[\s*{name}\s*\][ \t]*(?:#[^\n]*)?\r?$", text)
    if head is None:
        return None
    quoted = re.escape(key)
    start = re.compile(rf"(?m)^[ \t]*(?:{quoted}|\"{quoted}\"|'{quoted}')[ \t]*=[ \t]*(\[)").search(
        text, head.end()
    )
    next_head = re.compile(r"(?m)^[ \t]*\[[\w\s.\"'-]+\][ \t]*(?:#[^\n]*)?\r?$").search(text, head.end())
    if start is None or (next_head is not None and next_head.start() < start.start()):
        return None
    return _bounds(text, start.start(1))


def _bounds(text: str, start: int) -> _Array | None:
    depth, last_end, has_comma = 0, start + 1, False
    for token in _TOKEN.finditer(text, start):
        written = token[0]
        if written.isspace() or written.startswith("#"):
            continue
        if written in "]}":
            depth -= 1
            if depth == 0:
                return _Array(start, token.start(), last_end, has_comma)
        elif written in "[{":
            depth += 1
            if depth == 1:
                continue
        has_comma = written == "," and depth == 1
        if not has_comma:
            last_end = token.end()
    return None


def _inserted(text: str, array: _Array, element: str) -> str:
    is_empty = array.last_end == array.start + 1
    if "\n" not in text[array.start : array.end]:
        rest = text[array.last_end :].removeprefix("," if array.has_comma else "")
        return f'{text[: array.last_end]}{"" if is_empty else ", "}"{element}"{rest}'
    newline = newline_of(text)
    indent = re.search(r"\n([ \t]*)[^\s\]#]", text[array.start : array.end])
    line = f'{indent[1] if indent else "    "}"{element}"'
    rest = text[array.last_end : array.end]  # a comma, comments, line ends
    if not is_empty and not array.has_comma:
        rest = "," + rest
    else:
        line += ","
    kept, line_end, tail = rest.rpartition("\n")
    if not line_end:  # the bracket stands behind the last element
        return f"{text[: array.last_end]}{rest}{newline}{line}{text[array.end :]}"
    return f"{text[: array.last_end]}{kept}\n{line}{newline}{tail}{text[array.end :]}"


def _means(text: str) -> Any:
    try:
        return tomllib.loads(text.replace("\r\n", "\n"))
    except tomllib.TOMLDecodeError:
        return None


def _expected(text: str, table: str, key: str, element: str) -> Any:
    tables = _means(text)
    inner = tables
    for name in table.split("."):
        inner = inner[name]
    inner[key] = [*inner[key], element]
    return tables
