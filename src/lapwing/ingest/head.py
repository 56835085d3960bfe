"""The beginning of a file, looked at in the ways by which formats are told apart.

Formats are told by content, never by the name of a file. Nothing here raises for content.
"""

import json
import re
from collections.abc import Iterator
from functools import cached_property
from itertools import islice
from typing import Any, Final

from lapwing.ingest.json_head import json_beginning
from lapwing.ingest.utf8_source import encoding_of

HEAD_BYTES: Final = 1 << 16
"""How much of a file is looked at."""

_ELEMENT: Final = re.compile(r"<(?:[A-Za-z_][\w.\-]*:)?([A-Za-z_][\w.\-]*)((?:\s[^<>]*?)?)\s*/?>")
_ATTRIBUTE: Final = re.compile(r"([A-Za-z_][\w.\-:]*)\s*=\s*(\"[^\"]*\"|'[^']*')")
_UNREAD: Final = re.compile(r"<!--.*?(?:-->|\Z)|<!\[CDATA\[.*?(?:\]\]>|\Z)|<\?.*?(?:\?>|\Z)", re.DOTALL)
_TOKEN: Final = re.compile(r'"(?:[^"\\]|\\.)*+(?:"|\Z)|[{}\[\]:,]', re.DOTALL)
_MOST_ELEMENTS: Final = 50
_MOST_TEXT: Final = 1 << 14  # characters looked at for them
_FIRST_TEXT: Final = 1 << 10  # … and for the first one, which mostly stands there


class Head:
    """The first bytes of a file's content."""

    def __init__(self, data: bytes) -> None:
        self.data = data[:HEAD_BYTES]

    @cached_property
    def text(self) -> str:
        """The bytes as text: by byte order mark, else UTF-8 with replacement characters."""
        encoding, mark = encoding_of(self.data)
        return self.data[mark:].decode(encoding, "replace")

    @cached_property
    def lines(self) -> tuple[str, ...]:
        """The first lines, without their ends; the last may be cut."""
        return tuple(self.text.splitlines())

    @cached_property
    def is_xml(self) -> bool:
        """Whether the first character that is no white space opens a tag."""
        return self.text.lstrip()[:1] == "<"

    @cached_property
    def elements(self) -> tuple[tuple[str, dict[str, str]], ...]:
        """The first start tags with their attributes, without namespace prefixes, at most 50."""
        return tuple(islice(self._start_tags(), _MOST_ELEMENTS))

    @cached_property
    def _first_element(self) -> tuple[str, dict[str, str]]:
        # Of a thousand files each is asked for this alone, and of most nothing else.
        return next(self._start_tags(_FIRST_TEXT), None) or next(self._start_tags(), ("", {}))

    @property
    def root(self) -> str:
        """The name of the first element, "" where there is none."""
        return self._first_element[0]

    @property
    def root_attributes(self) -> dict[str, str]:
        """The attributes of the first element."""
        return self._first_element[1]

    @property
    def element_names(self) -> frozenset[str]:
        """The names of the first elements."""
        return frozenset(name for name, _ in self.elements)

    def _start_tags(self, most: int = _MOST_TEXT) -> Iterator[tuple[str, dict[str, str]]]:
        """The start tags that end within the first `most` characters."""
        if not self.is_xml:
            return
        text = _UNREAD.sub("", self.text[:most])
        for match in _ELEMENT.finditer(text):
            yield match[1], {name: value[1:-1] for name, value in _ATTRIBUTE.findall(match[2])}

    @cached_property
    def json_text(self) -> str:
        """The text from the first line that opens a JSON object or array; "" where none does."""
        match = re.search(r"^[ \t]*[\[{]", self.text, re.MULTILINE)
        return self.text[match.end() - 1 :] if match else ""

    @property
    def is_json_array(self) -> bool:
        """Whether the first JSON value is an array."""
        return self.json_text.startswith("[")

    @cached_property
    def json_keys(self) -> tuple[str, ...]:
        """The keys of the first JSON object (of an array: of its first object), as far as they are here.

        The object need not end within the head.
        """
        return _first_keys(self.json_text)

    @cached_property
    def json_value(self) -> Any:
        """The first JSON object or array as far as it is here; None where there is none."""
        return json_beginning(self.text)

    @cached_property
    def json_lines(self) -> tuple[dict[str, Any], ...]:
        """Those of the whole lines that are JSON objects of their own."""
        found = []
        for line in self.lines:
            if line.lstrip().startswith("{"):
                try:
                    value = json.loads(line)
                except (ValueError, RecursionError):
                    continue
                if isinstance(value, dict):
                    found.append(value)
        return tuple(found)


def _first_keys(text: str) -> tuple[str, ...]:
    """The keys at the depth of the first object in `text`."""
    keys: list[str] = []
    depth = 0
    at: int | None = None  # depth of the object whose keys are wanted
    last = ""
    for match in _TOKEN.finditer(text):
        token = match[0]
        if token in "{[":
            depth += 1
            if token == "{" and at is None:
                at = depth
        elif token in "}]":
            if depth == at:
                break
            depth -= 1
        elif token == ":" and depth == at and last:
            keys.append(last)
        last = _string(token) if token[0] == '"' else ""
    return tuple(dict.fromkeys(keys))


def _string(token: str) -> str:
    try:
        return str(json.loads(token))
    except ValueError:
        return token[1:-1]
