"""pytest-benchmark's JSON: seconds per iteration, with every round where the run saved its data."""

from collections.abc import Iterator
from typing import Any, BinaryIO

from lapwing.ingest.benchmark_tests import benchmark_test
from lapwing.ingest.head import Head
from lapwing.ingest.json_document import JsonDocument, object_pieces
from lapwing.ingest.json_fields import Object, count_in, number_in, numbers_in, object_in, text_in, whole_text
from lapwing.ingest.reader import Problem, ReadItem, ReportFacts
from lapwing.ingest.times import moment_ns
from lapwing.model.ids import split_node_id
from lapwing.model.read_test import ReadTest
from lapwing.units import NS_PER_S


class PytestBenchmarkReader:
    """The mean is told, as the tool's own tables do."""

    name = "pytest-benchmark JSON"

    def recognizes(self, head: Head) -> bool:
        """By the machine before the benchmarks."""
        return {"machine_info", "benchmarks"} & set(head.json_keys) != set() and (
            "machine_info" in head.json_keys or "commit_info" in head.json_keys
        )

    def read(self, stream: BinaryIO, place: str) -> Iterator[ReadItem]:
        """Each benchmark."""
        yield ReportFacts(tool="pytest-benchmark")
        document = JsonDocument(stream, ("benchmarks", "[]"), ("datetime",))
        for item in object_pieces(document):
            if isinstance(item, Problem):
                yield item
            elif item[0] == ("benchmarks", "[]"):
                yield _benchmark(item[1])
            elif isinstance(item[1], str):
                yield ReportFacts(started_at_ns=moment_ns(item[1]))


def _benchmark(fields: Object) -> ReadTest:
    stats = object_in(fields, "stats")
    mean = number_in(stats, "mean")
    nodeid = text_in(fields, "fullname")
    metadata: dict[str, Any] = {**object_in(fields, "params"), **object_in(fields, "extra_info")}
    return benchmark_test(
        text_in(fields, "name"),
        source="pytest-benchmark",
        told_ns=None if mean is None else mean * NS_PER_S,
        samples_ns=[seconds * NS_PER_S for seconds in numbers_in(stats, "data")],
        nodeid=nodeid,
        iterations=count_in(stats, "iterations") or 1,
        group=text_in(fields, "group"),
        metadata={whole_text(key): whole_text(str(value)) for key, value in metadata.items()},
        file=split_node_id(nodeid).file,
        suite_path=split_node_id(nodeid).classes,
        parameters=text_in(fields, "param"),
    )
