"""How large the HTML report of a large suite is, and how long Chromium takes to open it.

    python benchmarks/html_report.py [--tests 50000] [--opens 5]

Tests draw their times from a log-normal distribution; node ids have 83 characters. What Chromium's main
thread computes until the page is ready hardly depends on who else uses the machine; when it was loaded does.
"""

import argparse
import random
import shutil
import statistics
import tempfile
import time
from pathlib import Path

from playwright.sync_api import sync_playwright

from lapwing.model.record import Outcome, TestRecord
from lapwing.model.run import RecordedRun, Run, WorkerFacts
from lapwing.operations.make_report import ReportWish, report_on
from lapwing.report.pages.report_charts import charted_report_page
from lapwing.report.render.html_document import render_document
from lapwing.units import NS_PER_MS, NS_PER_S

WORKERS = 8


def recorded_run(count: int, draw: random.Random) -> RecordedRun:
    free = [0] * WORKERS
    tests = []
    for at in range(count):
        worker = min(range(WORKERS), key=free.__getitem__)
        times = [int(draw.lognormvariate(mu, 1.5) * NS_PER_MS) for mu in (-1, 1.5, -2)]
        tests.append(
            TestRecord(
                nodeid=f"tests/integration/package/test_module_{at // 50:04}.py"
                f"::TestOfThisThing::test_does_what[{at:05}]",
                outcome=Outcome.FAILED if draw.random() < 0.01 else Outcome.PASSED,
                worker=f"gw{worker}",
                category=draw.choice(("unit", "api", "integration")),
                start_ns=free[worker],
                setup_ns=times[0],
                call_ns=times[1],
                teardown_ns=times[2],
                call_cpu_ns=times[1] // 2,
                peak_bytes=draw.randrange(10_000_000),
            )
        )
        free[worker] += sum(times) + NS_PER_MS // 2
    run = Run(
        run_id="0192f3a1-7c11-7d2e-9f00-0123456789ab",
        started_at_ns=1_790_000_000 * NS_PER_S,
        duration_ns=max(free),
        workers=WORKERS,
        processes=tuple(WorkerFacts(name=f"gw{at}", pid=at + 1) for at in range(WORKERS)),
        is_complete=True,
    )
    return RecordedRun(run=run, tests=tuple(tests))


def opened(file: Path, times: int) -> list[dict[str, float]]:
    """Milliseconds of main-thread CPU, until first paint and until loaded, of a new browser each time."""
    found = []
    for _ in range(times):
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(
                executable_path=shutil.which("chromium"), args=["--no-sandbox"]
            )
            page = browser.new_page()
            session = page.context.new_cdp_session(page)
            session.send("Performance.enable", {"timeDomain": "threadTicks"})
            page.goto(file.as_uri())
            metrics = {
                each["name"]: each["value"] for each in session.send("Performance.getMetrics")["metrics"]
            }
            page.wait_for_timeout(500)  # the first paint may come after the page is loaded
            moments = page.evaluate(
                "[performance.getEntriesByType('paint')[0].startTime,"
                " performance.getEntriesByType('navigation')[0].loadEventEnd]"
            )
            found.append({"cpu": metrics["TaskDuration"] * 1000, "paint": moments[0], "loaded": moments[1]})
            browser.close()
    return found


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--tests", type=int, default=50_000)
    parser.add_argument("--opens", type=int, default=5)
    wish = parser.parse_args()
    recorded = recorded_run(wish.tests, random.Random(1))
    before = time.process_time()
    report = report_on(recorded, ReportWish(slow_ns=NS_PER_S), source="run")
    text = render_document(charted_report_page(report))
    made = time.process_time() - before
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "report.html"
        file.write_text(text, encoding="utf-8")
        size = file.stat().st_size
        found = opened(file, wish.opens)
    print("| tests | size | CPU time to make it | CPU time to open it | first paint | loaded |")
    print("| --: | --: | --: | --: | --: | --: |")
    middle = {name: statistics.median(each[name] for each in found) for name in found[0]}
    print(
        f"| {wish.tests:,} | {size / 1e6:.2f} MB | {made:.2f} s | {middle['cpu']:.0f} ms"
        f" | {middle['paint']:.0f} ms | {middle['loaded']:.0f} ms |"
    )
    print(f"\nMedians of {wish.opens} starts of the browser.")


if __name__ == "__main__":
    main()
