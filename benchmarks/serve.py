"""How fast the server answers with many results in the store, alone and while many jobs push.

    python benchmarks/serve.py --store /tmp/bench.sqlite --results 1000000
    python benchmarks/serve.py --store postgresql://user@host/db --results 10000000 --fill-only

Fills the store up with runs of 10,000 tests (it may be used again), starts `lapwing serve` on it and asks
each page and route of the API over one connection, from a process of its own; then the same while `--jobs`
threads of a third push new runs of 10,000 tests, each `--runs` without a pause. Prints the first answer
after the start, p50, p95 and the largest, in ms.
"""

import argparse
import gzip
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time
import uuid
from pathlib import Path

import httpx

from lapwing.model.codec import sent_run_dict
from lapwing.model.record import Outcome, TestRecord
from lapwing.model.run import Machine, RecordedRun, Revision, Run, WorkerFacts
from lapwing.store.open_store import open_store

TESTS = 10_000
WORKERS = 8
DAY_NS = 86_400 * 10**9
NAMES = [
    f"tests/{'unit' if n % 5 else 'integration'}/area_{n % 97}/test_part_{n % 811}.py::TestPart::test_{n}"
    for n in range(TESTS)
]
PAGES = (
    "/",
    "/runs",
    "/tests",
    "/inbox",
    "/compare",
    "/trend",
    "/flaky",
    "/what-if",
    "/why",
    "/run",
    "/live",
)
ROUTES = ("runs", "tests?q=area_3", "findings", "comparisons", "projects")


def suite(seed: int) -> list[float]:
    rng = random.Random(seed)
    return [min(5e9, rng.lognormvariate(15.5, 1.6)) for _ in range(TESTS)]


