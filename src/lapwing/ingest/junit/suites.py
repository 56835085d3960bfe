"""The suites around a case: their names, what they declare, and what only their end decides."""

from collections.abc import Mapping
from typing import Final

from lapwing.ingest.junit.dialects import Dialect
from lapwing.ingest.numbers import ReadDuration, Style, decide, read_duration
from lapwing.ingest.reader import Problem, ReadItem
from lapwing.model.read_test import ReadTest

MOST_NAMES: Final = 200
"""Names of suites kept around a case; deeper ones are nobody's structure."""

MOST_HELD: Final = 50_000
"""Cases that wait at most for the end of their suite."""


class Suite:
    """An open suite."""

    def __init__(self, attributes: Mapping[str, str], outer: "Suite | None") -> None:
        name = attributes.get("name", "")
        above: tuple[str, ...] = outer.path if outer is not None else ()
        self.name = name
        self.path: tuple[str, ...] = (*above, name) if name and len(above) < MOST_NAMES else above
        self.package: str = attributes.get("package", "") or (outer.package if outer is not None else "")
        self.hostname = attributes.get("hostname", "")
        self.total = attributes.get("time", "")
        self.declared = _count(attributes.get("tests", ""))
        self.seen = 0  # cases and told retries, those of inner suites included
        self.certain_ns = 0  # sum of the times that are not in doubt

    def package_in(self, dialect: Dialect) -> str:
        """What stands around the suite's tests: a package, or the project that a writer tells as host."""
        return self.hostname if dialect.hostname_is_project else self.package


class Waiting:
    """Cases at the end of the list of items that wait for their suite to end."""

    def __init__(self, items: list[ReadItem]) -> None:
        self._items = items
        self._from: int | None = None
        self._in_doubt: list[tuple[int, tuple[int, ...]]] = []  # place after _from, candidates

    def hold(self, candidates: tuple[int, ...] = ()) -> None:
        """Let the case that comes next wait, with the two durations it may have."""
        if self._from is None:
            self._from = len(self._items)
        if candidates:
            self._in_doubt.append((len(self._items) - self._from, candidates))

    def ready(self) -> int:
        """How many items wait for nothing."""
        if self._from is None:
            return len(self._items)
        count, self._from = self._from, 0
        return count

    @property
    def is_full(self) -> bool:
        """Whether more wait than may."""
        return self._from is not None and len(self._items) - self._from > MOST_HELD

    def resolve(self, dialect: Dialect, suite: Suite | None, style: Style | None) -> Style | None:
        """Decide what can be decided and let all go. Returns the style found, or the one given."""
        if self._from is None:
            return style
        start, self._from = self._from, None
        if self._in_doubt:
            total = read_duration(suite.total) if suite is not None else ReadDuration()
            pairs = [candidates for _, candidates in self._in_doubt]
            certain = suite.certain_ns if suite is not None else 0
            style = style or decide(pairs, certain, total)
            if style is not None:
                for place, candidates in self._in_doubt:
                    self._settle(start + place, candidates[style is Style.THOUSANDS])
            self._in_doubt = []
        if dialect.may_have_parents:
            _mark_parents(self._items, start)
        return style

    def _settle(self, at: int, ns: int) -> None:
        test = self._items[at]
        if isinstance(test, ReadTest):
            warnings = tuple(text for text in test.warnings if "may be" not in text)
            self._items[at] = test._replace(duration_ns=ns, shown_duration_ns=ns, warnings=warnings)


def too_few(suite: Suite) -> Problem | None:
    """What is to be said of a suite that declares more tests than it holds."""
    if suite.declared is None or suite.declared <= suite.seen:
        return None
    return Problem(f"suite {suite.name[:80]!r} declares {suite.declared} tests, {suite.seen} are in the file")


def _mark_parents(items: list[ReadItem], start: int) -> None:
    """Tests that have subtests beside them are parents; a zero of theirs is no measurement."""
    parents = set()
    for item in items[start:]:
        if isinstance(item, ReadTest):
            outer = item.name
            while "/" in outer:
                outer = outer.rpartition("/")[0]
                parents.add((item.classname, outer))
    for at in range(start, len(items)):
        test = items[at]
        if isinstance(test, ReadTest) and (test.classname, test.name) in parents:
            items[at] = test._replace(is_parent=True, duration_ns=test.duration_ns or None)


def _count(text: str) -> int | None:
    return int(text) if text.isdecimal() and len(text) < 10 else None
