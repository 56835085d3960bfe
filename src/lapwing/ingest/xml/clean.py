"""Bytes in any encoding become UTF-8 that expat takes, piece by piece, with the way back to offsets.

Raw control characters, references to characters that XML forbids and lone ampersands come from a
fifth of all writers of reports; they are taken out on the way, references only where the parser is to
read them. Bytes that are not UTF-8 in a file that claims to be are read as windows-1252, which is told once.
"""

import codecs
import re
from bisect import bisect_right
from typing import Final

from lapwing.ingest.utf8_source import BYTE_ORDER_MARKS

_CONTROLS: Final = tuple(bytes([code]) for code in (*range(9), 11, 12, *range(14, 32)))
_CONTROL: Final = re.compile(b"[\x00-\x08\x0b\x0c\x0e-\x1f]")
_NONCHARACTER: Final = re.compile("[\ufffe\uffff\ud800-\udfff]")
_SUSPECT: Final = re.compile(
    rb"&(?:#(?:0*(?:[0-8]|1[124-9]|2\d|3[01])|[1-9]\d{4,}|0\d{5,}|"
    rb"[xX]0*(?:[0-8bBcCeEfF]|1[\da-fA-F])|[xX][\da-fA-F]{4,});"
    rb"|(?!(?:amp|lt|gt|quot|apos|#\d+|#x[\da-fA-F]+);))"
)
_DECLARED: Final = re.compile(r"<\?xml\s[^>]*?encoding\s*=\s*[\"']([\w.:\-]+)", re.ASCII)
_LONGEST_REFERENCE: Final = 16
_FALLBACK: Final = {0xDC00 + byte: bytes([byte]).decode("cp1252", "replace") for byte in range(128, 256)}


class Cleaner:
    """Takes the pieces of one file in order. `notes` tells what had to be guessed."""

    def __init__(self, head: bytes) -> None:
        self.notes: list[str] = []
        self._encoding, self._skip = self._guess(head)
        self._decoder: codecs.IncrementalDecoder | None = None
        if self._encoding != "utf-8":
            self._decoder = codecs.getincrementaldecoder(self._encoding)("replace")
        self._held = b""
        self._raw_start = 0  # offset in the file of the first byte of the last piece
        self._raw_end = 0
        self._shifts: list[tuple[int, int]] = []  # in the last piece: clean offset -> file offset minus it
        self._piece = b""  # the last one as it came, in UTF-8

    def feed(self, data: bytes, *, is_last: bool = False) -> bytes:
        """The bytes of the next piece `data`, clean but for references; a few of its last may come with the
        next piece."""
        if self._skip:
            skipped = data[: self._skip]
            self._skip -= len(skipped)
            self._raw_end += len(skipped)
            data = data[len(skipped) :]
        if self._decoder is not None:
            return self._recoded(data, is_last)
        self._raw_start = self._raw_end - len(self._held)
        self._raw_end += len(data)
        data = self._held + data if self._held else data
        keep = 0 if is_last else _cut_tail(data)
        self._held = data[len(data) - keep :] if keep else b""
        piece = data[: len(data) - keep] if keep else data
        self._shifts = []
        self._piece = piece
        return self._cleaned(piece)

    def has_suspects(self, piece: bytes, start: int, end: int) -> bool:
        """Whether expat may stumble over a reference between `start` and `end`; a cut one counts, too."""
        return piece.find(b"&", start, end) >= 0 and bool(_edits(piece, start, end))

    def without_suspects(self, piece: bytes, start: int) -> bytes:
        """What the last `feed` gave with clean references from byte `start` on; to be asked once."""
        return self._replaced(piece, _edits(piece, start, len(piece)))

    def offset(self, at: int) -> int:
        """The offset in the file of byte `at` of what the last `feed` or `without_suspects` gave."""
        at += _moved(self._shifts, at)
        if self._decoder is not None:
            at = self._length_in_file(self._piece[: max(at, 0)])
        return self._raw_start + at

    def _cleaned(self, piece: bytes) -> bytes:
        if not piece.isascii():
            piece = self._as_utf8(piece)
        if any(control in piece for control in _CONTROLS):
            piece = self._without(piece, _CONTROL)
        return piece

    def _without(self, piece: bytes, pattern: re.Pattern[bytes]) -> bytes:
        spans = [match.span() for match in pattern.finditer(piece)]
        return self._replaced(piece, [(start, end, b"") for start, end in spans])

    def _replaced(self, piece: bytes, edits: list[tuple[int, int, bytes]]) -> bytes:
        """`piece` with `edits` (start, end, by what) made, and remembered for `offset`."""
        if not edits:
            return piece
        before = self._shifts
        self._shifts = []
        parts: list[bytes] = []
        last = moved = 0
        for start, end, text in edits:
            parts += (piece[last:start], text)
            moved += end - start - len(text)
            self._shifts.append((end - moved, moved))
            last = end
        parts.append(piece[last:])
        if before:
            self._shifts = _composed(before, self._shifts)
        return b"".join(parts)

    def _as_utf8(self, piece: bytes) -> bytes:
        try:
            text = piece.decode("utf-8")
        except UnicodeDecodeError as error:
            text = piece.decode("utf-8", "surrogateescape").translate(_FALLBACK)
            if not any("windows-1252" in note for note in self.notes):
                at = self._raw_start + error.start
                self.notes.append(f"byte {at} is not UTF-8: such bytes are read as windows-1252")
            piece = text.encode("utf-8")
        if _NONCHARACTER.search(text):
            piece = _NONCHARACTER.sub("", text).encode("utf-8")
        return piece

    def _recoded(self, data: bytes, is_last: bool) -> bytes:
        assert self._decoder is not None
        pending, _ = self._decoder.getstate()
        self._raw_start = self._raw_end - len(pending) - self._length_in_file(self._held)
        self._raw_end += len(data)
        text = _NONCHARACTER.sub("", self._decoder.decode(data, is_last))
        piece = self._held + text.encode("utf-8")
        keep = 0 if is_last else _cut_tail(piece)
        self._held = piece[len(piece) - keep :] if keep else b""
        self._shifts = []
        self._piece = piece[: len(piece) - keep]
        return self._cleaned(self._piece)

    def _length_in_file(self, text: bytes) -> int:
        """How many bytes of the file this UTF-8 was."""
        return len(text.decode("utf-8", "ignore").encode(self._encoding, "replace"))

    def _guess(self, head: bytes) -> tuple[str, int]:
        """The encoding of a file that begins with `head`, and how many bytes its mark takes."""
        for mark, encoding in BYTE_ORDER_MARKS:
            if head.startswith(mark):
                return encoding, len(mark)
        if len(head) > 3 and head[:4].count(0) == 2 and 0 in (head[0], head[1]) and head[0] != head[1]:
            return ("utf-16-le" if head[1] == 0 else "utf-16-be"), 0
        match = _DECLARED.search(head[:300].decode("latin-1"))
        if match is None:
            return "utf-8", 0
        declared = match[1]
        try:
            encoding = codecs.lookup(declared).name
            is_text = len("<?xml".encode(encoding)) == 5
        except (LookupError, ValueError):
            self.notes.append(f"encoding {declared!r} is not known: read as UTF-8")
            return "utf-8", 0
        if not is_text:
            self.notes.append(f"encoding {declared!r} is declared, but the bytes are not: read as UTF-8")
            return "utf-8", 0
        return ("utf-8" if encoding in ("ascii", "utf-8") else encoding), 0


