"""The only place where text such as `1.5s`, `200ms`, `10MB`, `20%` becomes a number, and back.

Inside Lapwing durations are integer nanoseconds, sizes integer bytes, shares and ratios floats.
Sizes are decimal in `kB, MB, GB` and binary in `KiB, MiB, GiB`.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from typing import Final

NS_PER_US: Final = 1_000
NS_PER_MS: Final = 1_000_000
NS_PER_S: Final = 1_000_000_000

_DURATION_UNITS: Final = {
    "ns": 1,
    "us": NS_PER_US,
    "µs": NS_PER_US,
    "ms": NS_PER_MS,
    "s": NS_PER_S,
    "sec": NS_PER_S,
    "m": 60 * NS_PER_S,
    "min": 60 * NS_PER_S,
    "h": 3600 * NS_PER_S,
    "d": 86_400 * NS_PER_S,
}
_SIZE_UNITS: Final = {
    "b": 1,
    "kb": 1_000,
    "mb": 1_000_000,
    "gb": 1_000_000_000,
    "kib": 1 << 10,
    "mib": 1 << 20,
    "gib": 1 << 30,
}
_PART: Final = r"(\d+(?:\.\d+)?|\.\d+)\s*([a-zµ]+)"


def parse_duration(text: str | int | float, *, bare_unit: str | None = None, where: str = "") -> int:
    """Nanoseconds in `text`, such as `1.5s`, `200ms`, `5min`, `1h 30m`.

    A bare number is taken in `bare_unit` if that is given, else refused.
    Raises ConfigurationError that names `where` for anything else, negative values included.
    """
    written = str(text).strip().lower()
    try:
        number = float(written)
    except ValueError:
        pass
    else:
        if bare_unit is None and number != 0:
            from lapwing.errors import ConfigurationError

            raise ConfigurationError(
                f"{text!r} has no unit", where=where, mend="Write a unit: 200ms, 1.5s, 5min, 30d."
            )
        return _whole(number * _DURATION_UNITS[bare_unit or "s"], text, where)
    parts = re.findall(_PART, written)
    rest = re.sub(_PART, "", written).strip()
    if not parts or rest or any(unit not in _DURATION_UNITS for _, unit in parts):
        from lapwing.errors import ConfigurationError

        raise ConfigurationError(
            f"{text!r} is not a duration", where=where, mend="Write it as 200ms, 1.5s, 5min, 1h or 30d."
        )
    return _whole(sum(float(number) * _DURATION_UNITS[unit] for number, unit in parts), text, where)


def parse_size(text: str | int, *, where: str = "") -> int:
    """Bytes in `text`, such as `10MB`, `512KiB`. Raises ConfigurationError for anything else."""
    written = str(text).strip().lower()
    match = re.fullmatch(_PART, written)
    if match is None or match[2] not in _SIZE_UNITS:
        from lapwing.errors import ConfigurationError

        raise ConfigurationError(
            f"{text!r} is not a size", where=where, mend="Write it as 512KiB, 10MB or 1GB."
        )
    return _whole(float(match[1]) * _SIZE_UNITS[match[2]], text, where)


def parse_percent(text: str | int | float, *, where: str = "") -> float:
    """The share in `text`: `80%` and the bare number 80 are both 0.8. Raises ConfigurationError."""
    written = str(text).strip()
    try:
        number = float(written.removesuffix("%"))
    except ValueError:
        number = math.nan
    if not math.isfinite(number) or number < 0:
        from lapwing.errors import ConfigurationError

        raise ConfigurationError(f"{text!r} is not a percentage", where=where, mend="Write it as 20% or 20.")
    return number / 100


def format_duration(ns: float) -> str:
    """A duration of `ns` nanoseconds for people, three significant digits: `1.53 s`, `204 ms`."""
    if ns < 0:
        return "-" + format_duration(-ns)
    if ns < NS_PER_MS / 1000:
        return f"{ns:.0f} ns" if ns else "0 s"
    if ns < NS_PER_MS - 500:
        return f"{_three(ns / NS_PER_US)} µs"
    if ns < NS_PER_S - NS_PER_MS / 2:
        return f"{_three(ns / NS_PER_MS)} ms"
    if ns < 60 * NS_PER_S - NS_PER_S / 20:
        return f"{_three(ns / NS_PER_S)} s"
    seconds = round(ns / NS_PER_S)
    if seconds < 3600:
        return f"{seconds // 60} min {seconds % 60:02d} s"
    return f"{seconds // 3600} h {seconds % 3600 // 60:02d} min"


def format_size(size: float) -> str:
    """A size of `size` bytes for people: `1.2 MB`, `-300 kB`."""
    if size < 0:
        return "-" + format_size(-size)
    for unit, bytes_per in (("GB", 1e9), ("MB", 1e6), ("kB", 1e3)):
        if size >= 0.9995 * bytes_per:  # three digits of it are 1.00
            return f"{_three(size / bytes_per)} {unit}"
    return f"{size:.0f} B"


def exact_duration(ns: int) -> str:
    """The shortest text that `parse_duration` reads as `ns`: `1.5s`, `250ms`, `5min`."""
    if ns and ns % (60 * NS_PER_S) == 0:
        return f"{ns // (60 * NS_PER_S)}min"
    return _exact(ns, (("s", NS_PER_S), ("ms", NS_PER_MS), ("us", NS_PER_US), ("ns", 1)))


def exact_size(size: int) -> str:
    """The shortest text that `parse_size` reads as `size`: `50MB`, `1.5GB`."""
    return _exact(size, (("GB", 1_000_000_000), ("MB", 1_000_000), ("kB", 1_000), ("B", 1)))


def format_change(ratio: float) -> str:
    """A ratio after/before as a signed percentage: 1.43 is `+43%`, 2.5 is `+150%`, 12 is `×12`."""
    if not math.isfinite(ratio):
        return "new"
    if ratio >= 10:
        return f"×{ratio:.0f}"
    percent = (ratio - 1) * 100
    if abs(percent) < 0.05:
        return "+0.0%"
    return f"{percent:+.0f}%" if abs(percent) >= 10 else f"{percent:+.1f}%"


def format_count(count: int, noun: str) -> str:
    """So many of them, for nouns that take an s: `1 run`, `2 runs`."""
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"


def format_share(share: float) -> str:
    """A share from 0 to 1 as a percentage: `43%`, `0.4%`. Only the whole is `100%`, only nothing is `0%`."""
    percent = share * 100
    if 99.5 <= percent < 100:
        return f"{min(percent, 99.9):.1f}%"
    if 0 < percent < 0.05:
        return "<0.1%"
    return f"{percent:.0f}%" if percent >= 10 or percent == 0 else f"{percent:.1f}%"


def _exact(amount: int, units: Sequence[tuple[str, int]]) -> str:
    """`amount` in the largest unit of `units` that it reaches, in a smaller one where that is not exact."""
    for unit, size in units:
        if amount >= size and amount * 1000 % size == 0:
            return f"{amount / size:.3f}".rstrip("0").rstrip(".") + unit
    return f"{amount}{units[-1][0]}"


def _three(number: float) -> str:
    if number >= 99.95:
        return f"{number:.0f}"
    return f"{number:.1f}" if number >= 9.995 else f"{number:.2f}"


def _whole(number: float, text: object, where: str) -> int:
    if not 0 <= number < 2**63:
        from lapwing.errors import ConfigurationError

        raise ConfigurationError(f"{text!r} is out of range", where=where, mend="Write a positive value.")
    return round(number)
