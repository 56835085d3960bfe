"""Lapwing's own files: the data file, a run as `lapwing show --format json` prints it, the baseline file."""

from collections.abc import Iterator
from typing import BinaryIO, Final

from lapwing.ingest.head import Head
from lapwing.ingest.json_document import JsonDocument
from lapwing.ingest.json_fields import Object, count_in, numbers_in, object_in, text_in, texts_in, whole_text
from lapwing.ingest.reader import Problem, ReadItem, Repeats, ReportFacts
from lapwing.ingest.times import moment_ns
from lapwing.ingest.timing import nanoseconds, timing
from lapwing.model.measurement import BenchmarkRecord
from lapwing.model.read_test import ReadTest
from lapwing.model.record import Outcome
from lapwing.units import NS_PER_S

_OUTCOMES: Final = {outcome.value: outcome for outcome in Outcome}
_OF_FILES: Final = {"lapwing_run", "run_id", "baseline_date", "suite_metrics", "run"}


class LapwingRunReader:
    """Tests come out as they are read. A baseline's durations are those of many runs."""

    name = "Lapwing run"

    def recognizes(self, head: Head) -> bool:
        """By our keys, and by node ids in the tests."""
        beginning = head.json_value
        if not isinstance(beginning, dict) or not (_OF_FILES & beginning.keys()) or "tests" not in beginning:
            return False
        tests = beginning["tests"]
        if isinstance(tests, list):
            return not tests or (isinstance(tests[0], dict) and "nodeid" in tests[0])
        return isinstance(tests, dict) and not ({"baseline_date", "suite_metrics"}.isdisjoint(beginning))

    def read(self, stream: BinaryIO, place: str) -> Iterator[ReadItem]:
        """Each test, and each benchmark."""
        yield ReportFacts(tool="lapwing", repeats=Repeats.ATTEMPTS)
        document = JsonDocument(stream, ("tests", "[]"), ("tests", "*"), ("benchmarks", "[]"))
        for item in document.pieces():
            if isinstance(item, Problem):
                yield item
                continue
            path, value = item
            if not path:
                continue
            if not isinstance(value, dict):
                yield Problem(f"an entry of {path[0]} is no object", document.place)
            elif path == ("benchmarks", "[]"):
                yield _benchmark(value)
            elif path == ("tests", "[]"):
                yield _test(value)
            else:
                yield _of_baseline(path[1], value)


def _test(entry: Object) -> ReadTest:
    status = _OUTCOMES.get(text_in(entry, "status") or text_in(entry, "outcome"), Outcome.UNKNOWN)
    in_seconds = "duration_ns" not in entry
    suffix, unit_ns = ("", NS_PER_S) if in_seconds else ("_ns", 1)
    told = timing(entry.get(f"duration{suffix}"), unit_ns, status)
    return ReadTest(
        name=text_in(entry, "nodeid"),
        status=status,
        duration_ns=told.duration_ns,
        shown_duration_ns=told.shown_ns,
        start_ns=moment_ns(text_in(entry, "timestamp")),
        setup_ns=nanoseconds(entry.get(f"setup{suffix}"), unit_ns),
        call_ns=nanoseconds(entry.get(f"call{suffix}"), unit_ns),
        teardown_ns=nanoseconds(entry.get(f"teardown{suffix}"), unit_ns),
        tags=texts_in(entry, "markers"),
        warnings=told.warnings,
    )


def _of_baseline(nodeid: str, entry: Object) -> ReadTest:
    told = timing(entry.get("duration"), NS_PER_S, Outcome.PASSED)
    return ReadTest(
        name=whole_text(nodeid),
        status=Outcome.PASSED,
        duration_ns=told.duration_ns,
        shown_duration_ns=told.shown_ns,
        tags=texts_in(entry, "markers"),
        warnings=told.warnings,
    )


def _benchmark(entry: Object) -> ReadTest:
    samples = numbers_in(entry, "samples")
    unit = text_in(entry, "unit") or "ns"
    record = BenchmarkRecord(
        name=text_in(entry, "name"),
        nodeid=text_in(entry, "nodeid"),
        source=text_in(entry, "source") or "lapwing",
        unit=unit,
        samples=samples,
        iterations=count_in(entry, "iterations") or 1,
        warmup=count_in(entry, "warmup") or 0,
        group=text_in(entry, "group") or None,
        metadata={
            whole_text(key): whole_text(str(value)) for key, value in object_in(entry, "metadata").items()
        },
        metric=text_in(entry, "metric") or "wall",
        higher_is_better=entry.get("higher_is_better") is True,
    )
    mean = sum(samples) / len(samples) if samples and unit == "ns" else None
    told = timing(mean, 1, Outcome.BENCHMARK)
    return ReadTest(
        name=record.nodeid or record.name,
        status=Outcome.BENCHMARK,
        duration_ns=told.duration_ns,
        shown_duration_ns=told.shown_ns,
        benchmark=record,
        warnings=told.warnings,
    )
