"""The plain content of a stream: gunzipped where it is gzip, with its head looked at first."""

import zlib
from typing import BinaryIO, Final

from lapwing.ingest.head import HEAD_BYTES, Head

_GZIP_MAGIC: Final = b"\x1f\x8b\x08"
_CHUNK: Final = 1 << 20
_FIRST: Final = 1 << 18
"""Bytes read at first: a small report whole, and as many as readers of XML ask for, without a copy."""


class Content:
    """Plain bytes of a stream. Memory stays flat: at most a chunk is held.

    `fault` says what was wrong with the compression, "" for nothing; the bytes before it are given.
    """

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self.fault = ""
        self._ahead = b""
        first = stream.read(_FIRST)
        self.is_gzip = first.startswith(_GZIP_MAGIC)
        self._gunzip = zlib.decompressobj(wbits=31) if self.is_gzip else None
        self._packed = first if self.is_gzip else b""
        self._ahead = b"" if self.is_gzip else first
        while self.is_gzip and len(self._ahead) < HEAD_BYTES:
            more = self._unpacked(HEAD_BYTES)
            if not more:
                break
            self._ahead += more
        self.head = Head(self._ahead)

    def read(self, size: int = -1, /) -> bytes:
        """The next `size` bytes (all for -1), fewer only at the end. Raises OSError of the stream."""
        if size < 0:
            return b"".join(iter(lambda: self.read(_CHUNK), b""))
        given, self._ahead = self._ahead[:size], self._ahead[size:]
        while len(given) < size:
            wanted = size - len(given)
            more = self._unpacked(wanted) if self.is_gzip else self._stream.read(wanted)
            if not more:
                break
            given += more
        return given

    def _unpacked(self, size: int) -> bytes:
        """Some bytes out of the gzip members, at most `size`; b"" at their end or at a fault."""
        while self._gunzip is not None:
            if self._gunzip.eof:
                rest = self._gunzip.unused_data or self._stream.read(_CHUNK)
                if not rest.startswith(_GZIP_MAGIC):  # the end, or padding after it
                    self._gunzip = None
                    return b""
                self._gunzip, self._packed = zlib.decompressobj(wbits=31), rest
            packed = self._packed or self._stream.read(_CHUNK)
            try:
                data = self._gunzip.decompress(packed, size)
            except zlib.error as error:
                self.fault = f"the gzip data is broken: {error}"
                self._gunzip = None
                return b""
            self._packed = self._gunzip.unconsumed_tail
            if data:
                return data
            if not packed:
                self.fault = "the gzip data ends in the middle"
                self._gunzip = None
        return b""
