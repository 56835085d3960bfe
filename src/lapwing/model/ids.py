"""Identities: run ids (made in `record`, only parsed here) and node ids of tests."""

import re
from typing import Final, NewType

from lapwing.model.value import Value

RunId = NewType("RunId", str)
"""A UUIDv7 in its canonical text form: sorts by the time it was made."""

NodeId = NewType("NodeId", str)
"""A test's identity as pytest prints it: `path::Class::function[parameters]`."""

_UUID: Final = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")

SHORTEST_PREFIX: Final = 4
"""Fewest characters by which a run may be named."""


_LATEST: Final = re.compile(r"latest(?:~(\d{1,6}))?")


class NodeIdParts(Value):
    """A node id taken apart; `params` is the text between the outer brackets, or None."""

    file: str
    classes: tuple[str, ...]
    function: str
    params: str | None


def is_run_id(text: str) -> bool:
    """Whether `text` is a whole run id."""
    return _UUID.fullmatch(text) is not None


def is_run_id_prefix(text: str) -> bool:
    """Whether `text` may be the beginning of a run id: hexadecimal digits and dashes, at least 4."""
    return len(text) >= SHORTEST_PREFIX and re.fullmatch(r"[0-9a-f-]{1,36}", text.lower()) is not None


def runs_back(text: str) -> int | None:
    """How many runs before the newest `latest` or `latest~N` means; None for any other text."""
    match = _LATEST.fullmatch(text)
    return int(match[1] or 0) if match else None


def normalize_node_id(nodeid: str) -> NodeId:
    """`nodeid` without the `@group` that pytest-xdist before pytest 9.2 appended under loadgroup.

    Only a suffix after the last `]` (or after the last `::` where there are no parameters) goes.
    """
    tail = max(nodeid.rfind("]"), nodeid.rfind("::"))
    at = nodeid.find("@", tail + 1) if tail >= 0 else -1
    return NodeId(nodeid[:at] if at > 0 else nodeid)


def split_node_id(nodeid: str) -> NodeIdParts:
    """The parts of `nodeid`. `::` and brackets inside the parameters are kept whole."""
    bracket = nodeid.find("[")
    params = None
    names = nodeid
    if bracket >= 0 and nodeid.endswith("]"):
        params = nodeid[bracket + 1 : -1]
        names = nodeid[:bracket]
    file, *path = names.split("::")
    if not path:
        return NodeIdParts(file=file, classes=(), function="", params=params)
    return NodeIdParts(file=file, classes=tuple(path[:-1]), function=path[-1], params=params)
