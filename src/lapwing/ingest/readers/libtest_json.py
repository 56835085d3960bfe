"""libtest's JSON lines (`cargo test -- --format json`) and those of cargo-nextest, which follow them.

Seconds per test where the runner was asked for them. libtest does not name the binaries whose tests
follow each other, so they are numbered; nextest names them, and puts the number of attempts behind
the name of a test that it tried again.
"""

import re
from collections.abc import Iterator
from typing import Any, BinaryIO, Final

from lapwing.ingest.head import Head
from lapwing.ingest.json_fields import number_in, text_in
from lapwing.ingest.json_lines import json_lines
from lapwing.ingest.reader import Problem, ReadItem, ReportFacts
from lapwing.ingest.timing import timing
from lapwing.model.measurement import BenchmarkRecord
from lapwing.model.read_test import DurationKind, ReadAttempt, ReadTest
from lapwing.model.record import Outcome
from lapwing.units import NS_PER_S

_ENDS: Final = {
    "ok": Outcome.PASSED,
    "failed": Outcome.FAILED,
    "ignored": Outcome.SKIPPED,
    "allowed_failure": Outcome.XFAILED,
}
_NEXTEST_NAME: Final = re.compile(r"(?P<binary>[^$]*)\$(?P<test>.*?)(?:#(?P<attempts>\d{1,3}))?", re.DOTALL)


class LibtestJsonReader:
    """Tests come out when they end; those that began and never ended at the end of their binary."""

    name = "libtest JSON"

    def recognizes(self, head: Head) -> bool:
        """By the events of suites and tests."""
        return any(line.get("type") in ("suite", "test") and "event" in line for line in head.json_lines)

    def read(self, stream: BinaryIO, place: str) -> Iterator[ReadItem]:
        """Each test and benchmark of each binary."""
        binary = 0
        running: dict[str, None] = {}
        for item in json_lines(stream):
            if isinstance(item, Problem):
                yield item
                continue
            event = item[1]
            kind, what, name = event.get("type"), event.get("event"), text_in(event, "name")
            if kind == "suite":
                # The binaries of libtest follow each other; those of nextest run at the same time.
                yield from _left_open([each for each in running if "$" not in each], running, binary)
                binary += what == "started"
                yield ReportFacts(tool="nextest" if "nextest" in event else "")
            elif kind == "test" and what == "started" and name:
                running[name] = None
            elif kind == "test" and isinstance(what, str) and what in _ENDS and name:
                running.pop(name, None)
                running.pop(name.rpartition("#")[0], None)
                yield _test(event, name, _ENDS[what], binary)
            elif kind == "bench" and name:
                running.pop(name, None)
                yield _benchmark(event, name, binary)
        yield from _left_open(list(running), running, binary)
        yield ReportFacts(tool="cargo test")


def _left_open(names: list[str], running: dict[str, None], binary: int) -> Iterator[ReadTest]:
    for name in names:
        del running[name]
        test = _test({}, name, Outcome.UNKNOWN, binary)
        yield test._replace(warnings=("it began, and its end is not in the report",))


def _test(event: dict[str, Any], name: str, status: Outcome, binary: int) -> ReadTest:
    told = timing(event.get("exec_time"), NS_PER_S, status)
    suite_path: tuple[str, ...] = (f"binary {binary}",) if binary else ()
    package = ""
    attempts: tuple[ReadAttempt, ...] = ()
    match = _NEXTEST_NAME.fullmatch(name)
    if match is not None:
        suite_path, package, name = (), match["binary"], match["test"]
        tried = int(match["attempts"] or 1)
        if tried > 1:
            attempts = (*[ReadAttempt(Outcome.FAILED)] * (tried - 1), ReadAttempt(status, told.duration_ns))
            status = Outcome.FLAKY if status is Outcome.PASSED else status
    return ReadTest(
        name=name,
        status=status,
        duration_ns=told.duration_ns,
        shown_duration_ns=told.shown_ns,
        duration_kind=DurationKind.LAST if attempts else DurationKind.SINGLE,
        suite_path=suite_path,
        package=package,
        attempts=attempts,
        warnings=told.warnings,
    )


def _benchmark(event: dict[str, Any], name: str, binary: int) -> ReadTest:
    median_ns = number_in(event, "median")
    told = timing(median_ns, 1, Outcome.BENCHMARK)
    test = _test({}, name, Outcome.BENCHMARK, binary)
    record = BenchmarkRecord(
        name=test.name,
        nodeid="::".join((*test.suite_path, test.package, test.name)).replace("::::", "::"),
        source="cargo bench",
        unit="ns",
        samples=() if told.duration_ns is None else (float(median_ns or 0),),
        metadata={"deviation_ns": str(number_in(event, "deviation") or 0)},
    )
    return test._replace(duration_ns=told.duration_ns, shown_duration_ns=told.shown_ns, benchmark=record)
