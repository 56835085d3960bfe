"""Lines of a report with the place of their first byte; a line that would fill the memory is passed over."""

from collections.abc import Iterator
from typing import BinaryIO, Final

from lapwing.ingest.utf8_source import Utf8Source

LONGEST_LINE_BYTES: Final = 64 << 20


def text_lines(stream: BinaryIO) -> Iterator[tuple[int, bytes | None]]:
    """Place and bytes of each line of `stream`, without its line end.

    None stands for a line of more than 64 MiB. A last line without a line end is given too.
    """
    source = Utf8Source(stream)
    at = source.start
    rest = b""
    refused_at: int | None = None
    while chunk := source.read():
        if refused_at is not None:
            end = chunk.find(b"\n")
            if end < 0:
                at += len(chunk)
                continue
            yield refused_at, None
            refused_at = None
            at += end + 1
            chunk = chunk[end + 1 :]
        *lines, rest = (rest + chunk).split(b"\n")
        for line in lines:
            yield at, line
            at += len(line) + 1
        if len(rest) > LONGEST_LINE_BYTES:
            refused_at, at, rest = at, at + len(rest), b""
    if refused_at is not None:
        yield refused_at, None
    elif rest:
        yield at, rest
