"""Where in the application a query was asked: the frames that are the project's own.

A place is a code object with the offset of its running instruction, which tells two calls on one
line apart. Frames that repeat count once, so that a recursion is one path however deep it is. The
walk ends where pytest begins. A greenlet's frames go on in the one that started it (SQLAlchemy's
asyncio runs its synchronous part in one).

Every query is walked from, so a walk makes a trail only, numbers that tell ways apart; places are
made of the first walk along each.
"""

import sys
from itertools import islice
from types import CodeType, FrameType
from typing import Any, Final

from lapwing.measure.probes.own_code import KINDS, PYTEST, kind_of

Place = tuple[CodeType, int]
Trail = tuple[Any, ...]

_MOST_FRAMES: Final = 400


def trail(frame: FrameType | None, first: str) -> Trail:
    """`first`, then identity of code and offset of each own frame from `frame` outwards, repeated ones too.

    It tells ways apart as long as their code objects live; `call_path` of the same frame keeps them.
    """
    known = KINDS.get
    steps: list[Any] = [first]
    add = steps.append
    greenlet: Any = None
    left = _MOST_FRAMES
    while left:
        left -= 1
        if frame is None:
            greenlet, frame = _outer(greenlet)
            if frame is None:
                break
        code = frame.f_code
        kind = known(code.co_filename)
        if kind is None:
            kind = kind_of(code.co_filename)
        if kind:
            if kind == PYTEST:
                break
            add(id(code))
            add(frame.f_lasti)
        frame = frame.f_back
    return tuple(steps)


def call_path(frame: FrameType | None) -> list[Place]:
    """The project's own places from `frame` outwards, innermost first, each once."""
    places: list[Place] = []
    seen: set[tuple[int, int]] = set()
    greenlet: Any = None
    for _ in range(_MOST_FRAMES):
        if frame is None:
            greenlet, frame = _outer(greenlet)
            if frame is None:
                break
        code = frame.f_code
        kind = kind_of(code.co_filename)
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
