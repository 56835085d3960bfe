"""What reading large reports costs, as whole processes: `python benchmarks/ingest.py [--cases N]`.

Writes reports of N cases (a million, 200 MB) into a temporary folder and has them read by Lapwing
(`audit`, and `ingest --dry-run` for JSON lines), by junitparser where it is installed (JUNITPARSER names
an interpreter that has it), and by bare loops over the same file: expat with two empty handlers and with
one for text, `json.loads` on each line. Processor time of each process and its highest resident memory;
every reader takes its turn in every round, the least is told. What it costs to store them (`ingest`) is
measured once.
"""

import argparse
import contextlib
import importlib.util
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

BARE_EXPAT = """
import sys
from xml.parsers import expat
count = 0
def start(name, attributes):
    global count
    count += 1
def end(name):
    pass
def text(data):
    pass
for path in sys.argv[2:]:
    parser = expat.ParserCreate()
    parser.StartElementHandler, parser.EndElementHandler = start, end
    if sys.argv[1] == "text":
        parser.buffer_text, parser.CharacterDataHandler = True, text
    with open(path, "rb") as stream:
        while data := stream.read(1 << 20):
            parser.Parse(data)
        parser.Parse(b"", True)
"""
JUNITPARSER = """
import sys
import junitparser
failed, slowest = 0, []
for path in sys.argv[1:]:
    for suite in junitparser.JUnitXml.fromfile(path):
        for case in suite:
            failed += not case.is_passed
            slowest.append((case.time or 0, case.classname, case.name))
slowest.sort(reverse=True)
"""
BARE_JSON = """
import json, sys
for path in sys.argv[1:]:
    with open(path, "rb") as stream:
        for line in stream:
            json.loads(line)
"""


class Cost(NamedTuple):
    """What one process took."""

    cpu_s: float
    peak_mb: float


