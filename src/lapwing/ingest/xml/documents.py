"""Drives expat over a stream: document after document, in pieces of 256 KiB, up to a break and past it.

Smaller pieces make old expat quadratic on huge attributes (expat 2.5: 11 MB take 20 s in pieces of 2 KiB,
15 MB 0.5 s in these, 0.2 s in 1 MiB). Of larger ones what is made does not stay in the processor's cache:
a plain report of 60 MB takes 8% longer in 1 MiB. Declarations of entities are refused as they appear, so
nothing is ever expanded or fetched. A single tag, name or comment over 16 MiB is refused: expat would hold
all of it.
"""

from collections.abc import Iterator
from typing import Any, BinaryIO, Final, Protocol
from xml.parsers import expat

from lapwing.ingest.reader import Problem, ReadItem
from lapwing.ingest.xml.clean import Cleaner

PIECE: Final = 1 << 18
MOST_TOKEN_BYTES: Final = 16 << 20
MOST_DEPTH: Final = 100_000
_MOST_DEFAULT: Final = 256
_JUNK_AFTER_ROOT: Final = (
    expat.errors.codes[expat.errors.XML_ERROR_JUNK_AFTER_DOC_ELEMENT],
    expat.errors.codes[expat.errors.XML_ERROR_MISPLACED_XML_PI],
)


class RefusedError(Exception):
    """Something in a document that is not read, with the reason; raised out of a handler."""


class Handlers(Protocol):
    """What listens to one file's elements, and what it has read so far."""

    items: list[ReadItem]  # taken away after each piece

    def listen(self, parser: expat.XMLParserType) -> None:
        """Set the handlers of `parser`, for a new document."""

    def stop(self) -> None:
        """The document broke off: what was not finished is given up."""

    def settle(self, *, is_end: bool) -> int:
        """How many of `items` may be taken now; all of them at the end of the file."""

    def pause(self, data: bytes, at: int) -> int:
        """How far the parser is fed with `data`, from `at`, before `ahead` is asked: past `at`."""

    def ahead(self, data: bytes, at: int) -> int:
        """Where in `data` the parser goes on. All before `at` is parsed, and what lies between is read."""


def read_documents(stream: BinaryIO, handlers: Handlers) -> Iterator[ReadItem]:
    """What `handlers` make of the documents in `stream`, and the problems met. Raises OSError."""
    first = stream.read(PIECE)
    cleaner = Cleaner(first)
    told = 0
    walk = _Walk(handlers, cleaner)
    data = first
    while True:
        following = stream.read(PIECE) if data else b""
        walk.feed(cleaner.feed(data, is_last=not following), is_last=not following)
        for note in cleaner.notes[told:]:
            handlers.items.insert(0, Problem(note))
            yield handlers.items.pop(0)
        told = len(cleaner.notes)
        count = handlers.settle(is_end=not following)
        ready = handlers.items[:count]
        del handlers.items[:count]
        yield from ready
        if not following:
            return
        data = following


class _Walk:
    """The parser of the present document, and how to go on after it."""

    def __init__(self, handlers: Handlers, cleaner: Cleaner) -> None:
        self._handlers = handlers
        self._cleaner = cleaner
        self._data = b""
        self._has_clean_references = False  # from where the parser is on in `_data`
        self._parser: expat.XMLParserType | None = None
        self._resume_at = 0
        self._fed = 0  # clean bytes given to the present parser
        self._come = 0  # how many of them it has read, as far as it said
        self._is_lost = False  # looking for the next document after a break

    def feed(self, data: bytes, *, is_last: bool) -> None:
        """Take a piece of bytes that are clean but for references."""
        self._data, self._has_clean_references = data, False
        at = 0  # where in it the present parser goes on
        while True:
            if self._parser is None:
                start = self._find_start(self._data, at)
                if start is None:
                    return
                at = start
                self._open()
            if not self._step(at, is_last=is_last):
                return
            at = self._resume_at

    def _find_start(self, data: bytes, at: int) -> int | None:
        """Where the next document begins: after a break only an XML declaration counts."""
        start = data.find(b"<?xml" if self._is_lost else b"<", at)
        return start if start >= 0 else None

    def _open(self) -> None:
        parser = expat.ParserCreate("utf-8")
        parser.buffer_text = True
        if hasattr(parser, "SetReparseDeferralEnabled"):
            # Deferred, what is whole stays unread, and expat does not say how far it has come.
            parser.SetReparseDeferralEnabled(False)
        parser.EntityDeclHandler = _refuse_entity
        parser.AttlistDeclHandler = _refuse_long_default
        self._handlers.listen(parser)
        self._parser = parser
        self._fed = self._come = 0
        self._is_lost = False

    def _step(self, at: int, *, is_last: bool) -> bool:
        """Feed the piece from `at`; whether another document may begin in it (at `_resume_at`)."""
        parser = self._parser
        assert parser is not None
        data = self._data
        pause, ahead = self._handlers.pause, self._handlers.ahead
        while True:
            end = pause(data, at)
            if not self._has_clean_references and self._cleaner.has_suspects(data, at, end):
                # All the rest at once, and once only: thousands of them would make it a copy each.
                data = self._data = self._cleaner.without_suspects(data, at)
                self._has_clean_references = True
                continue
            before = self._fed
            piece = data[at:end] if at or end < len(data) else data
            try:
                parser.Parse(piece, is_last and end == len(data))
            except expat.ExpatError as error:
                return self._after_error(error, data, parser.ErrorByteIndex - before + at, at)
            except RefusedError as error:
                place = parser.CurrentByteIndex - before + at
                self._break(str(error), place)
                self._resume_at = max(place, at) + 1
                return True
            self._fed = before + len(piece)
            self._come = max(self._come, parser.CurrentByteIndex)  # -1 where a newer expat waits for more
            pending = self._fed - self._come
            if pending > MOST_TOKEN_BYTES:
                self._break(
                    f"a tag or name of more than {MOST_TOKEN_BYTES >> 20} MiB is not read", end - pending
                )
            if end == len(data) or self._parser is None:
                return False
            at = end if pending else ahead(data, end)

    def _after_error(self, error: expat.ExpatError, data: bytes, place: int, at: int) -> bool:
        self._parser = None
        if error.code in _JUNK_AFTER_ROOT and place >= 0:
            is_document = data.startswith(b"<", place)
            if not is_document and data[place:].strip():
                self._handlers.items.append(
                    Problem("text after the end of the document is not read", self._cleaner.offset(place))
                )
            self._resume_at = max(place, at)
            return True
        reason = expat.ErrorString(error.code) or "not well-formed"
        self._break(f"not well-formed XML ({reason})", place)
        self._resume_at = max(place, at) + 1
        return True

    def _break(self, text: str, place: int) -> None:
        self._parser = None
        self._is_lost = True
        self._handlers.stop()
        self._handlers.items.append(Problem(text, max(0, self._cleaner.offset(place)), loses_tests=True))


def _refuse_entity(*declaration: Any) -> None:
    raise RefusedError("declarations of entities are refused")


def _refuse_long_default(element: str, attribute: str, kind: str, default: str | None, required: int) -> None:
    if default is not None and len(default) > _MOST_DEFAULT:
        raise RefusedError(f"a default of more than {_MOST_DEFAULT} characters for an attribute is refused")
