"""subunit version 1, lines of text. A test took the time between the `time:` lines at its start and end."""

import re
from collections.abc import Iterator
from typing import BinaryIO, Final

from lapwing.ingest.head import Head
from lapwing.ingest.reader import Problem, ReadItem, ReportFacts
from lapwing.ingest.subunit_packets import UNEXPECTED_SUCCESS
from lapwing.ingest.text_lines import text_lines
from lapwing.ingest.times import moment_ns
from lapwing.ingest.timing import Timing, timing
from lapwing.model.read_test import ReadTest
from lapwing.model.record import Outcome

_ENDS: Final = {
    "success": Outcome.PASSED,
    "successful": Outcome.PASSED,
    "failure": Outcome.FAILED,
    "error": Outcome.ERROR,
    "skip": Outcome.SKIPPED,
    "xfail": Outcome.XFAILED,
    "uxsuccess": Outcome.PASSED,
}
_STARTS: Final = ("test", "testing")
_LINE: Final = re.compile(rf"({'|'.join((*_STARTS, *_ENDS))}): (.+)")
_TIME: Final = re.compile(r"time: (\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d{1,9})?Z)\s*")
_DETAILS: Final = re.compile(r" \[(?: multipart)?\s*$")


class SubunitV1Reader:
    """Tests come out when they end; those that began and never ended at the end of the stream."""

    name = "subunit v1"

    def recognizes(self, head: Head) -> bool:
        """By the line of a test behind one of time, or its end."""
        words = [match[1] for line in head.lines if (match := _LINE.fullmatch(line.rstrip()))]
        starts = any(word in _STARTS for word in words)
        return starts and (any(word in _ENDS for word in words) or any(map(_TIME.fullmatch, head.lines)))

    def read(self, stream: BinaryIO, place: str) -> Iterator[ReadItem]:
        """Each test. Details of a failure, between brackets, are passed over."""
        yield ReportFacts(tool="subunit")
        now_ns: int | None = None
        running: dict[str, int | None] = {}
        in_details = False
        for at, line in text_lines(stream):
            if line is None:
                yield Problem("a line of more than 64 MiB is left out", at, loses_tests=True)
                continue
            text = line.decode("utf-8", "replace").rstrip("\r")
            if in_details:
                in_details = text != "]"
                continue
            if time := _TIME.fullmatch(text):
                now_ns = moment_ns(time[1])
            elif match := _LINE.fullmatch(text):
                word, name = match.groups()
                if word in _STARTS:
                    running[name] = now_ns
                    continue
                in_details = _DETAILS.search(name) is not None
                name = _DETAILS.sub("", name)
                test = _test(name, _ENDS[word], running.pop(name, None), now_ns)
                doubts = (UNEXPECTED_SUCCESS,) if word == "uxsuccess" else ()
                yield test._replace(warnings=(*test.warnings, *doubts))
        for name, began in running.items():
            test = _test(name, Outcome.UNKNOWN, began, None)
            yield test._replace(warnings=("it began, and its end is not in the report",))


def _test(name: str, status: Outcome, start_ns: int | None, end_ns: int | None) -> ReadTest:
    told = Timing() if start_ns is None or end_ns is None else timing(end_ns - start_ns, 1, status)
    return ReadTest(
        name=name,
        status=status,
        duration_ns=told.duration_ns,
        shown_duration_ns=told.shown_ns,
        start_ns=start_ns,
        resolution_ns=1000,
        warnings=told.warnings,
    )
