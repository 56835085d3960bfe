"""Moments as people read them, in the zone of whoever looks."""

from datetime import UTC, datetime

from lapwing.units import NS_PER_S


def local_minute(epoch_ns: int) -> str:
    """A moment (ns since the epoch) to the minute: `2026-11-20 21:42`."""
    return datetime.fromtimestamp(epoch_ns // NS_PER_S).astimezone().strftime("%Y-%m-%d %H:%M")


def local_day(epoch_ns: int) -> str:
    """A moment (ns since the epoch) to the day: `2026-11-20`."""
    return datetime.fromtimestamp(epoch_ns // NS_PER_S).astimezone().strftime("%Y-%m-%d")


def written_day(epoch_ns: int) -> str:
    """The day that a file names alone, whose midnight (UTC) is `epoch_ns`: the same in every zone."""
    return datetime.fromtimestamp(epoch_ns // NS_PER_S, UTC).strftime("%Y-%m-%d")
