"""How exact recorded durations are, against three clocks that know nothing of Lapwing.

    python benchmarks/precision.py [--rounds N] [--json FILE]

Tests of 0.1 ms to 500 ms, half of them computing and half of them sleeping, mixed. Each recorded
call is held against

- `phase`: a reading of the monotonic clock around the same call, by a hook of the suite's own;
- `report`: the duration in pytest's own report;
- `body`: a reading by the test around what it does. Here pytest's way from the hook into the
  test and back lies between the two; how long that is without us, `report - body` tells.

Readings stay in memory until the session ends. The bars: all within 1 ms; on an idle machine
99.9% within 0.1 ms. A machine that is not idle takes the processor away between two readings;
the kernel tells of each test how long it was made to wait, and the last row holds the tests that
waited for less than 0.02 ms.
"""

import argparse
import json
import os
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from child_pytest import TRACKED, run, stored_runs, write_json

LENGTHS_US = {
    100: 600,
    200: 600,
    500: 600,
    1_000: 600,
    2_000: 400,
    5_000: 200,
    10_000: 100,
    20_000: 60,
    50_000: 30,
    100_000: 20,
    200_000: 12,
    500_000: 8,
}
"""Length of a test in microseconds -> how many of them in a round."""

CLOSE_NS = 100_000
BAR_NS = 1_000_000
UNDISTURBED_NS = 20_000

CONFTEST = """
import json, pathlib, time
import pytest

CLOCK = time.perf_counter_ns
PHASES = {}

@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_call(item):
    begin = CLOCK()
    try:
        return (yield)
    finally:
        PHASES[item.callspec.id] = CLOCK() - begin

def pytest_sessionfinish(session):
    from test_lengths import BODIES
    pathlib.Path("clocks.json").write_text(json.dumps({"phase": PHASES, "body": BODIES}))
"""

TESTS = """
import time
import pytest

BODIES = {}
CLOCK = time.perf_counter_ns

def compute(length_ns):
    begin = CLOCK()
    while CLOCK() - begin < length_ns:
        pass

def sleep(length_ns):
    time.sleep(length_ns / 1e9)

@pytest.mark.parametrize("length_us,how,number", CASES)
def test_length(length_us, how, number):
    act = compute if how == "compute" else sleep
    begin = CLOCK()
    act(length_us * 1000)
    end = CLOCK()
    BODIES[f"{length_us}-{how}-{number}"] = end - begin
"""


class Reading(NamedTuple):
    """One test, in nanoseconds."""

    length_us: int
    recorded: int
    phase: int
    report: int
    body: int
    waited: int | None  # runnable, but without a processor; None where the system does not tell


class Row(NamedTuple):
    """Deviations of some tests, in nanoseconds."""

    name: str
    from_phase: list[int]
    from_report: list[int]
    from_body: list[int]
    report_from_body: list[int]


def write_suite(folder: Path) -> None:
    """The tests, the lengths mixed so that a busy moment of the machine hits all of them."""
    cases = sorted(
        (number / count, length, how, number)
        for length, count in LENGTHS_US.items()
        for number in range(count)
        for how in (("compute", "sleep")[number % 2],)
    )
    listed = [(length, how, number) for _, length, how, number in cases]
    (folder / "test_lengths.py").write_text(f"CASES = {listed!r}\n{TESTS}")
    (folder / "conftest.py").write_text(CONFTEST)


def measure(rounds: int) -> list[Reading]:
    """Every test of `rounds` runs."""
    readings: list[Reading] = []
    for number in range(rounds):
        print(f"  round {number + 1} of {rounds}", file=sys.stderr)
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            write_suite(folder)
            ended = run(folder, TRACKED, folder / "journal")
            if ended.exit_code or ended.warnings:
                raise SystemExit(f"the suite failed:\n{ended.output[-2000:]}")
            clocks = json.loads((folder / "clocks.json").read_text())
            told = {each.nodeid: each.seconds for each in ended.reports if each.when == "call"}
            for test in stored_runs(folder)[0].tests:
                case = test.nodeid.partition("[")[2].removesuffix("]")
                assert test.call_ns is not None
                readings.append(
                    Reading(
                        length_us=int(case.partition("-")[0]),
                        recorded=test.call_ns,
                        phase=clocks["phase"][case],
                        report=round(told[test.nodeid] * 1e9),
                        body=clocks["body"][case],
                        waited=test.run_delay_ns,
                    )
                )
    return readings


def row(name: str, readings: list[Reading]) -> Row:
    """The deviations of `readings`."""
    return Row(
        name=name,
        from_phase=[each.recorded - each.phase for each in readings],
        from_report=[each.recorded - each.report for each in readings],
        from_body=[each.recorded - each.body for each in readings],
        report_from_body=[each.report - each.body for each in readings],
    )


def rows(readings: list[Reading]) -> list[Row]:
    """One row per length, one for all, one for those that the machine left alone."""
    alone = [each for each in readings if each.waited is not None and each.waited < UNDISTURBED_NS]
    return [
        *(
            row(f"{length / 1000:g} ms", [each for each in readings if each.length_us == length])
            for length in LENGTHS_US
        ),
        row("all", readings),
        *([row("left alone", alone)] if alone else []),
    ]


def within(deviations: Iterable[int], bar: int) -> float:
    """The share of deviations not over `bar`, in percent."""
    values = [abs(each) for each in deviations]
    return 100 * sum(each <= bar for each in values) / len(values)


def cells(deviations: list[int]) -> str:
    """Share within 0.1 ms and within 1 ms, median and largest in milliseconds."""
    values = sorted(abs(each) for each in deviations)
    middle, largest = values[len(values) // 2] / 1e6, values[-1] / 1e6
    return f"{within(values, CLOSE_NS):7.2f} {within(values, BAR_NS):7.2f} {middle:6.3f} {largest:8.3f}"


def show(table: list[Row]) -> None:
    """Print the table."""
    titles = ("recorded - phase", "recorded - report", "recorded - body", "report - body")
    print(f"{'':10} {'':>6}" + "".join(f" | {title:^31}" for title in titles))
    head = f"{'% <0.1':>7} {'% <1ms':>7} {'median':>6} {'max ms':>8}"
    print(f"{'length':10} {'tests':>6}" + f" | {head}" * 4)
    for each in table:
        print(f"{each.name:10} {len(each.from_phase):6}" + "".join(f" | {cells(part)}" for part in each[1:]))


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rounds", type=int, default=2, metavar="N", help="runs of the suite (default: 2)")
    parser.add_argument("--json", metavar="FILE", help="write the deviations here, too")
    arguments = parser.parse_args()
    load = os.getloadavg()[0]
    table = rows(measure(arguments.rounds))
    show(table)
    print(f"load of the machine at the start {load:.2f}, at the end {os.getloadavg()[0]:.2f}")
    write_json(arguments.json, [each._asdict() for each in table])


if __name__ == "__main__":
    main()
