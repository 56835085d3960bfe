"""Hearing the elements of a report one by one, with the text of those that are asked for."""

from typing import ClassVar
from xml.parsers import expat

from lapwing.ingest.reader import ReadItem
from lapwing.ingest.xml.documents import MOST_DEPTH, RefusedError

_MOST_TEXT = 1 << 16
"""Characters kept of one element's text."""

Attributes = dict[str, str]


class Elements:
    """Base of listeners. Names come without namespace prefixes; `path` holds the open elements."""

    text_of: ClassVar[frozenset[str]] = frozenset()
    """Elements whose text is kept for `closed`."""

    def __init__(self) -> None:
        self.items: list[ReadItem] = []
        self.path: list[str] = []
        self._parser: expat.XMLParserType | None = None
        self._text: list[str] = []
        self._length = 0

    def opened(self, name: str, attributes: Attributes) -> None:
        """An element began; it is the last of `path`."""

    def closed(self, name: str, text: str) -> None:
        """An element ended; it is the last of `path`. `text` is "" unless asked for."""

    def begin(self) -> None:
        """A document begins, or what was open is given up."""

    def listen(self, parser: expat.XMLParserType) -> None:
        """Set the handlers of `parser`."""
        self.stop()
        self._parser = parser
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end

    def stop(self) -> None:
        """Give up what is open."""
        self.path.clear()
        self._parser = None
        self.begin()

    def settle(self, *, is_end: bool) -> int:
        """Nothing waits."""
        return len(self.items)

    def pause(self, data: bytes, at: int) -> int:
        """All is for the parser."""
        return len(data)

    def ahead(self, data: bytes, at: int) -> int:
        """Nothing is read without it."""
        return at

    @property
    def parent(self) -> str:
        """The element around the present one."""
        return self.path[-2] if len(self.path) > 1 else ""

    def _start(self, name: str, attributes: Attributes) -> None:
        if ":" in name:
            name = name.rpartition(":")[2]
        self.path.append(name)
        if len(self.path) > MOST_DEPTH:
            raise RefusedError(f"elements nested more than {MOST_DEPTH} deep are not read")
        if name in self.text_of and self._parser is not None:
            self._text, self._length = [], 0
            self._parser.CharacterDataHandler = self._data
        self.opened(name, attributes)

    def _end(self, name: str) -> None:
        name = self.path[-1]
        text = ""
        if name in self.text_of and self._parser is not None:
            text = "".join(self._text)
            self._text = []
            self._parser.CharacterDataHandler = None
        self.closed(name, text)
        self.path.pop()

    def _data(self, data: str) -> None:
        if self._length < _MOST_TEXT:
            self._text.append(data[: _MOST_TEXT - self._length])
            self._length += len(data)
