"""How long pytest's exit waits for a collector that takes the connection and never answers.

    python benchmarks/telemetry.py [--repeats 5]

Each figure is of a process of its own, so that the imports count.
"""

import argparse
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from lapwing.config.load import load_settings
from lapwing.model.record import Outcome, TestRecord
from lapwing.model.run import RecordedRun, Run
from lapwing.operations.finish_run import FinishedRun

SIZES = (10, 1_000, 10_000)


def held_up_s(tests: int) -> float:
    run = Run(run_id="0192f3a1-7c11-7d2e-9f00-0123456789ab", started_at_ns=10**18, duration_ns=10**9)
    records = tuple(
        TestRecord(nodeid=f"tests/test_a.py::test_{at}", outcome=Outcome.PASSED, setup_ns=5, call_ns=9)
        for at in range(tests)
    )
    finished = FinishedRun(recorded=RecordedRun(run=run, tests=records))
    with tempfile.TemporaryDirectory() as folder, socket.socket() as silent:
        settings = load_settings(Path(folder), environ={})
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        begin = time.monotonic()
        from lapwing.operations.export_otel import export_finished

        endpoint = f"http://127.0.0.1:{silent.getsockname()[1]}"
        after = export_finished(settings, finished, {"OTEL_EXPORTER_OTLP_ENDPOINT": endpoint})
        spent = time.monotonic() - begin
        assert after.faults
    return spent


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--one", type=int, help=argparse.SUPPRESS)
    wish = parser.parse_args()
    if wish.one is not None:
        print(held_up_s(wish.one))
        return
    print("| tests | median | most |")
    print("| --: | --: | --: |")
    for size in SIZES:
        command = [sys.executable, __file__, "--one", str(size)]
        found = [
            float(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
            for _ in range(wish.repeats)
        ]
        print(f"| {size:,} | {statistics.median(found):.2f} s | {max(found):.2f} s |")


if __name__ == "__main__":
    main()
