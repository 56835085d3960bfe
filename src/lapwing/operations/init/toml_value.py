"""One value in a table of a TOML file, with comments and form of the file kept. Pure."""

import json
import re
import tomllib
from collections.abc import Sequence
from typing import Any, Final

from lapwing.operations.init.line_ends import newline_of, with_block

_HEAD: Final = re.compile(r"[ \t]*\[[^\n]*\][ \t]*(?:#[^\n]*)?")
_VALUE: Final = r"(\"(?:\\.|[^\"\\\n])*\"|'[^'\n]*'|[^\s#,\[{][^\s#,]*)"


def with_value(text: str, table: Sequence[str], key: str, value: str | int) -> str | None:
    """`text` with `value` as `key` of `table` (its names from the outermost), changed or added.

    None where the table is written in a form, such as an inline table, in which the result would not
    surely mean that and nothing else; and where `text` is no TOML.
    """
    before = _meaning(text)
    if before is None:
        return None
    after = _changed(text, tuple(table), key, _written(value))
    return after if _meaning(after) == _with(before, table, key, value) else None


def table_lines(table: Sequence[str], key: str, value: str | int) -> str:
    """The table's heading and its one line, ready to stand in a file."""
    names = ".".join(map(_name, table))
    return f"[{names}]\n{_name(key)} = {_written(value)}\n"


def _changed(text: str, table: tuple[str, ...], key: str, value: str) -> str:
    lines = text.split("\n")
    heads = [at for at, line in enumerate(lines) if _HEAD.fullmatch(line.rstrip("\r"))]
    head = next((at for at in heads if _names(lines[at]) == table), None)
    if head is None:
        return with_block(text, f"[{'.'.join(map(_name, table))}]\n{_name(key)} = {value}\n")
    end = next((at for at in heads if at > head), len(lines))
    name = re.escape(key)
    start = re.compile(rf"([ \t]*(?:{name}|\"{name}\"|'{name}')[ \t]*=[ \t]*){_VALUE}")
    for at in range(head + 1, end):
        found = start.match(lines[at])
        if found is not None:
            lines[at] = found[1] + value + lines[at][found.end() :]
            return "\n".join(lines)
    last = max(at for at in range(head, end) if at == head or _says_something(lines[at]))
    return_mark = "\r" if newline_of(text) == "\r\n" else ""
    lines[last] = lines[last].removesuffix("\r") + return_mark
    lines.insert(last + 1, f"{_name(key)} = {value}{return_mark if last + 1 < len(lines) else ''}")
    if last + 2 == len(lines):
        lines.append("")
    return "\n".join(lines)


def _says_something(line: str) -> bool:
    return bool(line.strip()) and not line.lstrip().startswith("#")


def _names(head: str) -> tuple[str, ...]:
    """The names of a heading; none where it is not one."""
    meaning = _meaning(head.strip("\ufeff"))
    names = []
    while meaning and isinstance(meaning, dict):
        ((name, meaning),) = meaning.items()
        names.append(name)
    return () if meaning else tuple(names)


def _name(name: str) -> str:
    return name if re.fullmatch(r"[A-Za-z0-9_-]+", name) else _written(name)


def _written(value: str | int) -> str:
    if isinstance(value, int):
        return str(value)
    # A basic string of TOML escapes as JSON does, and DEL besides.
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def _meaning(text: str) -> Any:
    try:
        return tomllib.loads(text.removeprefix("\ufeff").replace("\r\n", "\n"))
    except tomllib.TOMLDecodeError:
        return None


def _with(tables: Any, table: Sequence[str], key: str, value: str | int) -> Any:
    if not isinstance(tables, dict):
        return None
    if not table:
        return {**tables, key: value}
    first, *rest = table
    return {**tables, first: _with(tables.get(first, {}), rest, key, value)}
