"""TAP 12, 13 and 14: of prove, node --test, vitest, bats, tape and many more.

TAP has no durations of its own. They are read from a YAML block (`duration_ms`), from a `# time=12ms`
behind the name (vitest), and from ` in 12ms` at the end of the name (bats). Subtests are indented lines
in TAP 14, and in what calls itself 13; in TAP 12 an indented line is no test line, and the test that
sums them up is the one that counts.
"""

import re
from collections.abc import Iterator
from typing import BinaryIO, Final

from lapwing.ingest.head import Head
from lapwing.ingest.json_fields import one_line
from lapwing.ingest.reader import Problem, ReadItem, Repeats, ReportFacts
from lapwing.ingest.tap_lines import (
    BailOut,
    BlockEnd,
    Plan,
    SubtestTitle,
    TapLine,
    TapTime,
    TestPoint,
    Version,
    prove_file,
    tap_line,
    tap_time,
)
from lapwing.ingest.text_lines import text_lines
from lapwing.ingest.timing import Timing, timing
from lapwing.model.read_test import ReadTest
from lapwing.units import NS_PER_MS

_SUBTESTS_FROM_VERSION: Final = 13
_DEEPEST: Final = 200
_NUMBERED: Final = re.compile(r"^(?:not )?ok ([12])\b", re.MULTILINE)
_DURATION: Final = re.compile(r"duration_ms:\s*['\"]?(\d{1,15}(?:\.\d{1,20})?(?:[eE][+-]?\d{1,3})?)")


class TapReader:
    """A test comes out with the line after it, or after its YAML block."""

    name = "TAP"

    def recognizes(self, head: Head) -> bool:
        """By version or plan and a test line, or by the first two tests; a lone plan skips a whole file."""
        if head.is_xml or head.json_lines:
            return False
        kinds = [type(parsed) for line in head.lines if (parsed := tap_line(line)) is not None]
        if Version in kinds or {"1", "2"} <= set(_NUMBERED.findall(head.text)):
            return True
        return Plan in kinds and (TestPoint in kinds or head.text.startswith("1..0"))

    def read(self, stream: BinaryIO, place: str) -> Iterator[ReadItem]:
        """Each test line; giving up the run, and tests that were planned and are missing, are problems."""
        yield ReportFacts(repeats=Repeats.OCCURRENCES)
        part = _Part("")
        for at, line in text_lines(stream):
            if line is None:
                yield Problem("a line of more than 64 MiB is left out", at, loses_tests=True)
                continue
            text = line.decode("utf-8", "replace").rstrip("\r")
            file = prove_file(text)
            if file is not None:
                yield from part.end()
                part = _Part(file)
            else:
                yield from part.take(text, at)
        yield from part.end()


class _Level:
    """The tests at one depth of indentation."""

    def __init__(self, indent: int, title: str) -> None:
        self.indent = indent
        self.title = title  # of the test whose subtests these are
        self.announced = ""  # the next test's name, told before its subtests


class _Part:
    """The TAP of one test file."""

    def __init__(self, file: str) -> None:
        self._file = file
        self._version = 12
        self._levels = [_Level(0, "")]
        self._planned: int | None = None
        self._points = 0
        self._waiting: TestPoint | None = None  # for its YAML block
        self._has_subtests = False  # the one that waits
        self._time_in_block: TapTime | None = None
        self._yaml_indent: int | None = None

    def take(self, line: str, at: int) -> Iterator[ReadItem]:
        """What `line`, which begins at byte `at`, completes."""
        text = line.lstrip(" ")
        indent = len(line) - len(text)
        if self._yaml_indent is not None:
            if indent <= self._yaml_indent and text.startswith("..."):
                self._yaml_indent = None
            elif indent == self._yaml_indent and (match := _DURATION.match(text)):
                self._time_in_block = tap_time(match[1], NS_PER_MS)
            return
        if self._waiting is not None and text.rstrip() == "---":
            self._yaml_indent = indent
            return
        parsed = tap_line(text)
        if parsed is None or (indent and self._version < _SUBTESTS_FROM_VERSION):
            return
        point = self._waiting
        if point is not None:
            opens = point.opens_block and indent > self._levels[-1].indent
            if not opens:
                point = point._replace(name=point.name_with_brace)
            yield self._finished(point, is_parent=self._has_subtests or opens)
            if opens:
                self._go_to(indent, point.name)
        yield from self._understood(parsed, indent, at)

    def end(self) -> Iterator[ReadItem]:
        """What is left at the end of the file."""
        if self._waiting is not None:
            point = self._waiting._replace(name=self._waiting.name_with_brace)
            yield self._finished(point, is_parent=self._has_subtests)
        if self._planned is not None and self._planned > self._points:
            planned = f"{self._planned} tests were planned and {self._points} ran"
            yield Problem(f"{one_line(self._file)}: {planned}" if self._file else planned, loses_tests=True)

    def _understood(self, parsed: TapLine, indent: int, at: int) -> Iterator[ReadItem]:
        match parsed:
            case TestPoint():
                self._has_subtests = self._go_to(indent, "")
                self._levels[-1].announced = ""
                self._points += indent == 0
                self._waiting = parsed
            case SubtestTitle(title=title):
                self._go_to(indent, "")
                level = self._levels[-1]
                if indent and not level.title:  # told inside of the subtests it names
                    level.title = title
                else:
                    level.announced = title
            case Version(number=number):
                self._version = number
            case Plan(tests=tests) if indent == 0:
                self._planned = tests
            case Plan() | BlockEnd():
                self._go_to(indent, "")
            case BailOut(reason=reason):
                yield Problem(f"the run was given up: {one_line(reason)}", at, loses_tests=True)

    def _go_to(self, indent: int, title: str) -> bool:
        """Make `indent` the present depth; whether deeper ones, the subtests of what comes now, were left."""
        levels = self._levels
        left = len(levels)
        while len(levels) > 1 and levels[-1].indent > indent:
            levels.pop()
        if levels[-1].indent < indent and len(levels) < _DEEPEST:
            levels.append(_Level(indent, title or levels[-1].announced))
        return len(levels) < left

    def _finished(self, point: TestPoint, *, is_parent: bool) -> ReadTest:
        self._waiting = None
        time, self._time_in_block = self._time_in_block or point.time, None
        told = Timing() if time is None else timing(time.told, time.unit_ns, point.status)
        return ReadTest(
            name=point.name,
            status=point.status,
            duration_ns=told.duration_ns,
            shown_duration_ns=told.shown_ns,
            suite_path=tuple(level.title for level in self._levels if level.title),
            file=self._file,
            resolution_ns=1 if time is None else time.step_ns,
            is_parent=is_parent,
            warnings=told.warnings,
        )
