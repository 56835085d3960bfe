"""Amounts of money: whole cents, never floats."""

SIGNS = {"EUR": "€", "USD": "$", "GBP": "£"}


def display(cents: int, currency: str = "EUR") -> str:
    """The amount as a customer reads it.

    >>> display(123456)
    '€1,234.56'
    >>> display(-5, "USD")
    '-$0.05'
    """
    sign = "-" if cents < 0 else ""
    whole, rest = divmod(abs(cents), 100)
    return f"{sign}{SIGNS[currency]}{whole:,}.{rest:02}"


def share(cents: int, per_mille: int) -> int:
    """So many thousandths of an amount, half a cent rounded up.

    >>> share(1000, 190)
    190
    >>> share(50, 190)
    10
    """
    return (cents * per_mille + 500) // 1000


def split(cents: int, parts: int) -> list[int]:
    """The amount in nearly equal parts that add up to it, larger ones first.

    >>> split(1000, 3)
    [334, 333, 333]
    """
    each, rest = divmod(cents, parts)
    return [each + 1] * rest + [each] * (parts - rest)
