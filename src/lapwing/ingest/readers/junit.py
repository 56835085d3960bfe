"""JUnit XML, of whatever dialect: the form that nearly every runner can write."""

from collections.abc import Callable, Iterator
from typing import BinaryIO, Final
from xml.parsers import expat

from lapwing.ingest.head import Head
from lapwing.ingest.junit.cases import Case, Ordered, by_name, read_case
from lapwing.ingest.junit.dialects import (
    UNKNOWN,
    dialect_of,
    tool_of_case,
    tool_of_property,
    tool_of_root,
    tool_of_suite,
)
from lapwing.ingest.junit.gathered import Gathered
from lapwing.ingest.junit.outcomes import MARKS
from lapwing.ingest.junit.plain_cases import plain_tests
from lapwing.ingest.junit.suites import Suite, Waiting, too_few
from lapwing.ingest.numbers import Style
from lapwing.ingest.reader import Problem, ReadItem, ReportFacts
from lapwing.ingest.times import moment_ns
from lapwing.ingest.xml.documents import MOST_DEPTH, RefusedError, read_documents

_MOST_STRIDE: Final = 1 << 16
"""Bytes, at most, that the parser is given before it is tried again to read cases past it."""

_FEW: Final = 4
_CASE_END: Final = b"</testcase>"
_ROOTS: Final = frozenset({"testsuites", "testsuite", "testcase"})
Attributes = dict[str, str]


class JUnitReader:
    """Reads `testsuites`, `testsuite` and lone `testcase` documents."""

    name = "JUnit XML"

    def recognizes(self, head: Head) -> bool:
        """By the root, past a wrapper of another name if there are cases under it."""
        if head.root in _ROOTS:
            return True
        return "testsuite" in head.element_names and "testcase" in head.element_names

    def read(self, stream: BinaryIO, place: str) -> Iterator[ReadItem]:
        """Cases as they end, in the order of the file."""
        return read_documents(stream, _Listener())


