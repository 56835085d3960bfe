"""The recording that is going on in this process: where what is measured goes.

A recording under pytest enters itself here; what is measured outside of one goes to whom the caller
names. A recording loads this file in every run: it imports next to nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

from lapwing.model.value import Value

if TYPE_CHECKING:
    from lapwing.measure.probes.counters import Counters
    from lapwing.model.measurement import BenchmarkRecord


class Recording(Value):
    """What a recording offers to those who measure."""

    take: Callable[[BenchmarkRecord], None]
    running_test: Callable[[], str | None]
    counters: Counters
    part: Callable[[str], Any]  # by kind, what probes of libraries count into; None where nobody wants it


_recordings: Final[list[Recording]] = []


def enter(recording: Recording) -> None:
    """From now on `recording` takes what is measured."""
    _recordings.append(recording)


def leave(recording: Recording) -> None:
    """`recording` takes no more."""
    _recordings[:] = [each for each in _recordings if each is not recording]


def present_recording() -> Recording | None:
    """Who takes what is measured now; None where nobody records."""
    return _recordings[-1] if _recordings else None
