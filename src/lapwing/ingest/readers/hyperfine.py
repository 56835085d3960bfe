"""hyperfine's JSON: wall seconds of each run of a command."""

from collections.abc import Iterator
from typing import BinaryIO

from lapwing.ingest.benchmark_tests import benchmark_test
from lapwing.ingest.head import Head
from lapwing.ingest.json_document import JsonDocument, object_pieces
from lapwing.ingest.json_fields import Object, named_values, number_in, numbers_in, object_in, text_in
from lapwing.ingest.reader import Problem, ReadItem, ReportFacts
from lapwing.model.read_test import ReadTest
from lapwing.units import NS_PER_S


class HyperfineReader:
    """The mean is told, as the tool's own tables do."""

    name = "hyperfine JSON"

    def recognizes(self, head: Head) -> bool:
        """By results that have a command."""
        beginning = head.json_value
        results = beginning.get("results") if isinstance(beginning, dict) else None
        return isinstance(results, list) and results != [] and _is_result(results[0])

    def read(self, stream: BinaryIO, place: str) -> Iterator[ReadItem]:
        """Each command."""
        yield ReportFacts(tool="hyperfine")
        for item in object_pieces(JsonDocument(stream, ("results", "[]"))):
            if isinstance(item, Problem):
                yield item
            elif item[0]:
                yield _benchmark(item[1])


def _is_result(value: object) -> bool:
    return isinstance(value, dict) and "command" in value


def _benchmark(fields: Object) -> ReadTest:
    mean = number_in(fields, "mean")
    parameters = named_values(object_in(fields, "parameters"))
    failed = [code for code in fields.get("exit_codes") or () if code != 0] if _has_codes(fields) else []
    test = benchmark_test(
        text_in(fields, "command"),
        source="hyperfine",
        told_ns=None if mean is None else mean * NS_PER_S,
        samples_ns=[seconds * NS_PER_S for seconds in numbers_in(fields, "times")],
        parameters=parameters,
        metadata={key: str(number_in(fields, key)) for key in ("user", "system") if number_in(fields, key)},
    )
    if failed:
        return test._replace(warnings=(*test.warnings, f"{len(failed)} runs ended with another code than 0"))
    return test


def _has_codes(fields: Object) -> bool:
    return isinstance(fields.get("exit_codes"), list)