class _Listener:
    """Hears the elements of a file.

    Most cases hold nothing: the closures of `listen`, which cost a tenth of a method, gather them for
    `_flush`, and with them those that hold something where they can keep their places. Where many such
    cases follow each other, `ahead` reads them without the parser.
    """

    def __init__(self) -> None:
        self.items: list[ReadItem] = []
        self._dialect = UNKNOWN
        self._style: Style | None = None
        self._waiting = Waiting(self.items)
        self._suites: list[Suite] = []
        self._cases: list[Case] = []  # open ones; more than one only in broken nesting
        self._depth = 0
        self._has_started = False
        self._is_short = False  # whether plain cases may take the short way
        self._gathered = Gathered()  # cases of the open suite
        self._is_in_case: Callable[[], bool] = bool
        self._is_in_text = False  # whether in a CDATA section, where tags are none
        self._has_rules = False  # whether the document declares what its elements are
        self._stride = 0  # bytes that the parser is given at least before `ahead` is asked

    def listen(self, parser: expat.XMLParserType) -> None:
        """Begin a document."""
        self._reset()
        plain: Ordered | None = None  # an open case of which nothing but its attributes is known
        start_other, end_other, cases = self._start, self._end, self._cases
        gathered = self._gathered
        keep = gathered.rows.append

        def start(name: str, attributes: Ordered) -> None:
            nonlocal plain
            if plain is not None:
                cases.append(Case(by_name(plain)))
                plain = None
            if name == "testcase" and not cases:
                plain = attributes
            else:
                start_other(name, attributes)

        def end(element: str) -> None:
            nonlocal plain
            if plain is None:
                end_other(element)
                return
            names = plain[::2]
            if names != gathered.names:
                self._begin_form(names)
            keep(plain[1::2])
            plain = None

        def begin_text() -> None:
            self._is_in_text = True

        def end_text() -> None:
            self._is_in_text = False

        def declare(*_: object) -> None:
            self._has_rules = True

        parser.ordered_attributes = True
        parser.StartElementHandler = start
        parser.EndElementHandler = end
        parser.StartCdataSectionHandler = begin_text
        parser.EndCdataSectionHandler = end_text
        parser.StartDoctypeDeclHandler = declare
        self._is_in_case = lambda: plain is not None or bool(cases)

    def pause(self, data: bytes, at: int) -> int:
        """After the tag that may be the last of a case."""
        begin = at + self._stride
        end = data.find(b">", begin) + 1
        if self._is_in_case() or _opens_case(data, at, end):
            end = data.find(_CASE_END, begin) + len(_CASE_END)
            return end if end >= len(_CASE_END) else len(data)
        return end or len(data)

    def ahead(self, data: bytes, at: int) -> int:
        """Gather the empty cases at `at`, if it is between elements of a suite."""
        gathered = self._gathered
        if not self._has_started and gathered.rows:
            self._flush()  # which may open the short way
        count = len(gathered.rows)
        if self._is_short and not (self._is_in_text or self._has_rules or self._is_in_case()):
            at = gathered.read_on(data, at)
        is_worth_it = len(gathered.rows) - count >= _FEW
        self._stride = 0 if is_worth_it else min(_MOST_STRIDE, 2 * self._stride + 256)
        return at

    def stop(self) -> None:
        """Keep an unfinished case only where its outcome is told already."""
        self._flush()
        for case in self._cases:
            if any(name in ("failure", "error", "skipped") for name, _ in case.marks):
                self._close(case)
        self._waiting.resolve(self._dialect, None, self._style)
        self._reset()

    def settle(self, *, is_end: bool) -> int:
        """All but the cases that wait for the end of their suite."""
        self._flush()
        if is_end or self._waiting.is_full:
            self._style = self._waiting.resolve(self._dialect, None, self._style)
        return self._waiting.ready()

    def _reset(self) -> None:
        self._suites.clear()
        self._cases.clear()
        self._depth = self._stride = 0
        self._is_in_text = self._has_rules = False
        self._choose_way()

    def _begin_form(self, names: list[str]) -> None:
        """The cases that come have these attributes."""
        self._flush()
        self._gathered.begin(names)

    def _start(self, name: str, ordered: Ordered) -> None:
        if name == "testcase":
            self._cases.append(Case(by_name(ordered)))
            if len(self._cases) > MOST_DEPTH:
                raise RefusedError(f"elements nested more than {MOST_DEPTH} deep are not read")
            return
        self._depth += 1
        attributes = by_name(ordered)
        if name in MARKS and self._cases:
            self._cases[-1].marks.append((name, attributes))
            return
        if ":" in name:
            self._depth -= 1
            self._start(name.rpartition(":")[2], ordered)
            return
        if self._depth > MOST_DEPTH:
            raise RefusedError(f"elements nested more than {MOST_DEPTH} deep are not read")
        handle = _ELEMENTS.get(name)
        if handle is not None:
            handle(self, attributes)

    def _end(self, name: str) -> None:
        if name == "testcase":
            if self._cases:
                self._end_case(self._cases.pop())
            return
        if ":" in name:
            self._end(name.rpartition(":")[2])
            return
        self._depth -= 1
        if name == "testsuite" and self._suites:
            self._close_suite()

    def _end_case(self, case: Case) -> None:
        if not self._has_started:
            self._flush()  # which may open the short way
        if self._is_short and not self._cases:
            names = list(case.attributes)
            if names != self._gathered.names:
                self._begin_form(names)
            self._gathered.keep(case)
        else:
            self._close(case)

    def _close(self, case: Case) -> None:
        self._flush()
        suite = self._suites[-1] if self._suites else None
        if not self._has_started:
            self._first_case(case.attributes, suite)
        test, duration = read_case(case, suite, self._dialect, self._style)
        self._style = self._style or duration.shows
        if duration.candidates:
            self._waiting.hold(duration.candidates)
        if suite is not None:
            suite.seen += max(0, len(test.attempts) - 1)
        if self._dialect.may_have_parents:
            self._waiting.hold()
        if suite is not None:
            suite.seen += 1
            suite.certain_ns += test.shown_duration_ns or 0
        self.items.append(test)

    def _first_case(self, attributes: Attributes, suite: Suite | None) -> None:
        self._has_started = True
        self._learn(tool_of_case(attributes, suite.name if suite is not None else ""))
        self._choose_way()

    def _learn(self, tool: str) -> None:
        if tool and not self._dialect.tool:
            self._flush()
            self._dialect = dialect_of(tool)
            self._choose_way()
            self.items.append(ReportFacts(tool=tool, repeats=self._dialect.repeats))

    def _choose_way(self) -> None:
        """The short way is closed where cases wait for the end of their suite, and outside suites."""
        self._is_short = self._has_started and bool(self._suites) and not self._dialect.may_have_parents

    def _flush(self) -> None:
        """Let go of the cases that were gathered before anything else is said."""
        if not self._gathered.rows:
            return
        names, rows, marks, fuller = self._gathered.take()
        if not self._has_started:  # and no case that holds something was gathered
            self._close(Case(dict(zip(names, rows.pop(0), strict=True))))  # it may tell who wrote the file
        if self._is_short and rows:
            tests = plain_tests(names, rows, marks, fuller, self._suites[-1], self._dialect)
            if tests is not None:
                self.items.append(tests)
                return
        for at, values in enumerate(rows):
            mark = (marks[at],) if at in marks else ()
            self._close(fuller.get(at) or Case(dict(zip(names, values, strict=True)), *mark))

    def _open_suite(self, attributes: Attributes) -> None:
        self._flush()
        outer = self._suites[-1] if self._suites else None
        suite = Suite(attributes, outer)
        self._suites.append(suite)
        self._choose_way()
        if not self._dialect.tool:
            self._learn(tool_of_suite(attributes))
        started = moment_ns(attributes["timestamp"]) if "timestamp" in attributes else None
        if started is not None and outer is None:
            self.items.append(ReportFacts(started_at_ns=started))

    def _open_root(self, attributes: Attributes) -> None:
        self._learn(tool_of_root(attributes))

    def _property(self, attributes: Attributes) -> None:
        name = attributes.get("name", "")
        if self._cases:
            self._cases[-1].properties.append((name, attributes.get("value", "")))
        elif not self._dialect.tool:
            self._learn(tool_of_property(name))

    def _suite_error(self, attributes: Attributes) -> None:
        if self._suites:
            said = " ".join(attributes.get("message", "")[:200].split())
            name = self._suites[-1].name[:80]
            self.items.append(Problem(f"suite {name!r} has an error outside its cases: {said}"))

    def _close_suite(self) -> None:
        self._flush()
        suite = self._suites.pop()
        self._choose_way()
        self._style = self._waiting.resolve(self._dialect, suite, self._style)
        if self._suites:
            self._suites[-1].seen += suite.seen
            self._suites[-1].certain_ns += suite.certain_ns
            return
        problem = too_few(suite)
        if problem is not None:
            self.items.append(problem)


def _opens_case(data: bytes, at: int, end: int) -> bool:
    """Whether the tag that ends before `end` opens a case that holds something."""
    return (
        end > 0
        and data[end - 2 : end - 1] != b"/"
        and data.startswith(b"<testcase", data.rfind(b"<", at, end))
    )


_ELEMENTS: Final[dict[str, Callable[[_Listener, Attributes], None]]] = {
    "testsuites": _Listener._open_root,
    "testsuite": _Listener._open_suite,
    "property": _Listener._property,
    "error": _Listener._suite_error,
    "failure": _Listener._suite_error,
}
