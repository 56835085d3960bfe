"""A value in its unit, for people."""

from lapwing.model.budget import WHOLE
from lapwing.model.metric import Unit
from lapwing.units import format_duration, format_share, format_size


def amount_text(value: float, unit: Unit) -> str:
    """`value` as a duration, a size, a share or a count."""
    if unit is Unit.NS:
        return format_duration(value)
    if unit is Unit.SHARE:
        return format_share(value / WHOLE)
    return format_size(value) if unit is Unit.BYTES else count_text(value)


def measured_text(value: float, unit: str) -> str:
    """`value` in a unit of ours, or in a word of somebody's own."""
    if unit in (Unit.NS, Unit.BYTES, Unit.COUNT):
        return amount_text(value, Unit(unit))
    return f"{count_text(value)} {unit}"


def count_text(value: float) -> str:
    """A count; of what is no whole number, three digits of it."""
    return f"{value:,.0f}" if value >= 100 or value == round(value) else f"{value:.3g}"
