"""mocha's JSON reporter. Whole milliseconds of the last attempt; hooks are not in it.

A hook that failed is among the failures only, as are the tests that it kept from running nowhere.
"""

from collections.abc import Iterator
from typing import BinaryIO

from lapwing.ingest.head import Head
from lapwing.ingest.json_document import JsonDocument, object_pieces
from lapwing.ingest.json_fields import Object, count_in, object_in, text_in
from lapwing.ingest.reader import Problem, ReadItem, Repeats, ReportFacts
from lapwing.ingest.times import moment_ns
from lapwing.ingest.timing import timing
from lapwing.model.read_test import DurationKind, ReadAttempt, ReadTest
from lapwing.model.record import Outcome
from lapwing.units import NS_PER_MS


class MochaJsonReader:
    """Tests come out as they are read, then the hooks that failed."""

    name = "mocha JSON"

    def recognizes(self, head: Head) -> bool:
        """By the counts of suites and passes before the tests."""
        beginning = head.json_value
        stats = beginning.get("stats") if isinstance(beginning, dict) else None
        return isinstance(stats, dict) and {"suites", "passes", "failures"} <= set(stats)

    def read(self, stream: BinaryIO, place: str) -> Iterator[ReadItem]:
        """Each test, and each failed hook as an error. Names may repeat."""
        yield ReportFacts(tool="mocha", repeats=Repeats.OCCURRENCES)
        failed: set[str] = set()
        document = JsonDocument(stream, ("stats",), ("tests", "[]"), ("failures", "[]"))
        for item in object_pieces(document):
            if isinstance(item, Problem):
                yield item
                continue
            path, fields = item
            if path == ("tests", "[]"):
                test = _test(fields)
                if test.status is Outcome.FAILED:
                    failed.add(text_in(fields, "fullTitle"))
                yield test
            elif path == ("failures", "[]") and text_in(fields, "fullTitle") not in failed:
                yield _test(fields)._replace(status=Outcome.ERROR, duration_ns=None)
            elif path == ("stats",) and isinstance(fields, dict):
                yield ReportFacts(started_at_ns=moment_ns(text_in(fields, "start")))


def _test(fields: Object) -> ReadTest:
    status = Outcome.PASSED
    if object_in(fields, "err"):
        status = Outcome.FAILED
    elif fields.get("duration") is None:
        status = Outcome.SKIPPED
    told = timing(fields.get("duration"), NS_PER_MS, status)
    retries = min(count_in(fields, "currentRetry") or 0, 1000)
    attempts: tuple[ReadAttempt, ...] = ()
    if retries:
        attempts = (*[ReadAttempt(Outcome.FAILED)] * retries, ReadAttempt(status, told.duration_ns))
        status = Outcome.FLAKY if status is Outcome.PASSED else status
    title, full_title = text_in(fields, "title"), text_in(fields, "fullTitle")
    suites = full_title.removesuffix(title).strip()
    return ReadTest(
        name=full_title or title,
        status=status,
        duration_ns=told.duration_ns,
        shown_duration_ns=told.shown_ns,
        duration_kind=DurationKind.LAST if retries else DurationKind.SINGLE,
        suite_path=(suites,) if suites else (),
        file=text_in(fields, "file"),
        attempts=attempts,
        resolution_ns=NS_PER_MS,
        warnings=told.warnings,
    )
