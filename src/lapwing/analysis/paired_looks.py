"""How surprising the evidence of a sequential plan is, all of its looks paid for."""

from collections.abc import Sequence

from lapwing.model.paired_design import Design
from lapwing.stats.paired import signed_rank_p


def p_over_looks(differences: Sequence[float], design: Design, center: float = 0.0) -> float:
    """One-sided p that `differences`, in the order measured, lie over `center`, whenever one looked.

    The least p of the looks taken so far, each divided by the share of the error that the look may
    spend (a weighted Bonferroni correction): at most x with a chance of x or less. 1 without any.
    """
    least = 1.0
    for at, count in enumerate(design.looks):
        if at and count > len(differences):
            break
        share = design.spending(at) / design.error
        least = min(least, signed_rank_p(differences[:count], center) / share)
    return least
