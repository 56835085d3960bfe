"""Where in the application a query was asked: the frames that are the project's own.

A place is a code object with the offset of its running instruction, which tells two calls on one
line apart. Frames that repeat count once, so that a recursion is one path however deep it is. The
walk ends where pytest begins. A greenlet's frames go on in the one that started it (SQLAlchemy's
asyncio runs its synchronous part in one).
"""

import sys
from itertools import islice
from types import CodeType, FrameType
from typing import Any, Final

from lapwing.measure.probes.own_code import KINDS, PYTEST, kind_of

Place = tuple[CodeType, int]

_MOST_FRAMES: Final = 400


def call_path(frame: FrameType | None) -> list[Place]:
    """The project's own places from `frame` outwards, innermost first, each once."""
    kinds = KINDS
    places: list[Place] = []
    seen: set[tuple[int, int]] = set()
    greenlet: Any = None
    left = _MOST_FRAMES
    while left:
        if frame is None:
            greenlet, frame = _outer(greenlet)
            if frame is None:
                break
        left -= 1
        code = frame.f_code
        name = code.co_filename
        kind = kinds.get(name)
        if kind is None:
            kind = kind_of(name)
        if kind:
            if kind == PYTEST:
                break
            key = (id(code), frame.f_lasti)
            if key not in seen:
                seen.add(key)
                places.append((code, frame.f_lasti))
        frame = frame.f_back
    return places


def line_of(place: Place) -> int:
    """The number of the line of a place, 0 where it has none."""
    code, offset = place
    position = next(islice(code.co_positions(), max(0, offset // 2), None), None)
    return (position[0] if position else None) or 0


def _outer(greenlet: Any) -> tuple[Any, FrameType | None]:
    """The greenlet that started this one, with the frame it waits in."""
    module = sys.modules.get("greenlet")
    if module is None:
        return None, None
    try:
        outer = (module.getcurrent() if greenlet is None else greenlet).parent
        return outer, None if outer is None else outer.gr_frame
    except AttributeError:
        return None, None
