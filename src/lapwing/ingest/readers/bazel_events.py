"""Bazel's build events as JSON (`--build_event_json_file`): one event per line, a test per target.

Milliseconds per attempt. A cached result was measured in an earlier build, and is not judged.
"""

from collections.abc import Iterator
from typing import Any, BinaryIO, Final

from lapwing.ingest.head import Head
from lapwing.ingest.json_fields import Object, count_in, object_in, one_line, text_in
from lapwing.ingest.json_lines import json_lines
from lapwing.ingest.reader import Problem, ReadItem, ReportFacts
from lapwing.ingest.times import moment_ns
from lapwing.ingest.timing import Timing, began_ns, timing
from lapwing.model.read_test import DurationKind, ReadAttempt, ReadTest
from lapwing.model.record import Outcome
from lapwing.units import NS_PER_MS, NS_PER_S

_STATUSES: Final = {
    "PASSED": Outcome.PASSED,
    "FLAKY": Outcome.FLAKY,
    "FAILED": Outcome.FAILED,
    "TIMEOUT": Outcome.FAILED,
    "INCOMPLETE": Outcome.ERROR,
    "REMOTE_FAILURE": Outcome.ERROR,
    "TOOL_HALTED_BEFORE_TESTING": Outcome.NOTRUN,
    "NO_STATUS": Outcome.NOTRUN,
}
_IDS: Final = {"started", "testResult", "testSummary", "targetConfigured", "buildFinished", "progress"}

_Key = tuple[str, int, int]  # label, run, shard


class BazelEventsReader:
    """The runs and shards of a target come out with its summary, or at the end of the file."""

    name = "Bazel build events"

    def recognizes(self, head: Head) -> bool:
        """By the ids of the events."""
        return any(isinstance(line.get("id"), dict) and _IDS & line["id"].keys() for line in head.json_lines)

    def read(self, stream: BinaryIO, place: str) -> Iterator[ReadItem]:
        """Each run and shard of each test target; one that could not be built is a problem."""
        yield ReportFacts(tool="bazel")
        attempts: dict[str, dict[_Key, list[tuple[int, Object]]]] = {}
        for item in json_lines(stream):
            if isinstance(item, Problem):
                yield item
                continue
            event = item[1]
            named = object_in(event, "id")
            if "testResult" in named and "testResult" in event:
                which = object_in(named, "testResult")
                label = text_in(which, "label")
                key = (label, count_in(which, "run") or 1, count_in(which, "shard") or 1)
                results = attempts.setdefault(label, {}).setdefault(key, [])
                results.append((count_in(which, "attempt") or 1, object_in(event, "testResult")))
            elif "testSummary" in named:
                label = text_in(object_in(named, "testSummary"), "label")
                overall = text_in(object_in(event, "testSummary"), "overallStatus")
                if overall == "FAILED_TO_BUILD":
                    yield Problem(
                        f"{one_line(label)} could not be built: its tests are missing", loses_tests=True
                    )
                yield from _target(attempts.pop(label, {}))
            elif "started" in named:
                yield ReportFacts(started_at_ns=_started(object_in(event, "started")))
        for results_of_target in attempts.values():
            yield from _target(results_of_target)


def _started(event: Object) -> int | None:
    millis = text_in(event, "startTimeMillis")
    return _moment_of_millis(millis) or moment_ns(text_in(event, "startTime"))


def _target(results: dict[_Key, list[tuple[int, Object]]]) -> Iterator[ReadTest]:
    runs = {run for _, run, _ in results}
    shards = {shard for _, _, shard in results}
    for (label, run, shard), attempts in results.items():
        parameters = [
            *([f"run {run}"] if len(runs) > 1 else []),
            *([f"shard {shard}"] if len(shards) > 1 else []),
        ]
        yield _test(label, ", ".join(parameters), [each for _, each in sorted(attempts, key=_number)])


def _number(numbered: tuple[int, Object]) -> int:
    return numbered[0]


def _test(label: str, parameters: str, attempts: list[Object]) -> ReadTest:
    last = attempts[-1]
    read = [ReadAttempt(_status(each), _told(each).duration_ns) for each in attempts]
    status = _status(last)
    if len(read) > 1 and status is Outcome.PASSED:
        status = Outcome.FLAKY
    told = _told(last)
    is_cached = (
        last.get("cachedLocally") is True or object_in(last, "executionInfo").get("cachedRemotely") is True
    )
    warnings = told.warnings
    if is_cached:
        warnings += ("cached: measured in an earlier build",)
    package, _, target = label.rpartition(":")
    return ReadTest(
        name=f"{target} ({parameters})" if parameters else target,
        status=status,
        duration_ns=None if is_cached else told.duration_ns,
        shown_duration_ns=told.shown_ns,
        duration_kind=DurationKind.LAST if len(read) > 1 else DurationKind.SINGLE,
        package=package,
        parameters=parameters,
        start_ns=_moment_of_millis(text_in(last, "testAttemptStartMillisEpoch"))
        or moment_ns(text_in(last, "testAttemptStart")),
        attempts=tuple(read) if len(read) > 1 else (),
        resolution_ns=NS_PER_MS,
        warnings=warnings,
    )


def _status(result: Object) -> Outcome:
    return _STATUSES.get(text_in(result, "status"), Outcome.UNKNOWN)


def _told(result: Object) -> Timing:
    """The time of an attempt: milliseconds in a text, or seconds with an s since Bazel 5."""
    millis = result.get("testAttemptDurationMillis")
    if millis is not None:
        return timing(_whole(millis), NS_PER_MS, _status(result))
    seconds = text_in(result, "testAttemptDuration").removesuffix("s")
    try:
        return timing(float(seconds) if seconds else None, NS_PER_S, _status(result))
    except ValueError:
        return Timing(warnings=(f"the duration {seconds[:40]!r} is not readable",))


def _whole(told: Any) -> Any:
    """A 64-bit number, which the JSON of protocol buffers writes as a text."""
    return (
        int(told) if isinstance(told, str) and told.isascii() and told.isdigit() and len(told) < 20 else told
    )


def _moment_of_millis(millis: str) -> int | None:
    return began_ns(_whole(millis), NS_PER_MS)
