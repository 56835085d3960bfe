"""JUnit XML, of whatever dialect: the form that nearly every runner can write."""

from collections.abc import Callable, Iterable, Iterator
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
from lapwing.ingest.junit.outcomes import MARKS
from lapwing.ingest.junit.plain_cases import plain_tests
from lapwing.ingest.junit.suites import Suite, Waiting, too_few
from lapwing.ingest.numbers import Style
from lapwing.ingest.plain_tests import PlainTests
from lapwing.ingest.reader import Problem, ReadItem, ReportFacts
from lapwing.ingest.times import moment_ns
from lapwing.ingest.xml.documents import MOST_DEPTH, RefusedError, read_documents

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
    `_flush`, and with them those that hold something where they can keep their places.
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
        self._plain: list[Ordered] = []  # cases of the open suite
        self._fuller: dict[int, Case] = {}  # those of them that hold something, by their places

    def listen(self, parser: expat.XMLParserType) -> None:
        """Begin a document."""
        self._reset()
        plain: Ordered | None = None  # an open case of which nothing but its attributes is known
        start_other, end_other, cases = self._start, self._end, self._cases
        keep = self._plain.append

        def start(name: str, attributes: Ordered) -> None:
            nonlocal plain
            if plain is not None:
                cases.append(Case(plain))
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
            keep(plain)
            plain = None

        parser.ordered_attributes = True
        parser.StartElementHandler = start
        parser.EndElementHandler = end

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
        self._depth = 0
        self._choose_way()

    def _start(self, name: str, ordered: Ordered) -> None:
        if name == "testcase":
            self._cases.append(Case(ordered))
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
            self._fuller[len(self._plain)] = case
            self._plain.append(case.ordered)
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
        if not self._plain:
            return
        cases, fuller = list(self._plain), self._fuller
        self._plain.clear()
        self._fuller = {}
        if not self._has_started:  # and no case that holds something was gathered
            self._close(Case(cases.pop(0)))  # it may tell who wrote the file
        if not self._is_short:
            self._close_each(map(Case, cases))
        elif cases:
            for found in plain_tests(cases, fuller, self._suites[-1], self._dialect):
                if isinstance(found, PlainTests):
                    self.items.append(found)
                else:
                    self._close_each(found)

    def _close_each(self, cases: Iterable[Case]) -> None:
        for case in cases:
            self._close(case)

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


_ELEMENTS: Final[dict[str, Callable[[_Listener, Attributes], None]]] = {
    "testsuites": _Listener._open_root,
    "testsuite": _Listener._open_suite,
    "property": _Listener._property,
    "error": _Listener._suite_error,
    "failure": _Listener._suite_error,
}
