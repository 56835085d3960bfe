"""CTRF, the Common Test Report Format 1.0, and the reporters of 0.0.x before it.

Whole milliseconds. Some old reporters write a test's start in seconds, beside a summary in milliseconds.
"""

from collections.abc import Iterator
from typing import BinaryIO, Final

from lapwing.ingest.head import Head
from lapwing.ingest.json_document import JsonDocument, object_pieces
from lapwing.ingest.json_fields import (
    Object,
    count_in,
    named_values,
    number_in,
    object_in,
    objects_in,
    text_in,
    texts_in,
)
from lapwing.ingest.reader import Problem, ReadItem, ReportFacts
from lapwing.ingest.timing import began_ns, timing
from lapwing.model.read_test import DurationKind, ReadAttempt, ReadTest
from lapwing.model.record import Outcome
from lapwing.units import NS_PER_MS, NS_PER_S

_STATUSES: Final = {
    "passed": Outcome.PASSED,
    "failed": Outcome.FAILED,
    "skipped": Outcome.SKIPPED,
    "pending": Outcome.SKIPPED,
    "other": Outcome.UNKNOWN,
}
_MILLISECONDS_FROM: Final = 1e11  # 1973 in milliseconds, the year 5138 in seconds
_MOST_ATTEMPTS: Final = 1000


class CtrfReader:
    """Tests come out as they are read."""

    name = "CTRF"

    def recognizes(self, head: Head) -> bool:
        """By its name, or by tests and summary in the results."""
        beginning = head.json_value
        if not isinstance(beginning, dict):
            return False
        results = beginning.get("results")
        if not isinstance(results, dict):
            return beginning.get("reportFormat") == "CTRF"
        return "tool" in results and ("tests" in results or "summary" in results)

    def read(self, stream: BinaryIO, place: str) -> Iterator[ReadItem]:
        """Each entry of `results.tests`."""
        summary = ("results", "summary")
        document = JsonDocument(stream, ("results", "tool"), summary, ("results", "tests", "[]"))
        for item in object_pieces(document):
            if isinstance(item, Problem):
                yield item
                continue
            path, value = item
            if path == ("results", "tests", "[]"):
                yield _test(value)
            elif isinstance(value, dict) and path == ("results", "tool"):
                yield ReportFacts(tool=text_in(value, "name"))
            elif isinstance(value, dict) and path == summary:
                yield ReportFacts(started_at_ns=_moment(value))


def _test(fields: Object) -> ReadTest:
    status = _STATUSES.get(text_in(fields, "status"), Outcome.UNKNOWN)
    raw = text_in(fields, "rawStatus").lower()
    if status is not Outcome.PASSED and raw == "todo":
        status = Outcome.TODO
    told = timing(fields.get("duration"), NS_PER_MS, status)
    attempts = _attempts(fields, status)
    if status is Outcome.PASSED and (fields.get("flaky") is True or attempts):
        status = Outcome.FLAKY
    suite = texts_in(fields, "suite") or ((text_in(fields, "suite"),) if text_in(fields, "suite") else ())
    return ReadTest(
        name=text_in(fields, "name"),
        status=status,
        duration_ns=told.duration_ns,
        shown_duration_ns=told.shown_ns,
        duration_kind=_kind(told.duration_ns, attempts),
        suite_path=suite,
        file=text_in(fields, "filePath") or text_in(fields, "filepath"),
        line=count_in(fields, "line"),
        package=text_in(fields, "browser"),
        parameters=named_values(object_in(fields, "parameters")),
        start_ns=_moment(fields),
        attempts=attempts,
        resolution_ns=NS_PER_MS,
        tags=texts_in(fields, "tags"),
        warnings=told.warnings,
    )


def _attempts(fields: Object, status: Outcome) -> tuple[ReadAttempt, ...]:
    """The attempts: as listed, or so many as were counted with only the last one known."""
    listed = []
    for each in objects_in(fields, "retryAttempts"):
        ended = _STATUSES.get(text_in(each, "status"), Outcome.UNKNOWN)
        listed.append(ReadAttempt(ended, timing(each.get("duration"), NS_PER_MS, ended).duration_ns))
    retries = min(count_in(fields, "retries") or 0, _MOST_ATTEMPTS)
    if listed and len(listed) == retries:  # without the last one, which the test itself tells
        listed.append(ReadAttempt(status, timing(fields.get("duration"), NS_PER_MS, status).duration_ns))
    if listed:
        return tuple(listed)
    return (*[ReadAttempt(Outcome.FAILED)] * retries, ReadAttempt(status)) if retries else ()


def _kind(duration_ns: int | None, attempts: tuple[ReadAttempt, ...]) -> DurationKind:
    """Which attempts the duration covers; the format does not say, so it is found by comparison."""
    if not attempts:
        return DurationKind.SINGLE
    told = [each.duration_ns for each in attempts if each.duration_ns is not None]
    if duration_ns is None or len(told) < len(attempts):
        return DurationKind.UNKNOWN
    if duration_ns == sum(told):
        return DurationKind.SUM
    return DurationKind.LAST if duration_ns == told[-1] else DurationKind.UNKNOWN


def _moment(fields: Object) -> int | None:
    start = number_in(fields, "start")
    if start is None:
        return None
    return began_ns(start, NS_PER_MS if start >= _MILLISECONDS_FROM else NS_PER_S)
