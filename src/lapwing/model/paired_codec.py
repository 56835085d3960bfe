"""Paired comparisons as plain dictionaries of JSON."""

from typing import Any

from lapwing.model.codec import FORMAT_VERSION, comparison_dict
from lapwing.model.paired import Bisection, Confirmation, PairedComparison


def paired_dict(compared: PairedComparison) -> dict[str, Any]:
    """One test on two sides."""
    return {
        **compared._asdict(),
        "comparisons": [comparison_dict(each) for each in compared.comparisons],
    }


def confirmation_dict(confirmation: Confirmation) -> dict[str, Any]:
    """What `lapwing confirm --format json` prints."""
    return {
        "format_version": FORMAT_VERSION,
        **confirmation._asdict(),
        "a": confirmation.a._asdict(),
        "b": confirmation.b._asdict(),
        "tests": [paired_dict(each) for each in confirmation.tests],
    }


def bisection_dict(bisection: Bisection) -> dict[str, Any]:
    """What `lapwing bisect --format json` prints."""
    return {
        "format_version": FORMAT_VERSION,
        **bisection._asdict(),
        "good": bisection.good._asdict(),
        "bad": bisection.bad._asdict(),
        "whole": paired_dict(bisection.whole),
        "steps": [{**step._asdict(), "commit": step.commit._asdict()} for step in bisection.steps],
        "culprit": None if bisection.culprit is None else bisection.culprit._asdict(),
        "candidates": [each._asdict() for each in bisection.candidates],
        "step": None if bisection.step is None else paired_dict(bisection.step),
    }