def cost(command: list[str], **environ: str) -> Cost:
    """Run `command` to its end. Raises RuntimeError where it ends with another code than 0 and 1."""
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, env=os.environ | environ)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in (0, 1):  # an audit that found something
        raise RuntimeError(f"{command[:4]} ended with code {process.returncode}")
    return Cost(usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


def junit_cases(first: int, count: int) -> Iterator[str]:
    """`count` cases as pytest's xunit1 writes them.

    One in fifty fails and has a traceback, one in a thousand is over the limit of unit tests.
    """
    trace = "    a line of the traceback &lt;with&gt; some text &amp; more of it\n" * 10
    for at in range(first, first + count):
        place = f"tests.unit.package_{at // 1000}.test_module_{at // 100}.TestClass{at // 10}"
        file = f"tests/unit/package_{at // 1000}/test_module_{at // 100}.py"
        name = f"test_case_{at}[param-{at % 7}]"
        time = f"{at % 97 / 1000 + (1.2 if at % 1000 == 7 else 0):.3f}"
        head = f'<testcase classname="{place}" name="{name}" file="{file}" line="{at % 900}" time="{time}"'
        if at % 50 == 49:
            yield f'{head}><failure message="AssertionError: assert {at} == 0">{trace}</failure></testcase>\n'
        else:
            yield f"{head} />\n"


def write_junit(path: Path, first: int, count: int) -> None:
    """A report of `count` cases in one suite."""
    with path.open("w") as file:
        file.write('<?xml version="1.0" encoding="utf-8"?><testsuites name="pytest tests">')
        file.write(f'<testsuite name="pytest" tests="{count}" time="1">')
        file.writelines(junit_cases(first, count))
        file.write("</testsuite></testsuites>\n")


def write_go(path: Path, count: int) -> None:
    """The events of `count` tests as `go test -json` tells them."""
    with path.open("w") as file:
        for at in range(count):
            common = {
                "Time": "2026-11-20T18:31:33Z",
                "Package": f"example.com/p{at // 500}",
                "Test": f"Test{at}",
            }
            for event in (
                {"Action": "run"},
                {"Action": "output", "Output": f"=== RUN   Test{at}\n"},
                {"Action": "output", "Output": f"--- PASS: Test{at} (0.01s)\n"},
                {"Action": "pass", "Elapsed": 0.01},
            ):
                file.write(json.dumps(common | event) + "\n")


def write_reportlog(path: Path, count: int) -> None:
    """`count` tests in three phases each, as pytest-reportlog tells them."""
    with path.open("w") as file:
        file.write('{"pytest_version": "9.2", "$report_type": "SessionStart"}\n')
        for at in range(count):
            for when in ("setup", "call", "teardown"):
                nodeid = f"tests/test_module_{at // 100}.py::test_{at}"
                report = {
                    "nodeid": nodeid,
                    "location": [nodeid.partition("::")[0], at, f"test_{at}"],
                    "keywords": {f"test_{at}": 1},
                    "outcome": "passed",
                    "longrepr": None,
                    "when": when,
                    "user_properties": [],
                    "sections": [],
                    "duration": 0.001,
                    "start": 1795198957.1 + at,
                    "stop": 1795198957.101 + at,
                    "$report_type": "TestReport",
                }
                file.write(json.dumps(report) + "\n")
        file.write('{"exitstatus": 0, "$report_type": "SessionFinish"}\n')


def ours(verb: str, *paths: Path) -> list[str]:
    """The command by which Lapwing reads `paths`."""
    return [sys.executable, "-m", "lapwing", *verb.split(), *map(str, paths)]


def script(text: str, *words: str | Path) -> list[str]:
    """The command that runs the Python program `text`."""
    return [sys.executable, "-c", text, *map(str, words)]


def xml_readers(paths: list[Path]) -> dict[str, list[str]]:
    """The commands that read the JUnit files `paths`, by name."""
    commands = {
        "bare expat": script(BARE_EXPAT, "elements", *paths),
        "bare expat with text": script(BARE_EXPAT, "text", *paths),
        "lapwing audit": ours("audit", *paths),
    }
    python = os.environ.get("JUNITPARSER", sys.executable)
    if "JUNITPARSER" in os.environ or importlib.util.find_spec("junitparser") is not None:
        commands["junitparser"] = [python, *script(JUNITPARSER, *paths)[1:]]
    return commands


def compare(title: str, commands: dict[str, list[str]], rounds: int) -> None:
    """Print a table of what `commands` cost; the first of them is the measure."""
    print(f"\n{title}\n{'':24}{'CPU s':>9}{'times bare':>12}{'peak MB':>9}")
    costs: dict[str, list[Cost]] = {name: [] for name in commands}
    for _ in range(rounds):
        for name, command in commands.items():
            costs[name].append(cost(command))
    bare = min(each.cpu_s for each in next(iter(costs.values())))
    for name, measured in costs.items():
        least = min(each.cpu_s for each in measured)
        peak = max(each.peak_mb for each in measured)
        print(f"{name:24}{least:>9.2f}{least / bare:>12.2f}{peak:>9.0f}", flush=True)


def compare_junit(folder: Path, cases: int, rounds: int) -> None:
    """One file of `cases` cases and a quarter of it, then as many cases in files of a thousand."""
    for count in (cases // 4, cases):
        path = folder / "one.xml"
        write_junit(path, 0, count)
        compare(
            f"JUnit XML, {count:,} cases, {path.stat().st_size / 1e6:.0f} MB", xml_readers([path]), rounds
        )
        path.unlink()
    paths = []
    for at in range(max(1, cases // 1000)):
        paths.append(folder / f"TEST-{at:04}.xml")
        write_junit(paths[-1], at * 1000, 1000)
    compare(f"JUnit XML, {len(paths):,} files of 1,000 cases", xml_readers(paths), rounds)
    for path in paths:
        path.unlink()


def measure_storing(folder: Path, cases: int) -> None:
    """What it costs to store a quarter of `cases` cases, and all of them, in a new store each."""
    print(f"\n{'lapwing ingest, JUnit XML':32}{'CPU s':>9}{'peak MB':>9}{'store MB':>10}")
    for count in (cases // 4, cases):
        path, store = folder / "one.xml", folder / f"{count}.sqlite"
        write_junit(path, 0, count)
        measured = cost(ours("ingest", path), LAPWING_STORE=str(store))
        size = store.stat().st_size / 1e6
        name = f"{count:,} cases"
        print(f"{name:32}{measured.cpu_s:>9.2f}{measured.peak_mb:>9.0f}{size:>10.0f}", flush=True)
        path.unlink()
        store.unlink()


def compare_lines(title: str, path: Path, write: Callable[[Path], None], rounds: int) -> None:
    """A file of JSON lines."""
    write(path)
    commands = {"bare json.loads": script(BARE_JSON, path), "lapwing ingest": ours("ingest --dry-run", path)}
    compare(f"{title}, {path.stat().st_size / 1e6:.0f} MB", commands, rounds)
    path.unlink()


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--cases", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--only", choices=("junit", "storing", "lines"))
    arguments = parser.parse_args()
    cases, rounds = arguments.cases, arguments.rounds
    # There, for a project with a history is asked for its tests, too.
    with tempfile.TemporaryDirectory() as name, contextlib.chdir(name):
        folder = Path(name)
        if arguments.only in (None, "junit"):
            compare_junit(folder, cases, rounds)
        if arguments.only in (None, "storing"):
            measure_storing(folder, cases)
        if arguments.only not in (None, "lines"):
            return 0
        tests = cases // 10
        compare_lines(f"go test -json, {tests:,} tests", folder / "go", lambda p: write_go(p, tests), rounds)
        compare_lines(
            f"pytest-reportlog, {tests:,} tests", folder / "log", lambda p: write_reportlog(p, tests), rounds
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
