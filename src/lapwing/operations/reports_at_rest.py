"""Everything that some reports say, read once and at rest on disk: memory stays flat whatever they hold.

A later entry may be another attempt of a test, even in another report, and a later report may have begun
earlier: what a test is stands only when all is read. So all entries go to disk as they are read. Names
that occur once need nothing more; of those that are repeated, the entries are brought together.
"""

import pickle
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby, islice
from types import TracebackType
from typing import Final, Self

from lapwing.ingest.identity import identity
from lapwing.ingest.plain_tests import PlainTests
from lapwing.ingest.reader import HISTORY_ID, ReportFacts
from lapwing.ingest.repeats import Entry, entries, together
from lapwing.ingest.to_run import NamedTest, numbered, tests_among
from lapwing.model.ids import NodeId
from lapwing.model.read_test import ReadFile, ReadTest
from lapwing.operations.read_reports import Report, is_counted
from lapwing.store import scratch
from lapwing.store.scratch import Batch, Scratch, Settled

_BATCH: Final = 500
"""Entries that are packed together."""

_TOGETHER: Final = 20_000
"""Entries of one name in one report among which attempts are told from tests."""


class _ReadReport:
    """A report, what it says of itself, and how many tests it holds."""

    def __init__(self, report: Report) -> None:
        self.tool = report.tool
        self.repeats = report.repeats
        self.facts = report.facts()
        self.attempts = 0  # entries that were counted as tests and are none of their own


