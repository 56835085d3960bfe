"""Bytes of a report as UTF-8, chunk by chunk, whatever encoding it was written in.

A shell such as PowerShell writes what is redirected into a file as UTF-16 with a byte order mark.
"""

import codecs
from typing import BinaryIO, Final

CHUNK_BYTES: Final = 1 << 20

BYTE_ORDER_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_LONGEST_MARK: Final = 4


def encoding_of(head: bytes) -> tuple[str, int]:
    """The encoding that the first bytes of a file, four if it has them, show, and the length of their mark.

    Without a mark a zero beside an ASCII character tells UTF-16; everything else is UTF-8.
    """
    for mark, encoding in BYTE_ORDER_MARKS:
        if head.startswith(mark):
            return encoding, len(mark)
    if len(head) >= 2 and bool(head[0]) != bool(head[1]):
        return ("utf-16-le" if head[0] else "utf-16-be"), 0
    return "utf-8", 0


class Utf8Source:
    """The chunks of a binary stream, as UTF-8 without a mark.

    `start` is the place of the first byte given out: the length of the mark in a file of UTF-8, else
    0, and places are then those in the text as UTF-8.
    """

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        head = b""
        while len(head) < _LONGEST_MARK and (more := stream.read(_LONGEST_MARK - len(head))):
            head += more
        encoding, mark = encoding_of(head)
        self._decoder = (
            None if encoding == "utf-8" else codecs.getincrementaldecoder(encoding)(errors="replace")
        )
        self.start = mark if self._decoder is None else 0
        self._first = head[mark:]

    def read(self) -> bytes:
        """The next chunk, of about 1 MiB; empty at the end."""
        while chunk := self._first + self._stream.read(CHUNK_BYTES):
            self._first = b""
            if self._decoder is None:
                return chunk
            if text := self._decoder.decode(chunk):
                return text.encode("utf-8", "replace")
        return b""
