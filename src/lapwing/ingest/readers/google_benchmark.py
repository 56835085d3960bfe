"""Google Benchmark's JSON: time per iteration in the unit that each entry names, nanoseconds if none.

With repetitions there is an entry for each, and entries that sum them up (mean, median, stddev, cv).
"""

from collections.abc import Iterator
from typing import BinaryIO, Final

from lapwing.ingest.benchmark_tests import benchmark_test
from lapwing.ingest.head import Head
from lapwing.ingest.json_document import JsonDocument, object_pieces
from lapwing.ingest.json_fields import Object, count_in, number_in, object_in, said_in, text_in
from lapwing.ingest.reader import Problem, ReadItem, Repeats, ReportFacts
from lapwing.ingest.times import moment_ns
from lapwing.model.read_test import ReadTest
from lapwing.model.record import Outcome
from lapwing.units import NS_PER_MS, NS_PER_S, NS_PER_US

_UNITS: Final = {"ns": 1, "us": NS_PER_US, "ms": NS_PER_MS, "s": NS_PER_S}


class GoogleBenchmarkReader:
    """The real time is told. Entries that sum up others are parents."""

    name = "Google Benchmark JSON"

    def recognizes(self, head: Head) -> bool:
        """By the context before the benchmarks."""
        beginning = head.json_value
        context = beginning.get("context") if isinstance(beginning, dict) else None
        return isinstance(context, dict) and ("num_cpus" in context or "benchmarks" in beginning)

    def read(self, stream: BinaryIO, place: str) -> Iterator[ReadItem]:
        """Each entry."""
        yield ReportFacts(tool="google-benchmark", repeats=Repeats.OCCURRENCES)
        for item in object_pieces(JsonDocument(stream, ("context",), ("benchmarks", "[]"))):
            if isinstance(item, Problem):
                yield item
            elif item[0] == ("benchmarks", "[]"):
                yield _benchmark(item[1])
            elif isinstance(item[1], dict):
                yield ReportFacts(started_at_ns=moment_ns(text_in(item[1], "date")))


def _benchmark(fields: Object) -> ReadTest:
    unit_ns = _UNITS.get(text_in(fields, "time_unit"), 1)
    told = number_in(fields, "real_time")
    is_ratio = text_in(fields, "aggregate_unit") == "percentage"
    is_aggregate = text_in(fields, "run_type") == "aggregate"
    test = benchmark_test(
        text_in(fields, "name"),
        source="google-benchmark",
        told_ns=None if told is None or is_ratio else told * unit_ns,
        iterations=count_in(fields, "iterations") or 1,
        metadata={"label": text_in(fields, "label")} if text_in(fields, "label") else {},
        is_parent=is_aggregate,
    )
    if fields.get("error_occurred") is True or object_in(fields, "error_message"):
        said = said_in(fields, "error_message")
        return test._replace(status=Outcome.FAILED, duration_ns=None, benchmark=None, warnings=(said,))
    if is_ratio and told is not None:
        return test._replace(warnings=(f"a ratio of {told:.4g}, no time",))
    return test
