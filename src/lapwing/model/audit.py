"""What an audit of reports says: who is over a limit, who nearly is, who is missing."""

from collections.abc import Mapping
from typing import Any

from lapwing.model.budget import Budget
from lapwing.model.read_codec import read_files_list
from lapwing.model.read_test import ReadFile
from lapwing.model.value import Value


class AuditedTest(Value):
    """A test and its limit."""

    name: str  # its identity
    duration_ns: int
    category: str
    budget: Budget
    file: str  # the report that tells of it


class Vanished(Value):
    """Tests that were to be in the reports and are not."""

    names: tuple[str, ...]
    compared_with: str  # a run, or what was expected
    is_failure: bool  # whether somebody asked for them


class Audit(Value):
    """The answer. Lists are the worst first."""

    failures: tuple[AuditedTest, ...]
    warnings: tuple[AuditedTest, ...]
    slowest: tuple[AuditedTest, ...]
    files: tuple[ReadFile, ...]
    warn_at: float
    threshold_ns: int | None = None  # the one limit, where one was given
    more_failures: int = 0  # that were counted and not kept
    more_warnings: int = 0
    coarse: tuple[tuple[str, int, int], ...] = ()  # category, step of the clock in ns, tests it cannot judge
    untimed: int = 0  # tests without a time
    vanished: tuple[Vanished, ...] = ()

    @property
    def tests(self) -> int:
        """Tests that were read."""
        return sum(file.tests for file in self.files)

    @property
    def is_broken(self) -> bool:
        """Whether a limit is broken, somebody expected is missing, or a report broke off."""
        return (
            bool(self.failures)
            or any(each.is_failure for each in self.vanished)
            or any(file.lost_tests for file in self.files)
        )


def audit_dict(audit: Audit) -> dict[str, Any]:
    """The answer as a plain dictionary of JSON; times are nanoseconds."""
    return {
        "format_version": 1,
        "passed": not audit.is_broken,
        "failures": [_test_dict(each) for each in audit.failures],
        "warnings": [_test_dict(each) for each in audit.warnings],
        "slowest": [_test_dict(each) for each in audit.slowest],
        "more_failures": audit.more_failures,
        "more_warnings": audit.more_warnings,
        "cannot_judge": [
            {"category": category, "resolution_ns": step, "tests": tests}
            for category, step, tests in audit.coarse
        ],
        "untimed": audit.untimed,
        "vanished": [
            {"compared_with": each.compared_with, "fails": each.is_failure, "names": list(each.names)}
            for each in audit.vanished
        ],
        "tests": audit.tests,
        "files": read_files_list(audit.files),
    }


def _test_dict(test: AuditedTest) -> Mapping[str, Any]:
    return {
        "name": test.name,
        "duration_ns": test.duration_ns,
        "limit_ns": test.budget.limit,
        "category": test.category,
        "origin": test.budget.origin,
        "file": test.file,
    }
