"""GoogleTest's JSON output: times as texts in seconds, `"0.122s"`, in steps of a millisecond.

SetUp and TearDown are in it, those of the whole suite are not.
"""

import re
from collections.abc import Iterator
from typing import BinaryIO, Final

from lapwing.ingest.head import Head
from lapwing.ingest.json_document import JsonDocument, object_pieces
from lapwing.ingest.json_fields import Object, count_in, objects_in, text_in
from lapwing.ingest.reader import Problem, ReadItem, ReportFacts
from lapwing.ingest.times import moment_ns
from lapwing.ingest.timing import Timing, timing
from lapwing.model.read_test import ReadTest
from lapwing.model.record import Outcome
from lapwing.units import NS_PER_MS, NS_PER_S

_SECONDS: Final = re.compile(r"(\d{1,15}(?:\.\d{1,15})?(?:[eE][+-]?\d{1,3})?)s?")
_NOT_RUN: Final = {"NOTRUN", "SUPPRESSED", "SKIPPED"}


class GoogleTestJsonReader:
    """Tests come out suite by suite."""

    name = "GoogleTest JSON"

    def recognizes(self, head: Head) -> bool:
        """By the suites below the counts."""
        return not head.is_json_array and {"testsuites", "disabled"} <= set(head.json_keys)

    def read(self, stream: BinaryIO, place: str) -> Iterator[ReadItem]:
        """Each test."""
        yield ReportFacts(tool="googletest")
        for item in object_pieces(JsonDocument(stream, ("timestamp",), ("testsuites", "[]"))):
            if isinstance(item, Problem):
                yield item
            elif item[0] == ("testsuites", "[]"):
                for test in objects_in(item[1], "testsuite"):
                    yield _test(test, text_in(item[1], "name"))
            elif isinstance(item[1], str):
                yield ReportFacts(started_at_ns=moment_ns(item[1]))


def _test(fields: Object, suite: str) -> ReadTest:
    status = Outcome.PASSED
    if {text_in(fields, "status"), text_in(fields, "result")} & _NOT_RUN:
        status = Outcome.SKIPPED
    elif any(objects_in(fields, "failures")):
        status = Outcome.FAILED
    time = text_in(fields, "time")
    match = _SECONDS.fullmatch(time)
    told = Timing() if not time else timing(float(match[1]) if match else time, NS_PER_S, status)
    classname = text_in(fields, "classname") or suite
    return ReadTest(
        name=text_in(fields, "name"),
        status=status,
        duration_ns=told.duration_ns,
        shown_duration_ns=told.shown_ns,
        suite_path=(suite,) if suite and suite != classname else (),
        classname=classname,
        file=text_in(fields, "file"),
        line=count_in(fields, "line"),
        parameters=text_in(fields, "value_param") or text_in(fields, "type_param"),
        start_ns=moment_ns(text_in(fields, "timestamp")),
        resolution_ns=NS_PER_MS,
        warnings=told.warnings,
    )
