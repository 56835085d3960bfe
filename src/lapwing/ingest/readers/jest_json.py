"""`jest --json` and vitest's JSON reporter, which writes the same shape: an entry per test file.

jest gives whole milliseconds of the last attempt and counts attempts as `invocations`. vitest gives
fractions of a millisecond, of all attempts together, and keeps the messages of failed ones. Neither
counts beforeAll.
"""

from collections.abc import Iterator
from typing import BinaryIO, Final

from lapwing.ingest.head import Head
from lapwing.ingest.json_document import JsonDocument, object_pieces
from lapwing.ingest.json_fields import Object, count_in, object_in, objects_in, one_line, text_in, texts_in
from lapwing.ingest.reader import Problem, ReadItem, Repeats, ReportFacts
from lapwing.ingest.timing import began_ns, timing
from lapwing.model.read_test import DurationKind, ReadAttempt, ReadTest
from lapwing.model.record import Outcome
from lapwing.units import NS_PER_MS

_STATUSES: Final = {
    "passed": Outcome.PASSED,
    "failed": Outcome.FAILED,
    "pending": Outcome.SKIPPED,
    "skipped": Outcome.SKIPPED,
    "disabled": Outcome.SKIPPED,
    "todo": Outcome.TODO,
}
_KEYS_OF_JEST: Final = {"numRuntimeErrorTestSuites", "openHandles", "wasInterrupted"}
_MOST_ATTEMPTS: Final = 1000


class JestJsonReader:
    """Tests come out file by file; a file that could not be loaded is a problem."""

    name = "jest JSON"

    def recognizes(self, head: Head) -> bool:
        """By the results of test files."""
        return not head.is_json_array and "testResults" in head.json_keys

    def read(self, stream: BinaryIO, place: str) -> Iterator[ReadItem]:
        """Each test. Names may repeat within a file."""
        yield ReportFacts(repeats=Repeats.OCCURRENCES)
        keys = (("numTotalTestSuites",), ("startTime",), *((key,) for key in _KEYS_OF_JEST))
        document = JsonDocument(stream, *keys, ("testResults", "[]"))
        seen: set[str] = set()
        for item in object_pieces(document):
            if isinstance(item, Problem):
                yield item
                continue
            path, value = item
            if path == ("testResults", "[]"):
                is_vitest = "numTotalTestSuites" in seen and not seen & _KEYS_OF_JEST
                yield ReportFacts(tool="vitest" if is_vitest else "jest")
                yield from _tests(value, is_vitest=is_vitest)
            elif path == ("startTime",):
                yield ReportFacts(started_at_ns=began_ns(value, NS_PER_MS))
            seen = seen | {*path} if path else set()


def _tests(fields: Object, *, is_vitest: bool) -> Iterator[ReadItem]:
    file = text_in(fields, "name")
    tests = list(objects_in(fields, "assertionResults"))
    if not tests and fields.get("status") == "failed":
        yield Problem(f"{one_line(file)} could not be loaded: its tests are missing", loses_tests=True)
    for test in tests:
        yield _test(test, file, is_vitest=is_vitest)


def _test(fields: Object, file: str, *, is_vitest: bool) -> ReadTest:
    status = _STATUSES.get(text_in(fields, "status"), Outcome.UNKNOWN)
    told = timing(fields.get("duration"), NS_PER_MS, status)
    failures = len(texts_in(fields, "failureMessages"))
    if is_vitest:
        tried = failures + (status is Outcome.PASSED) if status in (Outcome.PASSED, Outcome.FAILED) else 1
    else:
        tried = count_in(fields, "invocations") or 1
    attempts: tuple[ReadAttempt, ...] = ()
    kind = DurationKind.SINGLE
    if tried > 1:
        kind = DurationKind.SUM if is_vitest else DurationKind.LAST
        last = ReadAttempt(status, None if is_vitest else told.duration_ns)
        attempts = (*[ReadAttempt(Outcome.FAILED)] * min(tried - 1, _MOST_ATTEMPTS), last)
        if status is Outcome.PASSED:
            status = Outcome.FLAKY
    return ReadTest(
        name=text_in(fields, "fullName") or text_in(fields, "title"),
        status=status,
        duration_ns=told.duration_ns,
        shown_duration_ns=told.shown_ns,
        duration_kind=kind,
        suite_path=texts_in(fields, "ancestorTitles"),
        file=file,
        line=count_in(object_in(fields, "location"), "line"),
        start_ns=began_ns(fields.get("startAt"), NS_PER_MS),
        attempts=attempts,
        resolution_ns=1 if is_vitest else NS_PER_MS,
        tags=texts_in(fields, "tags"),
        warnings=told.warnings,
    )
