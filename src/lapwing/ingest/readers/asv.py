"""asv's results, one file per commit and machine, version 2.

The unit of a result goes by the kind of benchmark, which its name begins with: seconds for `time_`, bytes
for `mem_` and `peakmem_`, its own for `track_`. The file holds Infinity, no JSON in the strict sense.
"""

import itertools
import math
from collections.abc import Iterator
from typing import Any, BinaryIO, Final

from lapwing.ingest.benchmark_tests import benchmark_test
from lapwing.ingest.head import Head
from lapwing.ingest.json_document import JsonDocument
from lapwing.ingest.json_fields import is_number, whole_text
from lapwing.ingest.reader import Problem, ReadItem, ReportFacts
from lapwing.ingest.timing import began_ns
from lapwing.model.measurement import BenchmarkRecord
from lapwing.model.read_test import ReadTest
from lapwing.model.record import Outcome
from lapwing.units import NS_PER_MS, NS_PER_S

_BYTES: Final = ("mem_", "peakmem_")
_MOST_COMBINATIONS: Final = 100_000


class AsvReader:
    """One benchmark per combination of parameters; one that gave no result has failed."""

    name = "asv results"

    def recognizes(self, head: Head) -> bool:
        """By the columns of the results."""
        return {"result_columns", "commit_hash"} <= set(head.json_keys)

    def read(self, stream: BinaryIO, place: str) -> Iterator[ReadItem]:
        """Each benchmark."""
        yield ReportFacts(tool="asv")
        columns: list[str] = []
        for item in JsonDocument(stream, ("date",), ("result_columns",), ("results",)).pieces():
            if isinstance(item, Problem):
                yield item
                continue
            path, value = item
            if path == ("date",):
                yield ReportFacts(started_at_ns=began_ns(value, NS_PER_MS))
            elif path == ("result_columns",) and isinstance(value, list):
                columns = [str(each) for each in value]
            elif path == ("results",) and isinstance(value, dict):
                for name, row in value.items():
                    cells = row if isinstance(row, list) else [row]
                    yield from _benchmark(whole_text(name), dict(zip(columns, cells, strict=False)))


def _benchmark(name: str, row: dict[str, Any]) -> Iterator[ReadTest]:
    results, params, samples = row.get("result"), row.get("params"), row.get("samples")
    start_ns = began_ns(row.get("started_at"), NS_PER_MS)
    if not isinstance(results, list):
        yield ReadTest(name=name, status=Outcome.FAILED, start_ns=start_ns, warnings=("it gave no result",))
        return
    values = [each if isinstance(each, list) else [] for each in params] if isinstance(params, list) else []
    combinations = itertools.islice(itertools.product(*values), _MOST_COMBINATIONS)
    for at, (chosen, result) in enumerate(zip(combinations, results, strict=False)):
        parameters = ", ".join(whole_text(str(each)) for each in chosen)
        full_name = f"{name}({parameters})" if parameters else name
        own = samples[at] if isinstance(samples, list) and at < len(samples) else None
        test = _result(full_name, name.rpartition(".")[2], result, own if isinstance(own, list) else [])
        yield test._replace(parameters=parameters, start_ns=start_ns)


def _result(name: str, function: str, result: Any, samples: list[Any]) -> ReadTest:
    if result is None:
        return ReadTest(name=name, status=Outcome.FAILED, warnings=("it gave no result",))
    if not is_number(result):
        is_left_out = isinstance(result, float) and math.isnan(result)
        return ReadTest(name=name, status=Outcome.SKIPPED if is_left_out else Outcome.UNKNOWN)
    if function.startswith("time"):
        seconds = [each for each in samples if is_number(each)]
        return benchmark_test(
            name,
            source="asv",
            told_ns=result * NS_PER_S,
            samples_ns=[each * NS_PER_S for each in seconds],
        )
    unit = "bytes" if function.startswith(_BYTES) else "unit"
    record = BenchmarkRecord(name=name, nodeid=name, source="asv", unit=unit, samples=(float(result),))
    return ReadTest(name=name, status=Outcome.BENCHMARK, benchmark=record)
