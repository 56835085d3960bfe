"""The JSON reporter of `dart test` and `flutter test --machine`: events with milliseconds since the start.

Loading a file is reported as a hidden test. A file that cannot be loaded is one that is not hidden.
"""

from collections.abc import Iterator
from typing import Any, BinaryIO, Final

from lapwing.ingest.head import Head
from lapwing.ingest.json_fields import Object, count_in, number_in, object_in, text_in
from lapwing.ingest.json_lines import json_lines
from lapwing.ingest.reader import Problem, ReadItem, ReportFacts
from lapwing.ingest.timing import Timing, timing
from lapwing.model.read_test import ReadTest
from lapwing.model.record import Outcome
from lapwing.units import NS_PER_MS

_RESULTS: Final = {"success": Outcome.PASSED, "failure": Outcome.FAILED, "error": Outcome.ERROR}


class DartJsonReader:
    """Tests come out when they end; those that began and never ended at the end of the file."""

    name = "Dart test JSON"

    def recognizes(self, head: Head) -> bool:
        """By the protocol of the first event, or by the start of a test."""
        return any(
            "protocolVersion" in line or (line.get("type") == "testStart" and "test" in line)
            for line in head.json_lines
        )

    def read(self, stream: BinaryIO, place: str) -> Iterator[ReadItem]:
        """Each test that is not hidden."""
        yield ReportFacts(tool="dart")
        suites: dict[Any, str] = {}
        groups: dict[Any, str] = {}
        running: dict[int, tuple[Object, float | None]] = {}
        for item in json_lines(stream):
            if isinstance(item, Problem):
                yield item
                continue
            event = item[1]
            match event.get("type"):
                case "suite":
                    suite = object_in(event, "suite")
                    suites[count_in(suite, "id")] = text_in(suite, "path").replace("\\", "/")
                case "group":
                    group = object_in(event, "group")
                    groups[count_in(group, "id")] = text_in(group, "name")
                case "testStart":
                    test = object_in(event, "test")
                    running[count_in(test, "id") or 0] = (test, number_in(event, "time"))
                case "testDone":
                    began = running.pop(count_in(event, "testID") or 0, None)
                    if began is not None and event.get("hidden") is not True:
                        yield _test(*began, event, suites, groups)
        for test, start in running.values():
            if not text_in(test, "name").startswith("loading "):
                yield _test(test, start, {}, suites, groups)


def _test(
    test: Object, start: float | None, done: Object, suites: dict[Any, str], groups: dict[Any, str]
) -> ReadTest:
    status = _RESULTS.get(text_in(done, "result"), Outcome.UNKNOWN)
    if done.get("skipped") is True:
        status = Outcome.SKIPPED
    end = number_in(done, "time")
    told = Timing() if start is None or end is None else timing(end - start, NS_PER_MS, status)
    ids = test.get("groupIDs")
    titles = [groups.get(each, "") for each in ids if isinstance(each, int)] if isinstance(ids, list) else []
    # The name of a group holds those of the groups around it.
    suite_path = tuple(
        title.removeprefix(outer).strip()
        for outer, title in zip(["", *titles], titles, strict=False)
        if title
    )
    return ReadTest(
        name=text_in(test, "name"),
        status=status,
        duration_ns=told.duration_ns,
        shown_duration_ns=told.shown_ns,
        suite_path=suite_path,
        file=suites.get(count_in(test, "suiteID"), ""),
        line=count_in(test, "root_line") or count_in(test, "line"),
        resolution_ns=NS_PER_MS,
        warnings=told.warnings if done else ("it began, and its end is not in the report",),
    )
