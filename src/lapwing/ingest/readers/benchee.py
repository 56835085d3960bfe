"""Benchee's JSON: an array of scenarios in nanoseconds; before Benchee 1.0 an object, in microseconds."""

from collections.abc import Iterator, Sequence
from typing import BinaryIO

from lapwing.ingest.benchmark_tests import benchmark_test
from lapwing.ingest.head import Head
from lapwing.ingest.json_document import JsonDocument, object_pieces
from lapwing.ingest.json_fields import Object, number_in, numbers_in, object_in, text_in, whole_text
from lapwing.ingest.reader import Problem, ReadItem, ReportFacts
from lapwing.model.read_test import ReadTest
from lapwing.units import NS_PER_US


class BencheeReader:
    """The average is told, as the tool's own tables do."""

    name = "Benchee JSON"

    def recognizes(self, head: Head) -> bool:
        """By the run times of scenarios or of all jobs."""
        if head.is_json_array:
            return "run_time_data" in head.json_keys
        return {"run_times", "statistics"} <= set(head.json_keys)

    def read(self, stream: BinaryIO, place: str) -> Iterator[ReadItem]:
        """Each scenario."""
        yield ReportFacts(tool="benchee")
        samples: Object = {}
        averages: Object = {}
        for item in object_pieces(JsonDocument(stream, ("[]",), ("run_times",), ("statistics",))):
            if isinstance(item, Problem):
                yield item
                continue
            path, value = item
            if path == ("[]",):
                yield _scenario(value)
            elif path == ("run_times",) and isinstance(value, dict):
                samples = value
            elif path == ("statistics",) and isinstance(value, dict):
                averages = value
            elif not path:
                for job in averages:
                    average_us = number_in(object_in(averages, job), "average")
                    yield _benchmark(whole_text(job), "", average_us, numbers_in(samples, job), NS_PER_US)
                samples, averages = {}, {}


def _scenario(fields: Object) -> ReadTest:
    data = object_in(fields, "run_time_data")
    average_ns = number_in(object_in(data, "statistics"), "average")
    name = text_in(fields, "job_name") or text_in(fields, "name")
    given = text_in(fields, "input_name")
    # The marker that Benchee gives to jobs without an input.
    parameters = "" if given == "__no_input" else given
    return _benchmark(name, parameters, average_ns, numbers_in(data, "samples"), 1)


def _benchmark(
    name: str, parameters: str, average: float | None, samples: Sequence[float], unit_ns: int
) -> ReadTest:
    return benchmark_test(
        f"{name} ({parameters})" if parameters else name,
        source="benchee",
        told_ns=None if average is None else average * unit_ns,
        samples_ns=[each * unit_ns for each in samples],
        parameters=parameters,
    )
