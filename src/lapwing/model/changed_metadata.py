"""Where the reason of a comparison names what differs in the metadata of a benchmark."""

from typing import Final

METADATA_CHANGED: Final = "metadata changed: "


def changed_metadata_in(reason: str) -> str:
    """The sentence that ends a reason, "" where nothing differs."""
    _, found, changes = reason.partition(METADATA_CHANGED)
    return found + changes