def _edits(piece: bytes, start: int, end: int) -> list[tuple[int, int, bytes]]:
    """What is to be put in the place of what, so that only references that XML allows are left."""
    edits = []
    for match in _SUSPECT.finditer(piece, start, end):
        if match.end() == match.start() + 1:  # an ampersand that begins no reference
            edits.append((match.start(), match.end(), b"&amp;"))
        elif not _is_allowed(match[0]):
            edits.append((match.start(), match.end(), b""))
    return edits


def _cut_tail(data: bytes) -> int:
    """How many of the last bytes may belong to a reference or a character that goes on."""
    amp = data.rfind(b"&", max(0, len(data) - _LONGEST_REFERENCE))
    if amp >= 0 and b";" not in data[amp:]:
        return len(data) - amp
    for back in range(1, min(4, len(data)) + 1):
        byte = data[-back]
        if byte < 0x80:
            return 0
        if byte >= 0xC0:
            wanted = 2 if byte < 0xE0 else 3 if byte < 0xF0 else 4
            return back if back < wanted else 0
    return 0


def _is_allowed(reference: bytes) -> bool:
    """Whether XML allows the character that `reference` (such as `&#27;`) names."""
    digits = reference[2:-1]
    if len(digits) > 12:
        return False
    code = int(digits[1:], 16) if digits[:1] in b"xX" else int(digits)
    is_text = code in (9, 10, 13) or 0x20 <= code <= 0xD7FF or 0xE000 <= code <= 0xFFFD
    return (is_text or 0x10000 <= code <= 0x10FFFF) and digits[:1] != b"X"


def _composed(first: list[tuple[int, int]], second: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The shifts of two edits, one after the other: places are those after the second."""
    places = {at for at, _ in second}
    for at, _ in first:
        index = bisect_right([place + moved for place, moved in second], at) - 1
        places.add(at - (second[index][1] if index >= 0 else 0))
    composed = []
    for place in sorted(places):
        middle = place + _moved(second, place)
        composed.append((place, middle - place + _moved(first, middle)))
    return composed


def _moved(shifts: list[tuple[int, int]], at: int) -> int:
    index = bisect_right(shifts, (at, 1 << 62)) - 1
    return shifts[index][1] if index >= 0 else 0
