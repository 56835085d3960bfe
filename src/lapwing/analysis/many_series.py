"""How many series may be looked at here, and with what: numpy where it is there and worth its import."""

from typing import Final

from lapwing.analysis.change_points import Cutter
from lapwing.stats import kernel_segments

WITHOUT_NUMPY: Final = 1_000
"""Series that pure Python may be asked for: a hundred values each take it three to four milliseconds."""

_WORTH_IT: Final = 50  # series from which numpy pays for its import


def cutter_for(count: int) -> Cutter:
    """What cuts so many series fastest here."""
    return (_arrays() if count >= _WORTH_IT else None) or kernel_segments


def most_series() -> int | None:
    """How many series may be looked at; None: any number."""
    return WITHOUT_NUMPY if _arrays() is None else None


def _arrays() -> Cutter | None:
    try:
        from lapwing.stats.arrays import kernel_segments as arrays
    except ImportError:
        return None
    return arrays
