"""JSON documents read piece by piece, so that a report of any size takes the memory of its largest test file.

The containers that a reader names are walked; what lies in them is decoded whole by the standard
library, at its speed. What no reader asked for is passed over without being kept.
"""

import codecs
import json
import re
from collections.abc import Iterator
from typing import Any, BinaryIO, Final

from lapwing.ingest.json_head import OPENING
from lapwing.ingest.json_lines import reason_of
from lapwing.ingest.reader import Problem
from lapwing.ingest.utf8_source import Utf8Source

Path = tuple[str, ...]  # keys from the root; "[]" stands for any element of an array, "*" for any key

LARGEST_VALUE: Final = 64 << 20  # characters
MOST_VALUES: Final = 8_000_000
"""About as many as one value may hold: each of three characters takes up to eighty bytes as an object."""

DEEPEST: Final = 900  # levels of what is passed over; the standard library's own decoder ends near there

_BEFORE_A_VALUE: Final = (",", ":", "[", "{")

_OPENING: Final = re.compile(OPENING)
_MAY_OPEN: Final = re.compile(r"[\[{]\s{0,1000}\Z")  # what comes next decides
_SPACE: Final = re.compile(r"[ \t\r\n]*")
_TOKEN: Final = re.compile(r'["{}\[\],]')
_STRING_REST: Final = re.compile(r'(?:[^"\\]|\\.)*+"', re.DOTALL)
_NUMBER_REST: Final = re.compile(r"[\d.eE+-]*\Z", re.ASCII)
# A number, word or escape that the end of the buffer may have cut is at most this long after the place
# that the decoder names.
_CUT_LENGTH: Final = 16
_decode: Final = json.JSONDecoder(strict=False).raw_decode


class _BrokenError(Exception):
    """The document is no JSON from the present place on."""


