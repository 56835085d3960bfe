"""A profile becomes a drawing: calls below the calls that made them, as wide as they cost."""

from typing import Final

from lapwing.model.profile import Frame, Profile
from lapwing.report.chart import FlameBox, FlameChart, Scale

_LEAST_SHARE: Final = 0.0005  # of the whole: narrower boxes cannot be seen
_MOST: Final = 4000


class _Call:
    """Calls of one function by the same callers."""

    def __init__(self) -> None:
        self.cost = 0
        self.inner: dict[int, _Call] = {}


def flame_chart(profile: Profile, sentence: str) -> FlameChart:
    """The drawing. Calls of one function by another are one box, whatever lines they stand in."""
    whole = _Call()
    for stack in profile.stacks:
        call = whole
        call.cost += stack.cost
        for number in stack.frames:
            call = call.inner.setdefault(number, _Call())
            call.cost += stack.cost
    boxes: list[FlameBox] = []
    total = max(1, whole.cost)
    todo = [(0, 0.0, whole)]
    while todo and len(boxes) < _MOST:
        depth, begin, call = todo.pop(0)
        for number, inner in call.inner.items():
            if inner.cost >= total * _LEAST_SHARE:
                frame = profile.frames[number]
                share = inner.cost / total
                boxes.append(
                    FlameBox(frame.function, _place(frame), depth, begin, share, inner.cost, frame.is_own)
                )
                todo.append((depth + 1, begin, inner))
            begin += inner.cost / total
    return FlameChart(
        sentence=sentence,
        boxes=tuple(boxes),
        scale=Scale.SIZE if profile.profiler.is_memory else Scale.DURATION,
    )


def _place(frame: Frame) -> str:
    return f"{frame.file}:{frame.line}" if frame.line else frame.file
