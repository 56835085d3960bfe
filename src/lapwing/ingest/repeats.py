"""Entries of one name in one report: attempts of one test, or tests that share a name.

Either way each test is counted once. What a second entry is depends on the tool (`Repeats`); where
that is not known, an entry beside a failed one is another attempt.
"""

from collections.abc import Callable, Collection, Iterable, Iterator
from functools import partial
from itertools import repeat
from typing import Final

from lapwing.ingest.plain_tests import PlainTests, each_test
from lapwing.ingest.reader import Problem, ReadItem, Repeats, ReportFacts
from lapwing.model.read_test import DurationKind, ReadAttempt, ReadTest
from lapwing.model.record import Outcome
from lapwing.model.value import Value

WINDOW: Final = 200_000
"""How far back names are remembered while a report streams by: at least so many tests."""

_FEW: Final = 64
"""Tests that may come before a suite whose names are remembered only if something follows."""

_BAD: Final = frozenset({Outcome.FAILED, Outcome.ERROR, Outcome.TIMEOUT, Outcome.CRASHED})
_BAD_SO_FAR: Final = _BAD | {Outcome.FLAKY}
_OUTCOMES: Final = tuple(Outcome)
_NUMBERS: Final = {outcome: at for at, outcome in enumerate(_OUTCOMES)}
_ONE_PASSED: Final = 1 << 4 | _NUMBERS[Outcome.PASSED]


class Entry(Value):
    """One entry of a report."""

    test: ReadTest
    key: int  # the same for entries of the same name
    number: int = 1  # its place among the entries of its name, from 1
    outcome: Outcome = Outcome.UNKNOWN  # of the test: of this entry and the attempts before it together
    before: Outcome | None = None  # the outcome as an earlier attempt left it; None for a test's first entry

    @property
    def is_attempt(self) -> bool:
        """Whether an earlier entry counted the test already."""
        return self.before is not None


class Plain(Value):
    """Tests of one suite that no other entry shares a name with, so far."""

    tests: PlainTests  # its `others` are no part of it: each comes as an entry
    slow: tuple[Entry, ...] = ()  # those of them that took longer than was asked about

    @property
    def count(self) -> int:
        """How many they are."""
        return self.tests.count - len(self.tests.others)


def entries(
    items: Iterable[ReadItem], window: int | None = WINDOW
) -> Iterator[Entry | Problem | ReportFacts]:
    """`items` with each test told apart from the earlier ones of its name, while they stream by.

    Remembers the last `window` names or more (all for None), so that memory stays flat.
    """
    memory = _Memory(window)
    for item in items:
        if isinstance(item, PlainTests):
            yield from map(memory.entry, each_test([item]), _keys(item))
        elif isinstance(item, ReadTest):
            yield memory.entry(item, _key(item))
        else:
            memory.learn(item)
            yield item


def notable(
    items: Iterable[ReadItem], over_ns: Callable[[], int], window: int | None = WINDOW
) -> Iterator[Entry | Plain | Problem | ReportFacts]:
    """As `entries`, but plain tests that took no longer than `over_ns()` come by the suite, to be counted.

    A million tests cost a quarter of what they cost one by one.
    """
    memory = _Memory(window)
    for item in items:
        if isinstance(item, PlainTests):
            yield from memory.plain(item, over_ns())
        elif isinstance(item, ReadTest):
            yield memory.entry(item, _key(item))
        else:
            memory.learn(item)
            yield item


def after(before: Outcome, status: Outcome, tool: str) -> Outcome:
    """The outcome of a test that was `before` when another attempt ended as `status`.

    pytest writes a failing test whose tear-down fails, too, as a failure and an error after it; and
    since rerunfailures 16.7 a failed attempt as an entry without a mark of its failure.
    """
    if tool == "pytest":
        if before is Outcome.FAILED and status is Outcome.ERROR:
            return Outcome.FAILED
        return Outcome.FLAKY if status is Outcome.PASSED else status
    return Outcome.FLAKY if status is Outcome.PASSED and before in _BAD_SO_FAR else status


def together(attempts: list[ReadTest], tool: str = "") -> ReadTest:
    """One test of the entries of its attempts, oldest first: judged by the last."""
    last = attempts[-1]
    if len(attempts) == 1:
        return last
    if tool == "pytest":
        attempts = _pytest_attempts(attempts)
        last = attempts[-1]
        if len(attempts) == 1:
            return last
    told = tuple(ReadAttempt(each.status, each.duration_ns) for each in attempts)
    if tool == "pytest":
        told = (*(_failed(attempt) for attempt in told[:-1]), told[-1])
    status = attempts[0].status
    for each in attempts[1:]:
        status = after(status, each.status, tool)
    return last._replace(status=status, attempts=told, duration_kind=DurationKind.LAST)


def _pytest_attempts(attempts: list[ReadTest]) -> list[ReadTest]:
    """`attempts` with each failure and the error of its tear-down made one."""
    joined: list[ReadTest] = []
    for test in attempts:
        before = joined[-1] if joined else None
        if before is not None and before.status is Outcome.FAILED and test.status is Outcome.ERROR:
            total = (before.shown_duration_ns or 0) + (test.shown_duration_ns or 0)
            joined[-1] = test._replace(
                status=Outcome.FAILED, duration_ns=total or None, duration_kind=DurationKind.SINGLE
            )
        else:
            joined.append(test)
    return joined


def _failed(attempt: ReadAttempt) -> ReadAttempt:
    return attempt._replace(status=Outcome.FAILED) if attempt.status is Outcome.PASSED else attempt


def _place(suite_path: tuple[str, ...], file: str, package: str) -> int:
    return hash((suite_path, file, package))


