"""What the embedded store costs: `python benchmarks/store.py [--runs N] [--tests N]`.

Fills a new store with N runs of N tests (100 of 10,000: a million results), then prints a table
of what people wait for. The store lies in a temporary folder.
"""

import argparse
import gc
import random
import tempfile
from collections.abc import Callable
from pathlib import Path
from statistics import median
from time import perf_counter, process_time
from typing import NamedTuple

from lapwing.model.record import FixtureRecord, Outcome, TestRecord
from lapwing.model.run import Machine, RecordedRun, Revision, Run
from lapwing.store.open_store import open_store
from lapwing.store.protocol import RunQuery, Store

DAY_NS = 86_400 * 10**9
FIRST_START_NS = 1_790_000_000 * 10**9


def recorded_run(number: int, *, tests: int) -> RecordedRun:
    """Run `number` of a suite of `tests` tests, as four workers of a Linux machine record it."""
    chance = random.Random(number)
    records = []
    for place in range(tests):
        call = int(chance.lognormvariate(15, 1.5))
        module = f"tests/package_{place // 500}/test_module_{place // 50}.py"
        records.append(
            TestRecord(
                nodeid=f"{module}::TestThing::test_{place}[a-{place}]",
                outcome=Outcome.PASSED if chance.random() > 0.002 else Outcome.FAILED,
                worker=f"gw{place * 4 // tests}",
                start_ns=place * 10**6,
                setup_ns=chance.randrange(10**5, 10**6),
                call_ns=call,
                teardown_ns=chance.randrange(10**5, 10**6),
                setup_cpu_ns=chance.randrange(10**5, 10**6),
                call_cpu_ns=call * 9 // 10,
                teardown_cpu_ns=chance.randrange(10**5, 10**6),
                child_cpu_ns=0,
                thread_cpu_ns=call * 8 // 10,
                peak_bytes=chance.randrange(10**7),
                delta_bytes=chance.randrange(-(10**5), 10**6),
                gc_ns=chance.randrange(10**6),
                gc_count=chance.randrange(10),
                voluntary_switches=chance.randrange(10),
                involuntary_switches=chance.randrange(10),
                minor_faults=chance.randrange(1000),
                major_faults=0,
                read_bytes=chance.randrange(10**5),
                written_bytes=chance.randrange(10**4),
                run_delay_ns=chance.randrange(10**6),
                markers=("slow",) if place % 50 == 0 else (),
            )
        )
    fixtures = tuple(
        FixtureRecord(
            name=f"thing_{place % 100}",
            scope="function",
            location=f"tests/conftest.py:{place % 100}",
            requester=records[place].nodeid,
            worker=records[place].worker,
            setup_ns=chance.randrange(10**6),
            teardown_ns=chance.randrange(10**5),
        )
        for place in range(0, tests, 4)
    )
    return RecordedRun(
        run=Run(
            run_id=f"019a{number:04x}-0000-7000-8000-{number:012x}",
            started_at_ns=FIRST_START_NS + number * DAY_NS // 10,
            duration_ns=60 * 10**9,
            project="benchmark",
            revision=Revision(commit=f"{number:040x}", branch="main"),
            machine=Machine(cpu_model="Some Processor", cores=4, system="Linux"),
            python="3.12.1",
            workers=4,
            is_complete=True,
        ),
        tests=tuple(records),
        fixtures=fixtures,
    )


class Seconds(NamedTuple):
    """Medians of several rounds."""

    wall: float
    cpu: float  # of this process, which a busy machine does not stretch


def seconds(action: Callable[[], object], *, repeat: int = 5) -> Seconds:
    """Wall and processor time of `action`."""
    walls = []
    spent = []
    for _ in range(repeat):
        gc.collect()
        cpu = process_time()
        begin = perf_counter()
        action()
        walls.append(perf_counter() - begin)
        spent.append(process_time() - cpu)
    return Seconds(median(walls), median(spent))


def fill(path: Path, *, runs: int, tests: int) -> Seconds:
    """Write `runs` runs; the median time of one."""
    times = []
    with open_store(str(path), create=True) as store:
        for number in range(runs):
            recorded = recorded_run(number, tests=tests)
            times.append(seconds(lambda recorded=recorded: store.write_run(recorded), repeat=1))
    return Seconds(median(each.wall for each in times), median(each.cpu for each in times))


def write_as_the_test_process_does(path: Path, recorded: RecordedRun) -> None:
    """Open, write, close."""
    with open_store(str(path), create=True) as store:
        store.write_run(recorded)


def questions(store: Store, *, runs: int, tests: int) -> list[tuple[str, Seconds, float | None]]:
    """What is asked of a full store: name, seconds, bar in seconds or None."""
    # What filling has left would be walked through before each round, and fill the caches of the processor.
    gc.collect()
    gc.freeze()
    ids = [digest.run.run_id for digest in store.runs(RunQuery(limit=21))]
    nodeid = store.samples(ids[:1])[0].subjects[tests // 2]
    return [
        (
            f"history of one test, {min(100, runs)} runs",
            seconds(lambda: store.history(nodeid), repeat=101),
            0.001,
        ),
        (f"samples of 2 runs x {tests}", seconds(lambda: store.samples(ids[:2])), 0.05),
        (f"samples of {len(ids)} runs x {tests}", seconds(lambda: store.samples(ids)), 0.35),
        ("fixture samples of 2 runs", seconds(lambda: store.fixture_samples(ids[:2])), None),
        ("one run whole", seconds(lambda: store.read_run(ids[0])), None),
        ("list of all runs", seconds(lambda: store.runs()), None),
        (
            "plan of a removal",
            seconds(lambda: store.prune(older_than_ns=None, keep_bytes=10**6, dry_run=True)),
            None,
        ),
    ]


def main() -> None:
    """Fill a store and print the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--runs", type=int, default=100)
    parser.add_argument("--tests", type=int, default=10_000)
    asked = parser.parse_args()
    runs, tests = asked.runs, asked.tests
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "store.sqlite"
        while_filling = fill(path, runs=runs, tests=tests)
        size = path.stat().st_size
        more = iter([recorded_run(number, tests=tests) for number in range(runs, runs + 7)])
        at_the_end = seconds(lambda: write_as_the_test_process_does(path, next(more)), repeat=7)
        with open_store(str(path), create=False) as store:
            rows = [
                ("one run written, median while filling", while_filling, None),
                (f"open, write {tests} results, close, at {runs * tests}", at_the_end, 0.3),
                *questions(store, runs=runs, tests=tests),
            ]
    print(f"{runs} runs x {tests} tests, {size / 1e6:.0f} MB, {size / (runs * tests):.0f} bytes a result")
    for name, measured, bar in rows:
        wall, cpu = measured.wall * 1000, measured.cpu * 1000
        print(f"{name:52} {wall:10.2f} ms, CPU {cpu:8.2f} ms  {f'bar {bar * 1000:.0f} ms' if bar else ''}")


if __name__ == "__main__":
    main()
