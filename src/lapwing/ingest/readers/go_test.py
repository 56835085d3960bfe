"""`go test -json`: one event per line. Seconds in steps of 0.01 for tests, 0.001 for packages.

A test that starts subtests is their parent: its time covers those that ran one after another and is 0
where they ran in parallel. Go finds the events in the text that tests print, so a test can print the
end of a test that never began; before Go 1.20 an output without line end hides the real end.
"""

import re
from collections.abc import Iterator
from typing import Any, BinaryIO, Final

from lapwing.ingest.head import Head
from lapwing.ingest.json_fields import one_line, text_in
from lapwing.ingest.json_lines import json_lines
from lapwing.ingest.reader import Problem, ReadItem, ReportFacts
from lapwing.ingest.times import moment_ns
from lapwing.ingest.timing import Timing, timing
from lapwing.model.measurement import BenchmarkRecord
from lapwing.model.read_test import ReadTest
from lapwing.model.record import Outcome
from lapwing.units import NS_PER_MS, NS_PER_S

_RESOLUTION_NS: Final = 10 * NS_PER_MS
_ENDS: Final = {
    "pass": Outcome.PASSED,
    "fail": Outcome.FAILED,
    "skip": Outcome.SKIPPED,
    "bench": Outcome.BENCHMARK,
}
_BENCHMARK: Final = re.compile(r"^(Benchmark\S*?)(-\d+)?\s+(\d+)\s+([\d.]+) ns/op(.*)$", re.MULTILINE)
_NOT_BUILT: Final = re.compile(r"FAIL\t.*\[(?:build|setup) failed\]")
_MOST_OUTPUT: Final = 1 << 16  # characters of output without a line end that may be one benchmark's line


class _Package:
    """What is open of one package."""

    def __init__(self) -> None:
        self.running: dict[str, str] = {}  # test -> time of its start
        self.parents: set[str] = set()
        self.benchmarks: set[str] = set()  # whose figures have been read
        self.output = ""  # the beginning of a benchmark's line
        self.tells_failure = False  # a test of it failed
        self.is_built = True

    def begin(self, test: str, time: str) -> None:
        """Take note of a start. A subtest's name is its parent's, a slash, and any text."""
        self.running.setdefault(test, time)
        parent = test
        while parent := parent.rpartition("/")[0]:
            if parent in self.running:
                self.parents.add(parent)
                return


class GoTestReader:
    """Tests come out when they end; those that began and never ended at the end of their package."""

    name = "go test -json"

    def recognizes(self, head: Head) -> bool:
        """By the action on a package."""
        return any(
            "Action" in line and ("Package" in line or "ImportPath" in line) for line in head.json_lines
        )

    def read(self, stream: BinaryIO, place: str) -> Iterator[ReadItem]:
        """Each test and each benchmark; a problem for a package that could not be built."""
        yield ReportFacts(tool="go")
        packages: dict[str, _Package] = {}
        for item in json_lines(stream, skips=_is_mere_output):
            if isinstance(item, Problem):
                yield item
                continue
            event = item[1]
            name = text_in(event, "Package")
            action = event.get("Action")
            if not name or not isinstance(action, str):
                continue
            package = packages.setdefault(name, _Package())
            test = text_in(event, "Test")
            if action == "output":
                output = text_in(event, "Output")
                package.is_built &= not _NOT_BUILT.match(output)
                yield from _benchmarks(package, name, output)
            elif test and action == "run":
                package.begin(test, text_in(event, "Time"))
            elif test and action in _ENDS:
                yield from _ended(package, name, test, event)
            elif action in _ENDS:
                package.is_built &= "FailedBuild" not in event
                yield from _package_ended(packages.pop(name), name, is_failed=action == "fail")
        for name, package in packages.items():
            yield from _package_ended(package, name, is_failed=False)


def _is_mere_output(line: bytes) -> bool:
    """Whether `line` is printed text in which neither a benchmark nor a failed build can be.

    Most of a report is such text; what is inside of its JSON string cannot look like these keys.
    """
    return b'"Action":"output"' in line and not (
        b"Benchmark" in line or b" ns/op" in line or b'"FAIL\\t' in line
    )


def _ended(package: _Package, name: str, test: str, event: dict[str, Any]) -> Iterator[ReadTest]:
    status = _ENDS[event["Action"]]
    package.tells_failure |= status is Outcome.FAILED
    began = package.running.pop(test, None)
    if test in package.benchmarks and status is not Outcome.FAILED:
        return
    is_parent = test in package.parents
    package.parents.discard(test)
    told = timing(event.get("Elapsed"), NS_PER_S, status)
    if began is None:
        doubt = "the report has no start of this test: its end may be text that another test printed"
        told = Timing(told.shown_ns, None, (*told.warnings, doubt))
    yield _test(name, test, status, told, began or "", is_parent=is_parent)


def _package_ended(package: _Package, name: str, *, is_failed: bool) -> Iterator[ReadItem]:
    """The tests that began and did not end; the package itself where nothing else tells why it failed."""
    unfinished = Timing(warnings=("it began, and its end is not in the report",))
    for test, began in package.running.items():
        yield _test(name, test, Outcome.UNKNOWN, unfinished, began, is_parent=test in package.parents)
    if is_failed and not package.running and not package.tells_failure:
        why = "failed outside of its tests" if package.is_built else "could not be built"
        yield Problem(f"package {one_line(name)} {why}: tests of it are missing", loses_tests=True)


def _test(package: str, test: str, status: Outcome, told: Timing, began: str, *, is_parent: bool) -> ReadTest:
    return ReadTest(
        name=test,
        status=status,
        # A parent of parallel subtests has waited for none of them.
        duration_ns=None if is_parent and told.shown_ns == 0 else told.duration_ns,
        shown_duration_ns=told.shown_ns,
        package=package,
        start_ns=moment_ns(began),
        resolution_ns=_RESOLUTION_NS,
        is_parent=is_parent,
        warnings=told.warnings,
    )


def _benchmarks(package: _Package, name: str, output: str) -> Iterator[ReadTest]:
    """The benchmarks whose lines `output` completes: Go writes the name and the numbers of one apart."""
    if not package.output and "Benchmark" not in output:
        return
    joined = package.output + output
    whole, newline, rest = joined.rpartition("\n")
    package.output = rest[-_MOST_OUTPUT:] if "Benchmark" in rest else ""
    for match in _BENCHMARK.finditer(whole + newline):
        benchmark, processors, iterations, per_call, more = match.groups()
        try:
            sample = float(per_call)
        except ValueError:
            continue
        package.benchmarks.add(benchmark)
        package.running.pop(benchmark, None)
        told = timing(sample, 1, Outcome.BENCHMARK)
        record = BenchmarkRecord(
            name=benchmark,
            nodeid=f"{name}.{benchmark}",
            source="go",
            unit="ns",
            samples=(sample,),
            iterations=int(iterations[:18]),
            metadata={"processors": (processors or "-1")[1:], **_more_figures(more)},
        )
        yield ReadTest(
            name=benchmark,
            status=Outcome.BENCHMARK,
            duration_ns=told.duration_ns,
            shown_duration_ns=told.shown_ns,
            package=name,
            benchmark=record,
        )


def _more_figures(text: str) -> dict[str, str]:
    """Figures beside the time, such as `16 B/op`, by their units."""
    words = text.split()
    return {unit: number for number, unit in zip(words[::2], words[1::2], strict=False)}
