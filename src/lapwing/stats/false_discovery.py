"""Control of the false discovery rate over many tests."""

from collections.abc import Sequence


def benjamini_hochberg(p_values: Sequence[float], hypotheses: int | None = None) -> list[float]:
    """The smallest false discovery rate at which each p would be called, in the order given.

    q of the i-th smallest p is the minimum over j >= i of p_j * hypotheses / j, at most 1
    (Benjamini and Hochberg 1995; ties share the larger rank). `hypotheses` counts tests whose p was
    not worth computing as if it were 1. P values divided by weights of mean 1 may be given
    instead, and may then exceed 1 (Genovese, Roeder and Wasserman 2006).
    Raises ValueError where `hypotheses` is smaller than the number of p values.
    """
    total = len(p_values) if hypotheses is None else hypotheses
    if total < len(p_values):
        raise ValueError(f"{len(p_values)} p values, but only {total} hypotheses")
    order = sorted(range(len(p_values)), key=p_values.__getitem__, reverse=True)
    q_values = [1.0] * len(p_values)
    smallest = 1.0
    for rank, index in zip(range(len(order), 0, -1), order, strict=True):
        smallest = min(smallest, p_values[index] * total / rank)
        q_values[index] = smallest
    return q_values
