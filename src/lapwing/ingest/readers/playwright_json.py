"""Playwright's JSON reporter: suites of files, describes and tests, each test once per project.

Whole milliseconds per attempt; beforeEach is in it, beforeAll is not. Whether a test did as expected
is told by its own status, as a test may be meant to fail.
"""

from collections.abc import Iterator
from typing import BinaryIO, Final

from lapwing.ingest.head import Head
from lapwing.ingest.json_document import JsonDocument, object_pieces
from lapwing.ingest.json_fields import Object, count_in, objects_in, said_in, text_in, texts_in
from lapwing.ingest.reader import Problem, ReadItem, ReportFacts
from lapwing.ingest.times import moment_ns
from lapwing.ingest.timing import Timing, timing
from lapwing.model.read_test import DurationKind, ReadAttempt, ReadTest
from lapwing.model.record import Outcome
from lapwing.units import NS_PER_MS

_ATTEMPT_STATUSES: Final = {
    "passed": Outcome.PASSED,
    "failed": Outcome.FAILED,
    "timedOut": Outcome.FAILED,
    "skipped": Outcome.SKIPPED,
}


class PlaywrightJsonReader:
    """Tests come out file by file."""

    name = "Playwright JSON"

    def recognizes(self, head: Head) -> bool:
        """By the configuration before the suites."""
        beginning = head.json_value
        if not isinstance(beginning, dict):
            return False
        config = beginning.get("config")
        return "suites" in beginning or (
            isinstance(config, dict) and {"rootDir", "projects"} & set(config) != set()
        )

    def read(self, stream: BinaryIO, place: str) -> Iterator[ReadItem]:
        """Each test of each project with its attempts; errors outside of tests are problems."""
        yield ReportFacts(tool="playwright")
        document = JsonDocument(stream, ("suites", "[]"), ("errors", "[]"))
        for item in object_pieces(document):
            if isinstance(item, Problem):
                yield item
            elif item[0] == ("suites", "[]"):
                suite = item[1]
                is_file = text_in(suite, "title") == text_in(suite, "file")
                yield from _suite(suite, () if is_file else (text_in(suite, "title"),))
            elif item[0] == ("errors", "[]"):
                said = said_in(item[1], "message")
                yield Problem(f"Playwright met an error outside of the tests: {said}", loses_tests=True)


def _suite(suite: Object, titles: tuple[str, ...]) -> Iterator[ReadTest]:
    for spec in objects_in(suite, "specs"):
        for test in objects_in(spec, "tests"):
            yield _test(spec, test, titles)
    for inner in objects_in(suite, "suites"):
        yield from _suite(inner, (*titles, text_in(inner, "title")))


def _test(spec: Object, test: Object, titles: tuple[str, ...]) -> ReadTest:
    results = list(objects_in(test, "results"))
    last = results[-1] if results else {}
    status = _status(test, last)
    told = timing(last.get("duration"), NS_PER_MS, status) if results else Timing()
    attempts = tuple(map(_attempt, results)) if len(results) > 1 else ()
    return ReadTest(
        name=text_in(spec, "title"),
        status=status,
        duration_ns=told.duration_ns,
        shown_duration_ns=told.shown_ns,
        duration_kind=DurationKind.LAST if attempts else DurationKind.SINGLE,
        suite_path=titles,
        file=text_in(spec, "file"),
        line=count_in(spec, "line"),
        package=text_in(test, "projectName"),
        start_ns=moment_ns(text_in(last, "startTime")),
        attempts=attempts,
        resolution_ns=NS_PER_MS,
        tags=texts_in(spec, "tags"),
        warnings=told.warnings,
    )


def _status(test: Object, last: Object) -> Outcome:
    match text_in(test, "status"):
        case "flaky":
            return Outcome.FLAKY
        case "skipped":
            # Left out by the test itself, or never begun because the run stopped before.
            is_meant = bool(last) or text_in(test, "expectedStatus") == "skipped"
            return Outcome.SKIPPED if is_meant else Outcome.NOTRUN
        case "expected":
            return Outcome.XFAILED if text_in(test, "expectedStatus") == "failed" else Outcome.PASSED
        case "unexpected" if text_in(last, "status") == "interrupted":
            return Outcome.UNKNOWN
        case "unexpected":
            return Outcome.FAILED
    return Outcome.UNKNOWN


def _attempt(result: Object) -> ReadAttempt:
    status = _ATTEMPT_STATUSES.get(text_in(result, "status"), Outcome.UNKNOWN)
    return ReadAttempt(status, timing(result.get("duration"), NS_PER_MS, status).duration_ns)
