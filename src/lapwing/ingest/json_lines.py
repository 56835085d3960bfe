"""Reports of one JSON object per line, with whatever a runner printed between them."""

import json
from collections.abc import Callable, Iterator
from typing import Any, BinaryIO, Final

from lapwing.ingest.reader import Problem
from lapwing.ingest.text_lines import LONGEST_LINE_BYTES, text_lines

# Runners print raw control characters into strings.
_decode: Final = json.JSONDecoder(strict=False).decode


def json_lines(
    stream: BinaryIO, *, skips: Callable[[bytes], bool] | None = None
) -> Iterator[tuple[int, dict[str, Any]] | Problem]:
    """Place and object of each line of `stream` that holds one and that `skips` does not leave out unread.

    Lines that do not begin as an object are the output of something else and passed over. A line
    that begins so and is broken is a problem, as is one of more than 64 MiB.
    """
    for at, line in text_lines(stream):
        if line is None:
            yield Problem(
                f"a line of more than {LONGEST_LINE_BYTES >> 20} MiB is left out", at, loses_tests=True
            )
            continue
        if line[:1] != b"{" and not line.lstrip().startswith(b"{"):
            continue
        if skips is not None and skips(line):
            continue
        try:
            value = _decode(line.decode("utf-8", "replace"))
        except (ValueError, RecursionError) as error:
            yield Problem(f"a line is no JSON: {reason_of(error)}", at, loses_tests=True)
            continue
        yield at, value


def reason_of(error: Exception) -> str:
    """Why a text is no JSON, without the place."""
    if isinstance(error, json.JSONDecodeError):
        return error.msg
    return "nested too deeply" if isinstance(error, RecursionError) else "a number is too long"
