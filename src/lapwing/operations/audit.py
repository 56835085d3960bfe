"""Who is too slow in these reports? Every test is judged by its category's budget, in bounded memory."""

import os
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from pathlib import Path, PurePosixPath
from typing import Final

from lapwing.config.categories import UNIT, category_of
from lapwing.config.globs import fits_any
from lapwing.config.settings import Settings
from lapwing.errors import ConfigurationError
from lapwing.ingest.identity import identities, identity
from lapwing.ingest.repeats import Entry, Plain
from lapwing.model.audit import Audit, AuditedTest
from lapwing.model.budget import TIME, Budget
from lapwing.model.read_test import ReadTest
from lapwing.model.record import Outcome
from lapwing.model.value import Value
from lapwing.operations.budget_plan import budget_plan
from lapwing.operations.category_path import category_path
from lapwing.operations.read_reports import Report
from lapwing.operations.roll_call import RollCall
from lapwing.units import parse_duration

MOST_KEPT: Final = 50_000
"""Tests over a limit that are kept with their names; more are counted."""

MOST_SLOWEST: Final = 10
_CATEGORY: Final = "lapwing.category"
_BUDGET: Final = "lapwing.budget"
_NOT_TIMED: Final = frozenset({Outcome.SKIPPED, Outcome.TODO, Outcome.NOTRUN, Outcome.BENCHMARK})


class AuditWish(Value):
    """What was asked of an audit."""

    places: tuple[str, ...]  # files and folders as they were named
    threshold_ns: int | None = None  # one limit for every test
    globs: Mapping[str, tuple[str, ...]] = {}  # category -> globs of test files, before all else
    marker: str | None = None  # only tests with this tag
    category: str | None = None  # only tests of this category


def audit(
    settings: Settings, reports: Iterable[Report], wish: AuditWish, roll_call: RollCall | None = None
) -> Audit:
    """The tests of `reports` against their limits. `roll_call` is told of every test, where there is one.

    Raises ConfigurationError for a category that nobody knows.
    """
    judge = _Judge(settings, wish, roll_call)
    files = []
    for report in reports:
        judge.take(report)
        files.append(report.facts())
    return judge.answer()._replace(files=tuple(files))


