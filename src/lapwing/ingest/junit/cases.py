"""One `testcase` with all that it holds becomes a test read."""

from collections.abc import Mapping
from typing import Final

from lapwing.ingest.junit.dialects import Dialect
from lapwing.ingest.junit.outcomes import RETRIES, Mark, attempts_of, outcome_of
from lapwing.ingest.junit.suites import Suite
from lapwing.ingest.numbers import ReadDuration, Style, read_duration, resolution_ns
from lapwing.ingest.plain_tests import line_of
from lapwing.ingest.times import moment_ns
from lapwing.model.read_test import DurationKind, ReadTest
from lapwing.model.record import NEVER_RAN, Outcome

_NO_ZERO: Final = frozenset({*NEVER_RAN, Outcome.FAILED, Outcome.ERROR, Outcome.TIMEOUT})
_TAG_PROPERTIES: Final = frozenset({"tag", "tags", "marker", "markers", "category", "lapwing.category"})
_MS: Final = 1_000_000


Ordered = list[str]
"""The attributes of an element, each name before its value: half the cost of a dictionary."""


class Case:
    """What was met of a `testcase` so far."""

    def __init__(self, attributes: dict[str, str], *marks: Mark) -> None:
        self.attributes = attributes
        self.marks = list(marks)
        self.properties: list[tuple[str, str]] = []

    @property
    def only_mark(self) -> Mark | None:
        """What it holds, where that is all there is, and tells of no other attempt."""
        if len(self.marks) == 1 and not self.properties and self.marks[0][0] not in RETRIES:
            return self.marks[0]
        return None


def by_name(attributes: Ordered) -> dict[str, str]:
    """Values by the names of attributes."""
    each = iter(attributes)
    return dict(zip(each, each, strict=True))


def read_case(
    case: Case, suite: Suite | None, dialect: Dialect, style: Style | None
) -> tuple[ReadTest, ReadDuration]:
    """The test, and its duration as read: with candidates where its comma is in doubt."""
    attributes = case.attributes
    text = attributes.get("time") or attributes.get("duration", "")
    duration = read_duration(text, style=style)
    status = outcome_of(attributes, case.marks)
    attempts = attempts_of(status, duration.ns, case.marks)
    name = attributes.get("name", "").strip()
    warnings = [duration.warning] if duration.warning else []
    if not name:
        warnings.append("the case has no name")
    judged = duration.ns
    if judged == 0 and (status in _NO_ZERO or dialect.zero_is_none or not name):
        judged = None
        if status not in NEVER_RAN:
            warnings.append(f"time {text[:40]!r} of this case is no measurement")
    # All fields in order: by name it would take twice as long, and large reports are made of these.
    fields = (
        name,
        status,
        judged,
        duration.ns,
        _kind(status, dialect, bool(attempts)),
        suite.path if suite is not None else (),
        attributes.get("classname") or attributes.get("class", ""),
        attributes.get("file") or attributes.get("filename", ""),
        line_of(
            attributes.get("line") or attributes.get("lineno") or "",
            attributes.get("file", ""),
            dialect.first_line,
        ),
        "" if suite is None else suite.package_in(dialect),
        _parameters(name, attributes),
        moment_ns(attributes["timestamp"]) if "timestamp" in attributes else None,
        None,
        None,
        None,
        attempts,
        dialect.resolution_ns or resolution_ns(text),
        False,
        tuple([value for key, value in case.properties if key in _TAG_PROPERTIES and value]),
        tuple(case.properties),
        None,
        tuple(warnings),
    )
    return ReadTest._make(fields), duration


def is_no_zero(status: Outcome) -> bool:
    """Whether a test that ended so cannot have taken no time at all: a zero is no measurement."""
    return status in _NO_ZERO and status not in NEVER_RAN


def _kind(status: Outcome, dialect: Dialect, was_retried: bool) -> DurationKind:
    if not was_retried:
        return dialect.kind
    if status is Outcome.FLAKY:
        return DurationKind.UNKNOWN if dialect.tool == "surefire" else DurationKind.LAST
    return DurationKind.FIRST


def _parameters(name: str, attributes: Mapping[str, str]) -> str:
    told = attributes.get("value_param") or attributes.get("type_param", "")
    if told or not name.endswith("]"):
        return told
    return name[name.find("[") + 1 : -1]