class JsonDocument:
    """The wanted pieces of the JSON documents in a stream, one document after another.

    `wanted` names the pieces by path. `("results", "tests", "[]")` gives each element of that array,
    `("version",)` the value of a key of the root, `()` the root itself.
    """

    def __init__(self, stream: BinaryIO, *wanted: Path) -> None:
        self._source = Utf8Source(stream)
        self._decoder = codecs.getincrementaldecoder("utf-8")(errors="surrogateescape")
        self._text = ""
        self._at = 0
        self._bytes_before = self._source.start  # of the first character of the text
        self._ended = False
        self._piece_at = 0
        self._wanted = frozenset(wanted)
        self._walked = frozenset(path[:length] for path in wanted for length in range(len(path)))

    @property
    def place(self) -> int:
        """The byte where the last piece begins."""
        return self._bytes_before + len(self._text[: self._piece_at].encode("utf-8", "surrogateescape"))

    def pieces(self) -> Iterator[tuple[Path, Any] | Problem]:
        """Path and value of each wanted piece, in the order of the file.

        The empty path with None ends a document. A break ends the reading with a problem; what came
        before it has been given out.
        """
        has_begun = False
        while self._begins():
            has_begun = True
            try:
                yield from self._member(())
            except _BrokenError as error:
                self._piece_at = self._at
                yield Problem(str(error), self.place, loses_tests=True)
                return
            yield (), None
        if not has_begun:
            yield Problem("the file ends before its first value", loses_tests=True)

    def _begins(self) -> bool:
        """Whether a document begins here, or with a line behind; then that is the present place."""
        while self._next():
            if _OPENING.match(self._text, self._at):
                return True
            if not self._ended and _MAY_OPEN.match(self._text, self._at):
                self._fill()
                continue
            while (line_end := self._text.find("\n", self._at)) < 0 and not self._ended:
                self._at = len(self._text)
                self._fill()
            if line_end < 0:
                return False
            self._at = line_end
        return False

    def _fill(self) -> None:
        """Take more of the stream, as much as there is of the present value, and let go what is behind."""
        self._bytes_before += len(self._text[: self._at].encode("utf-8", "surrogateescape"))
        self._text = self._text[self._at :]
        self._piece_at -= self._at
        self._at = 0
        parts = [self._text]
        missing = max(len(self._text), 1)
        while missing > 0 and not self._ended:
            chunk = self._source.read()
            self._ended = not chunk
            parts.append(self._decoder.decode(chunk, final=self._ended))
            missing -= len(parts[-1])
        self._text = "".join(parts)

    def _next(self) -> str:
        """The next character that is no space, without going past it; empty at the end."""
        while True:
            match = _SPACE.match(self._text, self._at)
            self._at = match.end() if match else self._at
            if self._at < len(self._text):
                return self._text[self._at]
            if self._ended:
                return ""
            self._fill()

    def _take(self, expected: str) -> None:
        found = self._next()
        if found != expected:
            raise _BrokenError(_unexpected(found, f"{expected!r}"))
        self._at += 1

    def _walk(self, path: Path) -> Iterator[tuple[Path, Any]]:
        """The wanted pieces in the object or array at the present place."""
        is_object = self._next() == "{"
        closing = "}" if is_object else "]"
        self._at += 1
        if self._next() == closing:
            self._at += 1
            return
        while True:
            inner = (*path, "[]")
            if is_object:
                if self._next() != '"':
                    raise _BrokenError(_unexpected(self._next(), "a key"))
                inner = (*path, str(self._value()))
                self._take(":")
            yield from self._member(inner)
            following = self._next()
            if following not in (",", closing):
                raise _BrokenError(_unexpected(following, f"',' or {closing!r}"))
            self._at += 1
            if following == closing:
                return

    def _member(self, path: Path) -> Iterator[tuple[Path, Any]]:
        if path in self._wanted or (path[-1:] != ("[]",) and (*path[:-1], "*") in self._wanted):
            value = self._value()
            yield path, value
        elif path in self._walked and self._next() in ("{", "["):
            yield from self._walk(path)
        else:
            self._pass_over()

    def _value(self) -> Any:
        """The value at the present place, whole."""
        self._next()
        while True:
            self._piece_at = self._at
            try:
                value, end = _decode(self._text, self._at)
            except RecursionError:
                raise _BrokenError("nested too deeply") from None
            except json.JSONDecodeError as error:
                is_cut = error.msg.startswith("Unterminated") or error.pos + _CUT_LENGTH > len(self._text)
                if self._ended or not is_cut:
                    self._at = min(error.pos, len(self._text))
                    raise _BrokenError(_ended_early(error, self._text)) from None
            except ValueError as error:
                raise _BrokenError(reason_of(error)) from None
            else:
                # A number at the end of the buffer may go on behind it: "0." decodes as 0 so far.
                if self._ended or not _NUMBER_REST.match(self._text, end):
                    self._at = end
                    return value
            if len(self._text) - self._at > LARGEST_VALUE:
                raise _BrokenError(
                    f"one value is larger than {LARGEST_VALUE >> 20} MiB; the rest is not read"
                )
            self._fill()
            if len(self._text) - self._at > MOST_VALUES and self._values_ahead() > MOST_VALUES:
                raise _BrokenError(f"one value holds more than {MOST_VALUES:,} others; the rest is not read")

    def _values_ahead(self) -> int:
        """At most how many values lie ahead: of the present one, and of what is read behind it."""
        return sum(self._text.count(mark, self._at) for mark in _BEFORE_A_VALUE)

    def _pass_over(self) -> None:
        """Go behind the value at the present place, whatever its size."""
        depth = 0
        self._next()
        while True:
            match = _TOKEN.search(self._text, self._at)
            if match is None:
                self._at = len(self._text)
                if self._ended:
                    raise _BrokenError("the file ends inside a value")
                self._fill()
                continue
            token = match[0]
            if depth == 0 and token in ",}]":
                self._at = match.start()
                return
            self._at = match.end()
            if token == '"':
                self._pass_over_string()
            elif token in "{[":
                depth += 1
            elif token in "}]":
                depth -= 1
            if depth > DEEPEST:
                raise _BrokenError("nested too deeply")
            if depth == 0 and token != ",":
                return

    def _pass_over_string(self) -> None:
        """Go behind the string whose opening quote is just behind the present place."""
        while True:
            match = _STRING_REST.match(self._text, self._at)
            if match is not None:
                self._at = match.end()
                return
            if self._ended:
                raise _BrokenError("the file ends inside a string")
            # All but a backslash at the end belongs to the string.
            backslashes = len(self._text) - len(self._text.rstrip("\\"))
            self._at = max(self._at, len(self._text) - backslashes % 2)
            self._fill()


def _unexpected(found: str, expected: str) -> str:
    return (
        f"expected {expected}, found {found!r}" if found else f"the file ends where {expected} was expected"
    )


def _ended_early(error: json.JSONDecodeError, text: str) -> str:
    """What is wrong at the place of `error`: broken JSON, or a file that ends before its time."""
    if error.msg.startswith("Unterminated") or error.pos >= len(text):
        return "the file ends inside a value"
    return f"not JSON: {error.msg[:1].lower()}{error.msg[1:]}"


def object_pieces(document: JsonDocument) -> Iterator[tuple[Path, Any] | Problem]:
    """The pieces of `document` whose elements of arrays are all objects; any other element is a problem."""
    for piece in document.pieces():
        if not isinstance(piece, Problem):
            path, value = piece
            if path[-1:] == ("[]",) and not isinstance(value, dict):
                yield Problem(
                    f"an entry of {'.'.join(path[:-1]) or 'the document'} is no object", document.place
                )
                continue
        yield piece
