"""A p value as people read it."""

import math


def chance_text(p: float) -> str:
    """One in how many unchanged ones would look like this, to one digit; more digits would be a lie."""
    if p >= 0.1:
        return "easily by chance"
    if p < 1e-6:
        return "under 1 in 1,000,000 by chance"
    times = 1 / p
    digit = 10 ** math.floor(math.log10(times))
    return f"1 in {math.floor(times / digit + 1e-9) * digit:,} by chance"
