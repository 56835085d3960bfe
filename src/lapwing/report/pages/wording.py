"""A comparison as one plain sentence."""

from typing import Final

from lapwing.model.comparison import Comparison
from lapwing.model.metric import Unit
from lapwing.report.pages.amounts import count_text
from lapwing.report.pages.chance import chance_text
from lapwing.units import format_change, format_duration, format_size

_FACTOR_WORTH_SAYING: Final = 0.02
_SAME: Final = 1.1
"""By how much the values shown may differ from the change that is told before that is explained."""


def sentence(comparison: Comparison, machine_factor: float | None = None) -> str:
    """What `comparison` says: `2.1 s → 3.0 s, +43% (interval +35% to +52%), 1 in 10,000 by chance, …`.

    `machine_factor` is how much slower (over 1) the machine was; under 2% it is not worth a word, nor
    beside memory and counts, which a slow machine does not stretch.
    Numbers that were not computed are left out. The reason, if there is one, comes last.
    """
    values = f"{_value(comparison, comparison.before)} → {_value(comparison, comparison.after)}"
    change = format_change(comparison.ratio)
    if _differs_by_waits(comparison, machine_factor):
        values += " as measured"
        change = f"without waits for a processor {change}"
    parts = [values]
    if comparison.interval is not None:
        low, high = comparison.interval
        change += f" (interval {format_change(low)} to {format_change(high)})"
    parts.append(change)
    if comparison.p is not None:
        parts.append(chance_text(comparison.p))
    is_time = comparison.unit == Unit.NS
    if is_time and machine_factor is not None and abs(machine_factor - 1) >= _FACTOR_WORTH_SAYING:
        word, factor = ("slower", machine_factor) if machine_factor > 1 else ("faster", 1 / machine_factor)
        parts.append(f"machine {factor:.2f}× {word} already taken out")
    text = ", ".join(parts)
    return f"{text}; {comparison.reason}" if comparison.reason else text


def _differs_by_waits(comparison: Comparison, machine_factor: float | None) -> bool:
    """Whether the durations shown, as measured, tell another change than the one that was judged."""
    if comparison.unit != Unit.NS or comparison.before <= 0 or comparison.ratio <= 0:
        return False
    shown = comparison.after / comparison.before / comparison.ratio
    low, high = sorted((1.0, machine_factor or 1.0))
    return not low / _SAME <= shown <= high * _SAME


def _value(comparison: Comparison, value: float) -> str:
    if comparison.unit == Unit.NS:
        return format_duration(value)
    if comparison.unit == Unit.BYTES:
        return format_size(value)
    return count_text(value)
