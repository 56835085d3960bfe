"""Making run ids: UUID version 7 (RFC 9562), which sorts by the time it was made."""

from __future__ import annotations

import os
from typing import Final

from lapwing.measure.clock import CLOCKS

_NS_BITS: Final = 12
_NS_PER_MS: Final = 1_000_000


def new_run_id(epoch_ns: int | None = None, noise: bytes | None = None) -> str:
    """A new id for a run that starts at `epoch_ns` (now); `noise` is 10 random bytes."""
    now = CLOCKS.epoch() if epoch_ns is None else epoch_ns
    random = int.from_bytes(os.urandom(10) if noise is None else noise)
    milliseconds, rest = divmod(now, _NS_PER_MS)
    # Sub-millisecond time in the 12 bits after the version (method 3 of the RFC) keeps the
    # order of runs started within one millisecond.
    fraction = (rest << _NS_BITS) // _NS_PER_MS
    value = (milliseconds & (1 << 48) - 1) << 80 | 7 << 76 | fraction << 64
    value |= 0b10 << 62 | random & ((1 << 62) - 1)
    text = f"{value:032x}"
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"