def made_run(number: int, started_at_ns: int, base: list[float]) -> RecordedRun:
    """One run of 10,000 tests on 8 workers, with noise of 8% per test and 5% per machine."""
    rng = random.Random(number)
    factor = rng.lognormvariate(0, 0.05)
    ends = [10**9] * WORKERS
    records = []
    for at, level in enumerate(base):
        worker = at % WORKERS
        took = int(level * factor * rng.lognormvariate(0, 0.08))
        setup, teardown = took // 5, took // 20
        call = took - setup - teardown
        records.append(
            TestRecord(
                nodeid=NAMES[at],
                outcome=Outcome.FAILED if rng.random() < 0.0002 else Outcome.PASSED,
                worker=f"gw{worker}",
                category="unit" if at % 5 else "integration",
                start_ns=ends[worker],
                setup_ns=setup,
                call_ns=call,
                teardown_ns=teardown,
                setup_cpu_ns=setup // 2,
                call_cpu_ns=call // 2,
                teardown_cpu_ns=0,
                child_cpu_ns=0,
                peak_bytes=rng.randrange(10**6),
                delta_bytes=0,
                gc_ns=0,
                run_delay_ns=0,
                involuntary_switches=1,
            )
        )
        ends[worker] += took
    processes = tuple(WorkerFacts(f"gw{at}", at + 2, 10**8, 7 * 10**8, end) for at, end in enumerate(ends))
    run = Run(
        run_id=str(uuid.UUID(int=((started_at_ns // 10**6) << 80) | (7 << 76) | (2 << 62) | number)),
        started_at_ns=started_at_ns,
        duration_ns=max(ends),
        project="bench",
        revision=Revision(f"{number:040x}", "main", None, False),
        machine=Machine("cpu", WORKERS, 8 << 30, "Linux", "6"),
        python="3.12.1",
        workers=WORKERS,
        distribution="load",
        processes=processes,
        exit_status=0,
        is_complete=True,
        startup_ns=10**8,
    )
    return RecordedRun(run=run, tests=tuple(records))


def fill(url: str, results: int) -> None:
    """Bring the store to `results` results, the newest an hour old, four runs a day."""
    wanted, base = results // TESTS, suite(1)
    with open_store(url, create=True) as store:
        have = store.run_count()
        newest = time.time_ns() - DAY_NS // 24
        began = time.perf_counter()
        for number in range(have, wanted):
            # Later fillings go further back, so that a store grows into its past.
            store.write_run(made_run(number, newest - number * DAY_NS // 4, base))
        added = max(0, wanted - have)
    print(
        f"filled: {added} runs in {time.perf_counter() - began:.0f} s, {max(have, wanted) * TESTS:,} results"
    )


def measure(name: str, samples: list[float]) -> None:
    ordered = sorted(samples[1:] or samples)
    p50, p95 = ordered[len(ordered) // 2], ordered[min(len(ordered) - 1, int(0.95 * len(ordered)))]
    print(f"{name:44} {samples[0]:8.0f} {p50:8.1f} {p95:8.1f} {ordered[-1]:8.1f}", flush=True)


def ask_all(client: httpx.Client, rounds: int, seed: int) -> None:
    """Every page and route `rounds` times, in turn; another test and filter each time, by `seed`."""
    rng = random.Random(seed)
    print(f"{'':44} {'first':>8} {'p50':>8} {'p95':>8} {'most':>8}   ms")
    asked = [
        *PAGES,
        *(f"/api/v1/{route}" for route in ROUTES),
        "/test?nodeid=",
        "/api/v1/series?nodeid=",
        "/tests?q=",
        "/api/v1/runs/",
    ]
    runs = [each["run_id"] for each in client.get("/api/v1/runs").json()["runs"]]
    samples: dict[str, list[float]] = {path: [] for path in asked}
    for _ in range(rounds):
        for path in asked:
            whole = path
            if path.endswith("nodeid="):
                whole = path + NAMES[rng.randrange(TESTS)]
            elif path.endswith("q="):
                whole = f"{path}area_{rng.randrange(97)}"
            elif path.endswith("/runs/"):  # with all its tests, megabytes of JSON
                whole = path + rng.choice(runs)
            began = time.perf_counter()
            answer = client.get(whole)
            samples[path].append((time.perf_counter() - began) * 1e3)
            assert answer.status_code == 200, (whole, answer.status_code, answer.text[:300])
    for path in asked:
        measure(path + ("*" if path.endswith(("=", "/runs/")) else ""), samples[path])


def ask_older(client: httpx.Client, rounds: int, seed: int) -> None:
    """Pages of runs before the newest, each of a run nobody has asked for: what a browser gets first, the
    page itself, and the page once more."""
    rng = random.Random(seed)
    runs = [each["run_id"] for each in client.get("/api/v1/runs").json()["runs"]][1:]
    for path in ("/run?id=", "/why?id=", "/compare?b=", "/what-if?id="):
        said, made, again = [], [], []
        for run_id in rng.sample(runs, rounds):
            began = time.perf_counter()
            for times in (said, made, again):
                answer = client.get(path + run_id, headers={"Accept": "text/html"})
                while times is not said and answer.status_code == 202:
                    answer = client.get(path + run_id, headers={"Accept": "text/html"})
                times.append((time.perf_counter() - began) * 1e3)
                assert answer.status_code in (200, 202), (path, answer.status_code, answer.text[:300])
                began = began if times is said else time.perf_counter()
        for name, times in (("at once", said), ("whole", made), ("again", again)):
            measure(f"{path}* of an older run, {name}", times)


def packed(recorded: RecordedRun) -> bytes:
    """A run as `lapwing push` sends it."""
    return gzip.compress(json.dumps(sent_run_dict(recorded), separators=(",", ":")).encode(), 1)


def push(url: str, key: str, until: threading.Event, bodies: list[bytes], took: list[float]) -> None:
    """Runs one after another, as long as there are any."""
    headers = {"Cookie": f"lapwing={key}", "Origin": url}
    with httpx.Client(base_url=url, headers=headers, timeout=120) as client:
        for body in bodies:
            if until.is_set():
                return
            began = time.perf_counter()
            answer = client.post("/api/v1/runs", content=body)
            took.append((time.perf_counter() - began) * 1e3)
            assert answer.status_code == 201, (answer.status_code, answer.text[:300])


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--store", default="")
    parser.add_argument("--results", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--jobs", type=int, default=20)
    parser.add_argument("--runs", type=int, default=4, help="that each job pushes")
    parser.add_argument(
        "--older", type=int, default=0, help="runs before the newest whose pages are asked for"
    )
    parser.add_argument("--fill-only", action="store_true")
    parser.add_argument("--push-to", help=argparse.SUPPRESS)
    parser.add_argument("--key", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.push_to:
        load(arguments.push_to, arguments.key, arguments.jobs, arguments.runs)
        return
    fill(arguments.store, arguments.results)
    if arguments.fill_only:
        return
    with tempfile.TemporaryDirectory() as root:
        Path(root, "pyproject.toml").write_text('[tool.lapwing]\nproject = "bench"\n', encoding="utf-8")
        command = [sys.executable, "-m", "lapwing", "serve", "--port", "0", "--store", arguments.store]
        server = subprocess.Popen(command, cwd=root, stdout=subprocess.PIPE, text=True, env={**os.environ})
        try:
            assert server.stdout is not None
            place = server.stdout.readline().split()[-1]
            url, _, key = place.partition("/login?key=")
            with httpx.Client(base_url=url, headers={"Cookie": f"lapwing={key}"}, timeout=120) as client:
                print("\nalone")
                ask_all(client, arguments.rounds, 7)
                if arguments.older:
                    ask_older(client, arguments.older, 9)
                if arguments.jobs:
                    started(url, key, jobs=1, runs=6).wait()
                    print(f"\nwhile {arguments.jobs} jobs push")
                    loader = started(url, key, arguments.jobs, arguments.runs)
                    try:
                        ask_all(client, arguments.rounds, 8)
                    finally:
                        loader.wait()
        finally:
            server.terminate()
            server.wait()


def started(url: str, key: str, jobs: int, runs: int) -> subprocess.Popen[str]:
    """A process that pushes, as other machines would, once it has made what it pushes."""
    sizes = ["--jobs", str(jobs), "--runs", str(runs)]
    command = [sys.executable, __file__, "--push-to", url, f"--key={key}", *sizes]
    loader = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert loader.stdout is not None
    loader.stdout.readline()
    threading.Thread(target=lambda: print(loader.stdout.read(), end="", flush=True)).start()
    return loader


def load(url: str, key: str, jobs: int, runs: int) -> None:
    """Push `runs` from each of `jobs` threads, then tell how long one took to be taken in.

    They are made and packed before: elsewhere other machines do that.
    """
    until, took, base = threading.Event(), [], suite(1)
    signal.signal(signal.SIGTERM, lambda *_: until.set())
    first = random.randrange(10**6, 10**9)
    bodies = [packed(made_run(first + at, time.time_ns() + at, base)) for at in range(jobs * runs)]
    print("made", flush=True)
    began = time.perf_counter()
    threads = [
        threading.Thread(target=push, args=(url, key, until, bodies[job::jobs], took)) for job in range(jobs)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if took:
        per_s = len(took) / (time.perf_counter() - began)
        print(f"\n{len(took)} runs of {TESTS:,} tests taken in, {per_s:.1f} a second, {jobs} at once")
        measure("POST /api/v1/runs", took)


if __name__ == "__main__":
    main()
