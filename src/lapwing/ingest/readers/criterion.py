"""criterion.rs: an `estimates.json` below target/criterion. Nanoseconds.

The file does not name its benchmark; the folders it lies in do. Old ones write the keys with capitals.
"""

import re
from collections.abc import Iterator
from typing import BinaryIO, Final

from lapwing.ingest.benchmark_tests import benchmark_test
from lapwing.ingest.head import Head
from lapwing.ingest.json_document import JsonDocument
from lapwing.ingest.json_fields import Object, number_in, object_in
from lapwing.ingest.reader import Problem, ReadItem, ReportFacts
from lapwing.model.read_test import ReadTest

_IN_TARGET: Final = re.compile(r"(?:.*/)?criterion/(.+?)/(?:new|base)/[^/]*")


class CriterionReader:
    """One benchmark per file. The slope over growing samples is told where there is one, else the mean."""

    name = "criterion estimates"

    def recognizes(self, head: Head) -> bool:
        """By mean and median absolute deviation; a file of changes has no deviation."""
        keys = {key.lower().replace("_", "") for key in head.json_keys}
        return {"mean", "medianabsdev"} <= keys

    def read(self, stream: BinaryIO, place: str) -> Iterator[ReadItem]:
        """The benchmark that the folders of `place` name."""
        yield ReportFacts(tool="criterion")
        for item in JsonDocument(stream, ()).pieces():
            if isinstance(item, Problem):
                yield item
            elif isinstance(item[1], dict):
                estimates = {key.lower().replace("_", ""): value for key, value in item[1].items()}
                yield _benchmark(estimates, place)


def _benchmark(estimates: Object, place: str) -> ReadTest:
    mean_ns = number_in(object_in(estimates, "mean"), "point_estimate")
    slope_ns = number_in(object_in(estimates, "slope"), "point_estimate")
    path = place.replace("\\", "/")
    match = _IN_TARGET.fullmatch(path)
    return benchmark_test(
        match[1] if match else path,
        source="criterion",
        told_ns=mean_ns if slope_ns is None else slope_ns,
    )
