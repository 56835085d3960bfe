"""Moments as reports write them. The epoch, year 1 and a clock without a zone are "unknown"."""

import re
from datetime import UTC, datetime
from typing import Final

_EARLIEST: Final = datetime(1971, 1, 1, tzinfo=UTC)
_LATEST: Final = datetime(2200, 1, 1, tzinfo=UTC)
_ZONE_NAME: Final = re.compile(r" ?(?:UTC|GMT)\Z")


def moment_ns(text: str) -> int | None:
    """Nanoseconds since the epoch of a moment with a zone, None where that is not known.

    Reads ISO 8601 and the dates of mail (`Fri, 20 Nov 2026 18:25:18 GMT`). Never raises.
    """
    written = text.strip()
    if len(written) > 64:
        return None
    try:
        moment = datetime.fromisoformat(_ZONE_NAME.sub("+00:00", written))
    except ValueError:
        from email.utils import parsedate_to_datetime  # as much as ten readers, and hardly ever needed

        try:
            moment = parsedate_to_datetime(written)
        except (ValueError, TypeError, IndexError, OverflowError):
            return None
    return _known(moment)


def epoch_ns(number: float, unit_ns: int) -> int | None:
    """Nanoseconds since the epoch of `number` times `unit_ns`, None for what cannot be a moment."""
    ns = number * unit_ns
    if not _EARLIEST.timestamp() * 1e9 <= ns <= _LATEST.timestamp() * 1e9:
        return None
    return round(ns)


def _known(moment: datetime) -> int | None:
    try:
        if moment.tzinfo is None or not _EARLIEST <= moment <= _LATEST:
            return None
        since = moment - datetime(1970, 1, 1, tzinfo=UTC)
    except (OverflowError, ValueError):
        return None
    return (since.days * 86_400 + since.seconds) * 1_000_000_000 + since.microseconds * 1_000