class ReportsAtRest:
    """The tests in `reports`, which are read here and now.

    Raises NoDataError for a path at which there is nothing, StoreError where there is no room for
    them.
    """

    def __init__(self, reports: Iterable[Report]) -> None:
        self.started_at_ns: int | None = None  # the earliest moment told
        self.has_benchmarks = False
        self._reports: list[_ReadReport] = []
        self._entries = 0
        self._scratch = Scratch()
        try:
            for report in reports:
                self._take_in(report)
            self._scratch.find_repeated()
            self._gather_repeated()
            self._tell_tests_from_attempts()
            self._bring_together()
        except BaseException:
            self._scratch.close()
            raise

    @property
    def files(self) -> tuple[ReadFile, ...]:
        """What was found in each file."""
        return tuple(
            read.facts._replace(tests=read.facts.tests - read.attempts) if read.attempts else read.facts
            for read in self._reports
        )

    @property
    def holds_tests(self) -> bool:
        """Whether there is a test or benchmark; parents are none."""
        return self.has_benchmarks or any(read.facts.tests for read in self._reports)

    def each(self) -> Iterator[NamedTest]:
        """Each test of each report, its attempts put together, in the order of their first entries."""
        return (test for test, _ in self._walk())

    def by_name(self) -> Iterator[Sequence[NamedTest]]:
        """The same, those of one name together: a test that several reports hold was tried several times."""
        return (whole for _, whole in self._walk() if whole)

    def close(self) -> None:
        """Forget all."""
        self._scratch.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _take_in(self, report: Report) -> None:
        """Read `report`. What its entries are called is known at its end: a name depends on the tool."""
        first = self._entries
        loose: list[ReadTest] = []
        for item in report.items():
            if isinstance(item, PlainTests):
                self._keep(loose)
                loose = []
                self._keep(item)
                continue
            loose.append(item)
            if len(loose) == _BATCH:
                self._keep(loose)
                loose = []
        self._keep(loose)
        self._learn_start(report.started_at_ns)
        self._reports.append(_ReadReport(report))
        for batch in self._scratch.batches(first):
            names = [identity(test, report.tool) for test in _tests_in(batch)]
            self._scratch.add_names(batch.first, pickle.dumps(names), list(map(hash, names)))

    def _keep(self, batch: Sequence[ReadTest] | PlainTests) -> None:
        tests = batch.others.values() if isinstance(batch, PlainTests) else batch
        count = batch.count if isinstance(batch, PlainTests) else len(batch)
        if not count:
            return
        for test in tests:
            self._learn_start(test.start_ns)
            self.has_benchmarks = self.has_benchmarks or test.benchmark is not None
        self._scratch.add_batch(Batch(self._entries, len(self._reports), count, pickle.dumps(batch)))
        self._entries += count

    def _learn_start(self, start_ns: int | None) -> None:
        if start_ns is not None and (self.started_at_ns is None or start_ns < self.started_at_ns):
            self.started_at_ns = start_ns

    def _gather_repeated(self) -> None:
        places = self._scratch.repeated()
        place = next(places, None)
        for batch, packed in self._scratch.named_batches():
            if place is None:
                return
            if place >= batch.first + batch.size:
                continue
            names = pickle.loads(packed)
            for at, test in enumerate(_tests_in(batch)):
                if batch.first + at == place:
                    kept = scratch.Entry(hash(names[at]), batch.report, place, pickle.dumps(test))
                    self._scratch.add_entry(kept)
                    place = next(places, None)

    def _tell_tests_from_attempts(self) -> None:
        for (_, number), kept in groupby(self._scratch.entries(), lambda each: each[:2]):
            report = self._reports[number]
            used: Counter[str] = Counter()
            while chunk := list(islice(kept, _TOGETHER)):
                read = [pickle.loads(each.data) for each in chunk]
                facts = ReportFacts(tool=report.tool, repeats=report.repeats)
                found = [each for each in entries([facts, *read], window=None) if isinstance(each, Entry)]
                report.attempts += sum(each.is_attempt and is_counted(each.test) for each in found)
                for places in tests_among(found):
                    test = together([found[place].test for place in places], report.tool)
                    name = self._free_name(identity(test, report.tool), used)
                    self._scratch.add_test(
                        scratch.Test(
                            hash(name), _rank(test), chunk[places[0]].place, pickle.dumps((name, test))
                        )
                    )

    def _free_name(self, nodeid: NodeId, used: Counter[str]) -> str:
        """`nodeid`, numbered if this report used it; no test anywhere is called by what it becomes."""
        used[nodeid] += 1
        while used[nodeid] > 1 and self._scratch.has_name(hash(numbered(nodeid, used[nodeid]))):
            used[nodeid] += 1
        return numbered(nodeid, used[nodeid])

    def _bring_together(self) -> None:
        for _, kept in groupby(self._scratch.tests(), lambda each: each.hash):
            tests = list(kept)
            whole = pickle.dumps([pickle.loads(each.data) for each in tests]) if len(tests) > 1 else b""
            first = min(each.place for each in tests)
            for each in tests:
                self._scratch.settle(Settled(each.place, each.data, whole if each.place == first else None))

    def _walk(self) -> Iterator[tuple[NamedTest, Sequence[NamedTest]]]:
        """Each test, and all tests of its name where it is the first of them."""
        repeated = self._scratch.repeated()
        place = next(repeated, None)
        settled = self._scratch.settled()
        standing = next(settled, None)
        for batch, packed in self._scratch.named_batches():
            names = pickle.loads(packed)
            for at, test in enumerate(_tests_in(batch), batch.first):
                if at != place:
                    named = NamedTest._make((names[at - batch.first], test))
                    yield named, (named,)
                    continue
                place = next(repeated, None)
                if standing is not None and standing.place == at:
                    named = NamedTest._make(pickle.loads(standing.data))
                    yield named, _whole(named, standing.whole)
                    standing = next(settled, None)


def _whole(named: NamedTest, packed: bytes | None) -> Sequence[NamedTest]:
    if packed is None:
        return ()
    return [NamedTest._make(pair) for pair in pickle.loads(packed)] if packed else (named,)


def _rank(test: ReadTest) -> int:
    """Tests with a file per attempt (Allure's) follow one another by their starts: the last is judged."""
    has_file_of_its_own = any(name == HISTORY_ID for name, _ in test.properties)
    return (test.start_ns or 0) + 1 if has_file_of_its_own else 0


def _tests_in(batch: Batch) -> Iterable[ReadTest]:
    # Nobody but this process can have written what is unpickled here.
    packed = pickle.loads(batch.entries)
    return map(packed.test, range(packed.count)) if isinstance(packed, PlainTests) else packed
