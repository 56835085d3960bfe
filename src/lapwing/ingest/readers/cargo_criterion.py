"""The messages of cargo-criterion: one JSON line per benchmark, in the unit that it names."""

from collections.abc import Iterator
from typing import Any, BinaryIO, Final

from lapwing.ingest.benchmark_tests import benchmark_test
from lapwing.ingest.head import Head
from lapwing.ingest.json_fields import number_in, numbers_in, object_in, text_in
from lapwing.ingest.json_lines import json_lines
from lapwing.ingest.reader import Problem, ReadItem, ReportFacts
from lapwing.model.read_test import ReadTest
from lapwing.units import NS_PER_MS, NS_PER_S, NS_PER_US

_UNITS: Final = {"ps": 0.001, "ns": 1, "us": NS_PER_US, "µs": NS_PER_US, "ms": NS_PER_MS, "s": NS_PER_S}
_DONE: Final = "benchmark-complete"


class CargoCriterionReader:
    """The typical time is told, as the tool does: the slope, or the mean where there is none."""

    name = "cargo-criterion messages"

    def recognizes(self, head: Head) -> bool:
        """By the reason of a message."""
        return any(line.get("reason") == _DONE for line in head.json_lines)

    def read(self, stream: BinaryIO, place: str) -> Iterator[ReadItem]:
        """Each benchmark that was completed."""
        yield ReportFacts(tool="criterion")
        for item in json_lines(stream):
            if isinstance(item, Problem):
                yield item
            elif item[1].get("reason") == _DONE:
                yield _benchmark(item[1])


def _benchmark(message: dict[str, Any]) -> ReadTest:
    typical = object_in(message, "typical") or object_in(message, "mean")
    told = number_in(typical, "estimate")
    unit_ns = _UNITS.get(text_in(typical, "unit"), 1)
    sampled_ns = _UNITS.get(text_in(message, "unit"), 1)
    totals = numbers_in(message, "measured_values")
    iterations = numbers_in(message, "iteration_count")
    return benchmark_test(
        text_in(message, "id"),
        source="criterion",
        told_ns=None if told is None else told * unit_ns,
        samples_ns=[
            total * sampled_ns / count for total, count in zip(totals, iterations, strict=False) if count > 0
        ],
    )