def _key(test: ReadTest) -> int:
    return hash((test.name, test.classname, _place(test.suite_path, test.file, test.package)))


def _key_at(tests: PlainTests, at: int) -> int:
    """As `_keys`, of the one at place `at`."""
    if at in tests.others:
        return _key(tests.others[at])
    file = tests.files[at] if tests.files else ""
    place = _place(tests.suite_path, file, tests.package)
    return hash((tests.names[at], tests.classnames[at], place))


def _differ_by_name(tests: PlainTests, earlier: Collection[str]) -> bool:
    """Whether all of them, and the `earlier` ones, have different names, whatever their classes."""
    names: Iterable[str] = tests.names
    if tests.others:
        names = list(names)
        for at, test in tests.others.items():
            names[at] = test.name
    return len({*names, *earlier}) == tests.count + len(earlier)


def _keys(tests: PlainTests) -> list[int]:
    places: Iterable[int]
    if tests.files:
        place_of = {file: _place(tests.suite_path, file, tests.package) for file in set(tests.files)}
        places = map(place_of.__getitem__, tests.files)
    else:
        places = repeat(_place(tests.suite_path, "", tests.package))
    keys = list(map(hash, zip(tests.names, tests.classnames, places, strict=False)))
    for at, test in tests.others.items():
        keys[at] = _key(test)
    return keys


class _Memory:
    """Names met, as hashes, in two generations of which the older one is forgotten at a time.

    Most belong to one entry that passed. Of the others it stands under the key how many entries there
    were, times 16, plus the number of the outcome.
    """

    def __init__(self, window: int | None) -> None:
        self._window = window
        self._young: dict[int, int] = {}
        self._old: dict[int, int] = {}
        self._young_keys: set[int] = set()
        self._old_keys: set[int] = set()
        self._names: set[str] | None = set()  # of the tests so far, as long as they are few
        self._first: PlainTests | None = None  # whose keys are not remembered yet
        self._repeats = Repeats.BY_OUTCOME
        self._tool = ""

    def learn(self, item: Problem | ReportFacts) -> None:
        """Take in what the report says of itself."""
        if isinstance(item, ReportFacts):
            self._repeats = item.repeats or self._repeats
            self._tool = self._tool or item.tool

    def entry(self, test: ReadTest, key: int) -> Entry:
        """The next entry."""
        self._remember_first()
        packed = self._last(key)
        number, before, status = packed >> 4, _OUTCOMES[packed & 15], test.status
        is_attempt = bool(number and test.name) and (
            self._repeats is Repeats.ATTEMPTS
            or (self._repeats is Repeats.BY_OUTCOME and (status in _BAD or before in _BAD_SO_FAR))
        )
        outcome = after(before, status, self._tool) if is_attempt else status
        self._young[key] = (number + 1) << 4 | _NUMBERS[outcome]
        self._young_keys.add(key)
        if self._names is not None:
            self._names.add(test.name)
            if len(self._names) > _FEW:
                self._names = None
        self._forget()
        return Entry(test, key, number + 1, outcome, before if is_attempt else None)

    def plain(self, tests: PlainTests, over_ns: int) -> Iterator[Entry | Plain]:
        """The next entries, together if none of them repeats a name."""
        keys: list[int] | None = None
        if self._names is not None and _differ_by_name(tests, self._names):
            # Of thousands of files most hold one suite, and nothing follows that could repeat its names.
            self._names, self._first = None, tests
        else:
            self._remember_first()
            keys = _keys(tests)
            if not self._takes_all(keys):
                yield from map(self.entry, each_test([tests]), keys)
                return
            self._note_outcomes(tests, keys)
        key_of: Callable[[int], int] = partial(_key_at, tests) if keys is None else keys.__getitem__
        others = tests.others
        for at, test in others.items():
            key, status = key_of(at), test.status
            self._young[key] = 1 << 4 | _NUMBERS[status]
            yield Entry._make((test, key, 1, status, None))
        self._forget()
        over_s = over_ns / 1e9
        seconds = tests.seconds
        slow = [at for at, took in enumerate(seconds) if took > over_s] if max(seconds) > over_s else []
        if others:
            slow = [at for at in slow if at not in others]
        ended = tests.outcomes
        yield Plain(
            tests,
            tuple([Entry(tests.test(at), key_of(at), 1, ended.get(at, Outcome.PASSED)) for at in slow]),
        )

    def _remember_first(self) -> None:
        """Make up for what `plain` put off, now that something follows."""
        if self._first is not None:
            first, self._first = self._first, None
            self._names = None
            keys = _keys(first)
            self._takes_all(keys)
            self._note_outcomes(first, keys)

    def _note_outcomes(self, tests: PlainTests, keys: list[int]) -> None:
        for at, status in tests.outcomes.items():
            self._young[keys[at]] = 1 << 4 | _NUMBERS[status]

    def _takes_all(self, keys: list[int]) -> bool:
        """Remember `keys` as of plain tests; False, and nothing is remembered, if one is met again."""
        young = self._young_keys
        if not (young.isdisjoint(keys) and self._old_keys.isdisjoint(keys)):
            return False
        count = len(young)
        young.update(keys)
        if len(young) < count + len(keys):
            young.difference_update(keys)
            return False
        return True

    def _last(self, key: int) -> int:
        """What is remembered under `key`, 0 for nothing."""
        packed = self._young.get(key) or self._old.get(key)
        if packed is None and (key in self._young_keys or key in self._old_keys):
            return _ONE_PASSED
        return packed or 0

    def _forget(self) -> None:
        if self._window is not None and len(self._young_keys) >= self._window:
            self._old, self._young = self._young, {}
            self._old_keys, self._young_keys = self._young_keys, set()
