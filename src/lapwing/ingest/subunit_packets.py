"""Packets of the subunit version 2 byte stream, among whatever else a process wrote in between.

A packet is a signature, flags, its length, the fields that the flags name, and a CRC-32 of all before
it. Numbers are big-endian, their first two bits telling how many bytes more there are (0 to 3).
"""

import zlib
from collections.abc import Iterator
from typing import BinaryIO, Final

from lapwing.model.value import Value

SIGNATURE: Final = 0xB3
UNEXPECTED_SUCCESS: Final = "it was expected to fail; subunit counts it as a success"
_CHUNK: Final = 1 << 20
_LARGEST: Final = 4 << 20  # bytes of a packet, by the specification
_HEADER: Final = 6  # signature, flags, the shortest length that is followed by a checksum
_VERSION: Final = 2
_HAS_ID: Final = 0x0800
_HAS_TIME: Final = 0x0200
_HAS_TAGS: Final = 0x0080
_STATUS: Final = 0x0007
_NS_PER_S: Final = 1_000_000_000


class Packet(Value):
    """What a packet says of a test."""

    test: str  # "" where it is about none
    status: int  # 0 to 7, as numbered by the specification
    time_ns: int | None  # since the epoch
    tags: tuple[str, ...]


class Broken(Value):
    """A packet that is cut or damaged."""

    at: int  # byte


class _ShortError(Exception):
    """The fields of a packet go on behind its end."""


def packets(stream: BinaryIO) -> Iterator[Packet | Broken]:
    """The packets of `stream`. After a damaged one the search goes on a byte behind its beginning."""
    buffer = b""
    before = 0  # bytes of the stream before the buffer
    at = 0
    is_at_end = False
    while True:
        at = buffer.find(SIGNATURE, at)
        begins = len(buffer) if at < 0 else at
        if not is_at_end and len(buffer) - begins < _LARGEST:
            before += begins
            chunk = stream.read(_CHUNK)
            is_at_end = not chunk
            buffer, at = buffer[begins:] + chunk, 0
            if not is_at_end:
                continue
            at = buffer.find(SIGNATURE)
        if at < 0:
            return
        end = _end(buffer, at)
        packet = _packet(buffer[at:end]) if at < end <= len(buffer) else None
        if packet is not None:
            yield packet
            at = end
            continue
        if end > at:  # it begins as a packet
            yield Broken(before + at)
        at += 1


def _end(buffer: bytes, at: int) -> int:
    """Where the packet at `at` ends by its own account; 0 where no packet begins."""
    if len(buffer) < at + _HEADER or buffer[at + 1] >> 4 != _VERSION or buffer[at + 1] & 0x0F >= 0x10:
        return 0
    try:
        length, _ = _number(buffer, at + 3, len(buffer))
    except _ShortError:
        return 0
    return at + length if _HEADER < length <= _LARGEST else 0


def _packet(data: bytes) -> Packet | None:
    """The packet that `data` holds, None where the checksum or the fields do not fit."""
    if zlib.crc32(data[:-4]) != int.from_bytes(data[-4:]):
        return None
    flags = int.from_bytes(data[1:3])
    limit = len(data) - 4
    time_ns = None
    test = ""
    tags: list[str] = []
    try:
        _, at = _number(data, 3, limit)
        if flags & _HAS_TIME:
            seconds = int.from_bytes(data[at : at + 4])
            nanoseconds, at = _number(data, at + 4, limit)
            time_ns = seconds * _NS_PER_S + nanoseconds
        if flags & _HAS_ID:
            test, at = _text(data, at, limit)
        if flags & _HAS_TAGS:
            count, at = _number(data, at, limit)
            for _ in range(min(count, limit)):
                tag, at = _text(data, at, limit)
                tags.append(tag)
    except _ShortError:
        return None
    return Packet(test=test, status=flags & _STATUS, time_ns=time_ns, tags=tuple(tags))


def _number(data: bytes, at: int, limit: int) -> tuple[int, int]:
    """The number at `at`, and the place behind it."""
    if at >= limit:
        raise _ShortError
    more = data[at] >> 6
    end = at + 1 + more
    if end > limit:
        raise _ShortError
    return int.from_bytes(data[at:end]) & ((1 << (6 + 8 * more)) - 1), end


def _text(data: bytes, at: int, limit: int) -> tuple[str, int]:
    length, at = _number(data, at, limit)
    if at + length > limit:
        raise _ShortError
    return data[at : at + length].decode("utf-8", "replace"), at + length
