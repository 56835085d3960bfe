"""Stacks as profilers see them become stacks as people think of a test.

The frames by which pytest reaches a test are many and the same for all: in their place stands the part of the
test that ran. Frames of pytest between others go, too; what they cost stays with whoever called them.
"""

from collections.abc import Iterable, Sequence
from pathlib import PurePath
from typing import Final, NamedTuple

from lapwing.model.profile import Frame, Stack

PARTS: Final = {
    "pytest_runtest_setup": "set-up",
    "pytest_runtest_call": "call",
    "pytest_runtest_teardown": "tear-down",
}
"""Parts of a test by the hook that runs them."""

_RUNNER: Final = ("_pytest", "runner.py")
_MACHINERY: Final = frozenset(("_pytest", "pluggy", "pytest", "lapwing", "xdist"))
_INSTALLED: Final = ("site-packages", "dist-packages")


class SeenFrame(NamedTuple):
    """A frame as a profiler tells it."""

    function: str
    file: str  # absolute, or a word in brackets
    first_line: int  # of the definition; 0 if unknown
    line: int  # that was running; 0 if unknown


class CallStacks:
    """Gathers stacks; equal ones become one."""

    def __init__(self, root: str, places: Iterable[str]) -> None:
        """`root` is the project's; `places` are folders that modules are found in, as `sys.path`."""
        self._root = PurePath(root)
        usable = {PurePath(place) for place in places if place}
        self._places = sorted(usable, key=lambda place: -len(place.parts))
        self._known: dict[SeenFrame, tuple[int, bool]] = {}
        self._files: dict[str, tuple[str, bool, bool]] = {}
        self._frames: dict[Frame, int] = {}
        self._costs: dict[tuple[tuple[int, ...], tuple[int, ...]], int] = {}

    def add(self, seen: Sequence[SeenFrame], cost: int) -> None:
        """Add what the innermost of `seen` (outermost first) cost by itself.

        What pytest does between the parts of a test, such as telling of it, is no cost of the test.
        """
        part, inner = _part_of(seen)
        if part:
            self.add_to_part(part, inner, cost)

    def add_to_part(self, part: str, inner: Sequence[SeenFrame], cost: int) -> None:
        """The same for frames `inner` to a known part of the test."""
        places = [self._number(Frame(part, ""))]
        lines = [0]
        for each in inner:
            number, is_machinery = self._place(each)
            if not is_machinery:
                places.append(number)
                lines.append(each.line)
        key = (tuple(places), tuple(lines))
        self._costs[key] = self._costs.get(key, 0) + cost

    def is_machinery(self, seen: SeenFrame) -> bool:
        """Whether the frame is pytest's or ours."""
        return self._place(seen)[1]

    @property
    def frames(self) -> tuple[Frame, ...]:
        """All frames, by number."""
        return tuple(self._frames)

    @property
    def stacks(self) -> tuple[Stack, ...]:
        """All stacks, in the order first seen."""
        return tuple(Stack(places, lines, cost) for (places, lines), cost in self._costs.items() if cost > 0)

    def _place(self, seen: SeenFrame) -> tuple[int, bool]:
        """Number of the frame, and whether it is pytest's or ours."""
        known = seen._replace(line=0)
        if known not in self._known:
            file, is_own, is_machinery = self._file(seen.file)
            number = self._number(Frame(seen.function, file, seen.first_line, is_own))
            self._known[known] = number, is_machinery
        return self._known[known]

    def _number(self, frame: Frame) -> int:
        return self._frames.setdefault(frame, len(self._frames))

    def _file(self, text: str) -> tuple[str, bool, bool]:
        """The file in short, whether it is the project's, and whether it is pytest's or ours."""
        if text not in self._files:
            self._files[text] = self._told(text)
        return self._files[text]

    def _told(self, text: str) -> tuple[str, bool, bool]:
        path = PurePath(text)
        is_installed = any(part in _INSTALLED for part in path.parts)
        if path.is_relative_to(self._root) and not is_installed:
            return path.relative_to(self._root).as_posix(), True, False
        for place in self._places:
            if path.is_relative_to(place):
                short = path.relative_to(place)
                return short.as_posix(), False, short.parts[:1] != () and short.parts[0] in _MACHINERY
        return text.replace("\\", "/"), False, False


def _part_of(seen: Sequence[SeenFrame]) -> tuple[str, Sequence[SeenFrame]]:
    """The part of the test that ran ("" for none), and the frames inside it.

    The outermost counts: a test may run a pytest of its own. A hook of the project is its code.
    """
    for at, frame in enumerate(seen):
        part = PARTS.get(frame.function)
        if part is not None:
            is_runner = PurePath(frame.file).parts[-2:] == _RUNNER
            return part, seen[at + 1 :] if is_runner else seen[at:]
    return "", ()
