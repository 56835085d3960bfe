"""Where the reason of a comparison names what the test does more often, as the likely cause."""

from typing import Final

LIKELY_CAUSE: Final = "likely cause: "


def cause_in(reason: str) -> str:
    """The cause that ends a reason, "" where it names none."""
    return reason.partition(LIKELY_CAUSE)[2]
