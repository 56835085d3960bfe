"""A value in its unit, for people."""

from lapwing.model.metric import Unit
from lapwing.units import format_duration, format_size


def amount_text(value: float, unit: Unit) -> str:
    """`value` as a duration, a size or a count."""
    if unit is Unit.NS:
        return format_duration(value)
    return format_size(value) if unit is Unit.BYTES else f"{value:,.0f}"
