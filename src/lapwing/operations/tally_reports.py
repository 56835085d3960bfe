"""How many tests ended how in these reports, and which took longest? In flat memory."""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Final

from lapwing.ingest.identity import identity
from lapwing.ingest.repeats import Entry, Plain
from lapwing.ingest.to_run import NamedTest
from lapwing.model.read_test import ReadFile
from lapwing.model.record import Outcome
from lapwing.model.value import Value
from lapwing.operations.read_reports import Report

MOST_SLOWEST: Final = 10


class Tally(Value):
    """Counts over some reports."""

    files: tuple[ReadFile, ...]
    outcomes: Mapping[str, int] = {}  # tests by outcome, benchmarks among them
    slowest: tuple[tuple[str, int], ...] = ()  # identity and ns, slowest first

    @property
    def tests(self) -> int:
        """Tests that count: leaves, each once."""
        return sum(file.tests for file in self.files)


class _Slowest:
    """The slowest tests so far; a later attempt takes the place of an earlier one."""

    def __init__(self) -> None:
        self._top: dict[object, tuple[int, str]] = {}
        self.least_ns = 0  # what a test must exceed to be among them

    def add(self, key: object, ns: int, name: str) -> None:
        """Take in a test that took `ns`."""
        self._top[key] = (ns, name)
        if len(self._top) > MOST_SLOWEST:
            del self._top[min(self._top, key=lambda each: self._top[each][0])]
            self.least_ns = min(ns for ns, _ in self._top.values())

    def rows(self) -> tuple[tuple[str, int], ...]:
        """Name and ns, slowest first."""
        return tuple((name, ns) for ns, name in sorted(self._top.values(), reverse=True))


def tally(reports: Iterable[Report]) -> Tally:
    """Counts over `reports`, which are read and let go test by test."""
    files = []
    outcomes: Counter[Outcome] = Counter()
    slowest = _Slowest()
    for report in reports:
        for item in report.notable(lambda: slowest.least_ns):
            if isinstance(item, Plain):
                outcomes.update(item.tests.outcomes.values())
                outcomes[Outcome.PASSED] += item.count - len(item.tests.outcomes)
                for entry in item.slow:
                    _weigh(slowest, report, entry)
                continue
            if item.before is not None:
                outcomes[item.before] -= 1
            if not item.test.is_parent:
                outcomes[item.outcome] += 1
                _weigh(slowest, report, item)
        files.append(report.facts())
    return _made(files, outcomes, slowest)


def _weigh(slowest: _Slowest, report: Report, entry: Entry) -> None:
    ns = entry.test.duration_ns
    if ns is not None and ns > slowest.least_ns:
        slowest.add((report.path, entry.key), ns, identity(entry.test, report.tool))


class RunningTally:
    """Counts over tests that come one by one, attempts put together."""

    def __init__(self) -> None:
        self._outcomes: Counter[Outcome] = Counter()
        self._slowest = _Slowest()
        self._seen = 0

    def add(self, named: NamedTest) -> None:
        """Count a test; parents are none."""
        nodeid, test = named
        if test.is_parent:
            return
        self._outcomes[test.status] += 1
        self._seen += 1
        ns = test.duration_ns
        if ns is not None and ns > self._slowest.least_ns:
            self._slowest.add(self._seen, ns, nodeid)

    def made(self, files: Iterable[ReadFile]) -> Tally:
        """The counts, with the `files` the tests are of."""
        return _made(files, self._outcomes, self._slowest)


def _made(files: Iterable[ReadFile], outcomes: Mapping[Outcome, int], slowest: _Slowest) -> Tally:
    ordered = {outcome.value: outcomes[outcome] for outcome in Outcome if outcomes.get(outcome)}
    return Tally(tuple(files), ordered, slowest.rows())
