"""Durations as reports write them: commas of both kinds, units, clock shapes, and nonsense.

`2,120.532` has a thousands separator (Surefire before 3.1), `0,160` a decimal comma (TestNG in a
German JVM). `1,250` alone may be either; the rest of its file decides (`Style`).
"""

import math
import re
from collections.abc import Sequence
from enum import StrEnum
from functools import lru_cache
from typing import Final

from lapwing.model.value import Value

NS: Final = 1_000_000_000
LONGEST_NS: Final = 366 * 86_400 * NS
"""No test takes a year: what is longer is no duration."""

_UNITS: Final = {
    "ns": 1,
    "us": 1_000,
    "µs": 1_000,
    "μs": 1_000,
    "ms": 1_000_000,
    "s": NS,
    "sec": NS,
    "secs": NS,
    "second": NS,
    "seconds": NS,
    "m": 60 * NS,
    "min": 60 * NS,
    "h": 3600 * NS,
}
_WITH_UNIT: Final = re.compile(r"([+-]?[\d.,]+(?:[eE][+-]?\d+)?)\s*([a-zµμ]+)", re.ASCII)
_CLOCK: Final = re.compile(
    r"(?:(\d{1,5})\.)?(\d{1,4}):([0-5]?\d)(?::([0-5]?\d)(?:[.,](\d{1,12}))?)?", re.ASCII
)
_PLAIN: Final = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,4})?", re.ASCII)
_GROUPS: Final = re.compile(r"[+-]?\d{1,3}(?:([,.' \u00a0\u202f])\d{3})(?:\1\d{3})*", re.ASCII)
_AMBIGUOUS: Final = re.compile(r"[+-]?[1-9]\d{0,2},\d{3}", re.ASCII)


class Style(StrEnum):
    """What the comma of `1,250` is in a file."""

    THOUSANDS = "thousands"
    DECIMAL = "decimal"


class ReadDuration(Value):
    """A duration read. `ns` is None where there is none; `warning` then says why, if it was odd."""

    ns: int | None = None
    warning: str = ""
    candidates: tuple[int, ...] = ()  # what it may be: as a decimal comma, as thousands
    shows: Style | None = None  # the style that this text proves for its file


NOTHING: Final = ReadDuration()


@lru_cache(maxsize=4096)  # the times of a report repeat
def read_duration(text: str, unit_ns: int = NS, style: Style | None = None) -> ReadDuration:
    """The duration in `text`, a bare number counting `unit_ns` each. Never raises.

    Negative zero is zero. Negative, infinite, unreadable and absurdly long (over 366 days) ones are
    None with a warning. An ambiguous comma without a `style` gives both candidates.
    """
    written = text.strip()
    if not written:
        return NOTHING
    if _PLAIN.fullmatch(written):  # nearly all are
        return _checked(_scaled(written, unit_ns), text)
    if _AMBIGUOUS.fullmatch(written):
        both = (_scaled(written.replace(",", "."), unit_ns), _scaled(written.replace(",", ""), unit_ns))
        if style is None:
            return ReadDuration(candidates=both, warning=_ambiguous(text, both))
        return _checked(both[style is Style.THOUSANDS], text)
    number, shows = _normal(written)
    if number is not None:
        return _checked(_scaled(number, unit_ns), text)._replace(shows=shows)
    match = _WITH_UNIT.fullmatch(written)
    if match is not None and match[2] in _UNITS:
        number, shows = _normal(match[1])
        if number is not None:
            return _checked(_scaled(number, _UNITS[match[2]]), text)._replace(shows=shows)
    clock = clock_ns(written)
    if clock is not None:
        return _checked(clock, text)
    return ReadDuration(warning=f"time {text[:40]!r} is not a duration")


def clock_ns(text: str) -> int | None:
    """Nanoseconds in `[days.]hours:minutes[:seconds[.fraction]]`, None for anything else."""
    match = _CLOCK.fullmatch(text)
    if match is None:
        return None
    days, hours, minutes, seconds, fraction = match.groups()
    whole = ((int(days or 0) * 24 + int(hours)) * 60 + int(minutes)) * 60 + int(seconds or 0)
    return whole * NS + int(str(fraction or "0").ljust(9, "0")[:9])


def decide(pairs: Sequence[tuple[int, ...]], certain_ns: int, total: ReadDuration) -> Style | None:
    """Which style makes ambiguous durations and `certain_ns`, the sum of the others, their total.

    `pairs` are the candidates of the ambiguous ones. None where neither or both come within 2% (and
    10 ms) of the total.
    """
    fits = []
    for at, style in enumerate((Style.DECIMAL, Style.THOUSANDS)):
        goal = total.candidates[at] if total.candidates else total.ns
        if goal:
            found = certain_ns + sum(pair[at] for pair in pairs)
            if abs(found - goal) <= max(goal // 50, NS // 100):
                fits.append(style)
    return fits[0] if len(fits) == 1 else None


def resolution_ns(text: str) -> int:
    """The clock's step as far as the digits of `text` tell: at most 1 ms, for writers cut zeros."""
    decimals = len(text.rpartition(".")[2]) if "." in text else 0
    return int(10 ** max(0, 9 - max(decimals, 3)))


def _normal(written: str) -> tuple[str | None, Style | None]:
    """`written` as a number with a decimal point, and the style that it proves. None: not a number."""
    if _PLAIN.fullmatch(written):
        return written, None
    commas, points = written.count(","), written.count(".")
    if commas and points:
        if written.rfind(",") > written.rfind("."):
            whole, _, part = written.rpartition(",")
            plain = whole.replace(".", "") + "." + part
            style = Style.DECIMAL
            is_right = commas == 1 and (points == 1 or _GROUPS.fullmatch(whole))
        else:
            whole, _, part = written.rpartition(".")
            plain = whole.replace(",", "") + "." + part
            style = Style.THOUSANDS
            is_right = points == 1
    elif commas > 1 or points > 1:
        plain, style = written.replace(",", "").replace(".", ""), Style.THOUSANDS
        is_right = bool(_GROUPS.fullmatch(written))
    elif commas == 1:
        plain, style, is_right = written.replace(",", "."), Style.DECIMAL, True
    else:
        plain, style = re.sub(r"[' \u00a0\u202f]", "", written), Style.THOUSANDS
        is_right = bool(_GROUPS.fullmatch(written))
    return (plain, style) if is_right and _PLAIN.fullmatch(plain) else (None, None)


def _scaled(number: str, unit_ns: int) -> int:
    """`number` times `unit_ns`, rounded; beyond every limit for what is too big to tell."""
    value = float(number) * unit_ns
    return round(value) if math.isfinite(value) and abs(value) < 1e30 else 10**30


def _checked(ns: int, text: str) -> ReadDuration:
    if ns < 0:
        return ReadDuration(warning=f"time {text[:40]!r} is negative")
    if ns > LONGEST_NS:
        return ReadDuration(warning=f"time {text[:40]!r} is longer than a year")
    return ReadDuration(ns)


def _ambiguous(text: str, both: tuple[int, int]) -> str:
    as_decimal, as_thousands = (f"{ns / NS:g} s" for ns in both)
    return f"time {text[:40]!r} may be {as_decimal} or {as_thousands}: not decided by its file"