class _Kept:
    """The worst tests by key; a later attempt takes the place of an earlier one."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._tests: dict[object, AuditedTest] = {}
        self.dropped = 0

    def put(self, key: object, test: AuditedTest) -> None:
        """Take in a test. At twice as many as are kept the mildest half goes."""
        self._tests[key] = test
        if len(self._tests) >= 2 * self._most:
            ordered = sorted(self._tests.items(), key=lambda item: -item[1].duration_ns)
            self.dropped += len(ordered) - self._most
            self._tests = dict(ordered[: self._most])

    def remove(self, key: object) -> None:
        """Forget a test."""
        self._tests.pop(key, None)

    def worst(self) -> tuple[AuditedTest, ...]:
        """What is kept, the slowest first."""
        ordered = sorted(self._tests.values(), key=lambda each: (-each.duration_ns, each.name))
        self.dropped += max(0, len(ordered) - self._most)
        return tuple(ordered[: self._most])


class _Slowest(_Kept):
    """The slowest tests, and what a test must exceed to be among them."""

    def __init__(self) -> None:
        super().__init__(MOST_SLOWEST)
        self.least_ns = 0

    def put(self, key: object, test: AuditedTest) -> None:
        """Take in a test that is among them."""
        self._tests[key] = test
        if len(self._tests) > self._most:
            del self._tests[min(self._tests, key=lambda each: self._tests[each].duration_ns)]
            self.least_ns = min(each.duration_ns for each in self._tests.values())


class _Judge:
    """The audit while it goes on."""

    def __init__(self, settings: Settings, wish: AuditWish, roll_call: RollCall | None) -> None:
        unknown = wish.globs.keys() - settings.categories.keys()
        if unknown:
            raise ConfigurationError(
                f"there is no category {', '.join(sorted(unknown))}",
                where="--category",
                mend=f"Known are: {', '.join(settings.categories)}.",
            )
        plan = budget_plan(settings, with_deadlines=False)
        self._limits = {name: _time_of(budgets) for name, budgets in plan.categories.items()}
        self._other = _time_of(plan.other)
        self._wish = wish
        self._folders: dict[str, str] = {}
        # By name: a shell that expands a glob names thousands, and each folder asks for its own.
        self._places = {PurePosixPath(Path(place).as_posix()): at for at, place in enumerate(wish.places)}
        self._roll_call = roll_call
        self._warn_at = settings.warn_at
        self._category_of = _category_finder(settings, wish.globs)
        self._failures, self._warnings, self._slowest = _Kept(MOST_KEPT), _Kept(MOST_KEPT), _Slowest()
        self._coarse: Counter[tuple[str, int]] = Counter()
        self._untimed = 0
        self._one = None if wish.threshold_ns is None else Budget(TIME, wish.threshold_ns, "--threshold")
        limits = (self._one,) if self._one is not None else (*self._limits.values(), self._other)
        self._least_limit = min(each.limit for each in limits)
        self._least_interest = int(self._least_limit * self._warn_at)

    def take(self, report: Report) -> None:
        """Judge the tests of one report."""
        place = self._place_of(report.path)
        for item in report.notable(self._remarkable_ns):
            if isinstance(item, Plain):
                self._take_plain(item, report, place)
            elif item.test.is_parent or item.test.status is Outcome.BENCHMARK:
                continue
            else:
                self._take(item, report, place)

    def answer(self) -> Audit:
        """What was found."""
        failures, warnings = self._failures.worst(), self._warnings.worst()
        return Audit(
            failures=failures,
            warnings=warnings,
            slowest=self._slowest.worst(),
            files=(),
            warn_at=self._warn_at,
            threshold_ns=self._wish.threshold_ns,
            more_failures=self._failures.dropped,
            more_warnings=self._warnings.dropped,
            coarse=tuple((name, step, tests) for (name, step), tests in sorted(self._coarse.items())),
            untimed=self._untimed,
            vanished=() if self._roll_call is None else self._roll_call.vanished(),
        )

    def _place_of(self, path: str) -> str:
        """The report's path as far as it was not named."""
        folder, name = os.path.split(path)
        if folder not in self._folders:  # thousands of files lie in a few
            self._folders[folder] = _below_named(folder, self._places)
        return self._folders[folder] + name

    def _remarkable_ns(self) -> int:
        """Tests up to here are neither slow nor nearly so, nor among the slowest."""
        return -1 if self._wish.category is not None else min(self._least_interest, self._slowest.least_ns)

    def _take_plain(self, item: Plain, report: Report, place: str) -> None:
        if self._roll_call is not None:
            names = identities(item.tests, report.tool)
            self._roll_call.are_here(report.tool or report.format, names, item.tests.names)
        step = item.tests.resolution_ns
        if step is not None and step > self._least_limit and item.count > len(item.slow):
            first = item.tests.test(0)
            category, budget = self._limit(first, identity(first, report.tool), place)
            if step > budget.limit:
                idle = sum(status in _NOT_TIMED for status in item.tests.outcomes.values())
                slow = sum(entry.test.status not in _NOT_TIMED for entry in item.slow)
                self._coarse[category, step] += item.count - idle - slow
        for entry in item.slow:
            self._take(entry, report, place)

    def _take(self, entry: Entry, report: Report, place: str) -> None:
        test, name = entry.test, None
        if self._roll_call is not None:
            name = identity(test, report.tool)
            self._roll_call.is_here(report.tool or report.format, name, test.name)
        if test.status in _NOT_TIMED or self._is_unremarkable(entry):
            return
        key = (report.path, entry.key, 1 if entry.is_attempt else entry.number)
        if name is None:
            name = identity(test, report.tool)
        category, budget = self._limit(test, name, place)
        if self._wish.category not in (None, category):
            return
        if self._wish.marker is not None and self._wish.marker not in test.tags:
            return
        ns = test.duration_ns
        if ns is None:
            self._untimed += 1
            return
        if test.resolution_ns > budget.limit:
            self._coarse[category, test.resolution_ns] += 1
            return
        self._weigh(key, AuditedTest(name, ns, category, budget, report.path))

    def _is_unremarkable(self, entry: Entry) -> bool:
        """Whether nothing can be said of a test, whatever its name and category: as of nearly all."""
        test = entry.test
        ns = test.duration_ns
        return (
            ns is not None
            and ns <= self._remarkable_ns()
            and not entry.is_attempt
            and not test.properties
            and test.resolution_ns <= self._least_limit
        )

    def _weigh(self, key: object, test: AuditedTest) -> None:
        ns, limit = test.duration_ns, test.budget.limit
        if ns > limit:
            self._failures.put(key, test)
        else:
            self._failures.remove(key)  # an earlier attempt was too slow
        if limit * self._warn_at < ns <= limit:
            self._warnings.put(key, test)
        else:
            self._warnings.remove(key)
        if ns > self._slowest.least_ns:
            self._slowest.put(key, test)

    def _limit(self, test: ReadTest, name: str, place: str) -> tuple[str, Budget]:
        """Category and time budget: what the report itself says comes first."""
        told = dict(test.properties) if test.properties else {}
        category = told.get(_CATEGORY) or self._category_of(category_path(name), test.tags, place)
        if self._one is not None:
            return category, self._one
        if _BUDGET in told:
            try:
                return category, Budget(TIME, parse_duration(told[_BUDGET]), f"{_BUDGET} in the report")
            except ConfigurationError:
                pass  # not one that we wrote
        return category, self._limits.get(category, self._other)


def _category_finder(
    settings: Settings, globs: Mapping[str, Sequence[str]]
) -> Callable[[str, Sequence[str], str], str]:
    """The category of a test from its path, its tags and, where these tell none, its report's path."""

    @lru_cache(maxsize=4096)
    def found(path: str, tags: tuple[str, ...], place: str) -> str:
        for name, patterns in globs.items():
            if fits_any(path, patterns) or fits_any(place, patterns):
                return name
        category = category_of(path, tags, settings.categories)
        if category == UNIT and UNIT not in tags:
            return category_of(place, (), settings.categories)
        return category

    return lambda path, tags, place: found(path, tuple(tags), place)


def _below_named(folder: str, places: Mapping[PurePosixPath, int]) -> str:
    """The path of a folder of reports as far as it was not named, "" or with a `/` at its end.

    Folders that somebody pointed at say nothing of a test. `places` are what was named, with the order in
    which it was.
    """
    path = PurePosixPath(Path(folder).as_posix())
    above = [each for each in (path, *path.parents) if each in places]
    if not above:
        return ""
    left = path.relative_to(min(above, key=lambda each: places[each]))
    return f"{left}/" if left.parts else ""


def _time_of(budgets: Iterable[Budget]) -> Budget:
    return next(each for each in budgets if each.metric == TIME)
