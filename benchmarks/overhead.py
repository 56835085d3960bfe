"""What tracking costs: instructions and processor time per test, beside bare pytest and its peers.

    python benchmarks/overhead.py [--cpu] [--wide] [--only NAME ...] [--json FILE]

A suite of trivial tests is run by `python -m pytest` in a fresh process per variant, with every
plugin but the variant's own switched off. Instructions are counted by valgrind's cachegrind,
which repeats to six digits whatever else the machine does: per test as the difference between
50 and 250 tests, at start and end as what is left of the run of 50. Each command runs once
uncounted first, because pytest rewrites the modules of a plugin's distribution once; the
instructions of that first run are printed too. Every variant names a plugin with `-p` (an empty
one where it needs none), because that alone makes pytest read all entry points. `--cpu` adds
user+system time of 5,000 tests in 100 files, the variants interleaved. Each counted run of Lapwing
begins without a store, but for `second run`, which compares itself with the run before it. The child of
`profile-slow`, in which the one slowest test runs again, is not counted.

Valgrind slows tests down fifty times, and on a busy machine one of them may take the 100 ms from
which Lapwing prints a section in place of a line, or all of them the 10 s from which it looks for
advice: such a run is repeated. Which types share a slot of the interpreter's attribute cache moves a
figure by half a percent, bare pytest's own too, and changes with every class that is defined before:
figures are means over six layouts, in which a conftest.py of the suite defines more or fewer classes
first. Python's hash seed is fixed. `--wide` takes 250 and 1,050 tests.
"""

import argparse
import json
import os
import re
import resource
import shutil
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from statistics import mean, median
from typing import NamedTuple

FILES_OF_50 = (1, 5)
WIDE_FILES_OF_50 = (5, 21)
TRIES = 4
LAYOUTS = (0, 53, 106, 159, 212, 265)  # classes that are defined first
CONFTEST = """\
import os

for _ in range(int(os.environ.get("LAYOUT", "0"))):
    getattr(type("Kind", (), {})(), "nothing", None)
"""
CPU_FILES = 100
CPU_ROUNDS = 5


class Variant(NamedTuple):
    """One way to run the suite. `module` must be importable for it to run."""

    name: str
    arguments: tuple[str, ...]
    module: str = "pytest"
    keeps_store: bool = False
    prints_section: bool = False  # also where nothing looked long


VARIANTS = (
    Variant("bare", ("-p", "no:lapwing", "-p", "nothing_plugin")),
    Variant("lapwing off", ("-p", "lapwing"), "lapwing"),
    Variant("lapwing tracking", ("-p", "lapwing", "--track-performance"), "lapwing"),
    Variant("lapwing second run", ("-p", "lapwing", "--track-performance"), "lapwing", keeps_store=True),
    Variant(
        "lapwing profile-slow",
        ("-p", "lapwing", "--track-performance", "--profile-slow", "1"),
        "lapwing",
        prints_section=True,
    ),
    Variant("junit-xml", ("-p", "nothing_plugin", "--junit-xml=report.xml")),
    Variant("pytest-reportlog", ("-p", "pytest_reportlog", "--report-log=report.jsonl"), "pytest_reportlog"),
    Variant(
        "pytest-json-report",
        ("-p", "metadata", "-p", "pytest_jsonreport", "--json-report", "--json-report-file=report.json"),
        "pytest_jsonreport",
    ),
    Variant("pytest-durations", ("-p", "pytest-durations"), "pytest_durations"),
    Variant("pytest-monitor", ("-p", "monitor", "--no-monitor"), "pytest_monitor"),
)


def write_suite(folder: Path, files: int) -> None:
    """`files` files of 50 empty tests."""
    folder.mkdir()
    body = "".join(f"def test_{number:02d}():\n    pass\n\n" for number in range(50))
    (folder / "nothing_plugin.py").write_text("")
    (folder / "conftest.py").write_text(CONFTEST)
    for number in range(files):
        (folder / f"test_{number:03d}.py").write_text(body)


def command(variant: Variant) -> list[str]:
    """The command of a variant."""
    return [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *variant.arguments, "."]


def environment(layout: int = 0) -> dict[str, str]:
    """A fixed environment: hash seed, no other plugins, nothing of ours."""
    kept = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "LANG")}
    return {**kept, "PYTHONHASHSEED": "0", "LAYOUT": str(layout), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}


def forget_run(folder: Path) -> None:
    """Remove what a run left behind."""
    shutil.rmtree(folder / ".lapwing", ignore_errors=True)


def instructions(variant: Variant, folder: Path, layout: int = 0) -> int:
    """User-space instructions of one run in which nothing looked long."""
    for _ in range(TRIES):
        count, looked_long = counted_run(variant, folder, layout)
        if not looked_long or variant.prints_section:
            return count
    print(f"  {variant.name}: the machine is too busy, a section is counted, too", file=sys.stderr)
    return count


def mean_instructions(variant: Variant, folder: Path) -> float:
    """Of runs in all layouts."""
    return mean(instructions(variant, folder, layout) for layout in LAYOUTS)


def counted_run(variant: Variant, folder: Path, layout: int) -> tuple[int, bool]:
    """User-space instructions of one run, and whether Lapwing had more to do than for a short one."""
    forget_run(folder)
    counted = [
        "valgrind",
        "--tool=cachegrind",
        "--cache-sim=no",
        "--cachegrind-out-file=/dev/null",
        *command(variant),
    ]
    where = {"cwd": folder, "env": environment(layout), "check": False}
    if variant.keeps_store:  # counted as well: a run at its usual speed would make the next one look slow
        subprocess.run(counted, capture_output=True, **where)  # type: ignore[call-overload]
    done = subprocess.run(counted, capture_output=True, text=True, **where)  # type: ignore[call-overload]
    found = re.search(r"I\s+refs:\s+([\d,]+)", done.stderr)
    if found is None or "passed" not in done.stdout:
        raise SystemExit(f"{variant.name} failed:\n{done.stdout[-2000:]}\n{done.stderr[-2000:]}")
    looked_long = re.search(r"=+ lapwing =+|passed in (\d{2,}\.|\d+:)", done.stdout)
    return int(found[1].replace(",", "")), looked_long is not None


def cpu_seconds(variant: Variant, folder: Path) -> float:
    """User and system seconds of one run and its children."""
    forget_run(folder)
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command(variant), cwd=folder, env=environment(), capture_output=True, check=False)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def is_importable(module: str) -> bool:
    """Whether `module` is installed."""
    import importlib.util

    return importlib.util.find_spec(module) is not None


def measure(names: list[str], with_cpu: bool, sizes: tuple[int, int]) -> list[dict[str, object]]:
    """One row per variant."""
    chosen = [each for each in VARIANTS if not names or each.name in names or each.name == "bare"]
    present = [each for each in chosen if is_importable(each.module)]
    for variant in chosen:
        if variant not in present:
            print(f"{variant.name}: not installed, left out", file=sys.stderr)
    rows: list[dict[str, object]] = []
    with tempfile.TemporaryDirectory() as name:
        base = Path(name)
        small, large = (base / f"suite{files:02}" for files in sizes)
        for folder, files in zip((small, large), sizes, strict=True):
            write_suite(folder, files)
        for variant in present:
            with ThreadPoolExecutor(2) as side_by_side:
                first, _ = side_by_side.map(partial(instructions, variant), (small, large))
                at_small, at_large = side_by_side.map(partial(mean_instructions, variant), (small, large))
            slope = (at_large - at_small) / (50 * (sizes[1] - sizes[0]))
            if rows and slope < rows[0]["per_test"] / 2:  # type: ignore[operator]
                print(f"{variant.name}: does not run the tests with this pytest, left out", file=sys.stderr)
                continue
            rows.append(
                {
                    "variant": variant.name,
                    "per_test": slope,
                    "start_and_end": at_small - 50 * sizes[0] * slope,
                    "first_run_extra": first - at_small,
                }
            )
            print(f"  {variant.name}: {slope:,.0f} instructions per test", file=sys.stderr)
        if with_cpu:
            many = base / "many"
            write_suite(many, CPU_FILES)
            seconds: dict[str, list[float]] = {each.name: [] for each in present}
            for round_number in range(CPU_ROUNDS + 1):
                for variant in present:
                    spent = cpu_seconds(variant, many)
                    if round_number:
                        seconds[variant.name].append(spent)
            for row in rows:
                ratios = [
                    spent / bare
                    for spent, bare in zip(seconds[str(row["variant"])], seconds["bare"], strict=True)
                ]
                row["cpu_ratio"] = [min(ratios), median(ratios), max(ratios)]
    bare = rows[0]
    for row in rows:
        row["ratio_per_test"] = row["per_test"] / bare["per_test"]  # type: ignore[operator]
        row["extra_start_and_end"] = row["start_and_end"] - bare["start_and_end"]  # type: ignore[operator]
    return rows


def show(rows: list[dict[str, object]]) -> None:
    """Print the table."""
    print(f"{'variant':22} {'per test':>12} {'ratio':>7} {'start+end':>12} {'first run':>12}  CPU ratio")
    for row in rows:
        cpu = row.get("cpu_ratio")
        cpu_text = "{1:.3f} ({0:.3f} to {2:.3f})".format(*cpu) if isinstance(cpu, list) else ""
        print(
            f"{row['variant']:22} {row['per_test']:12,.0f} {row['ratio_per_test']:7.4f} "
            f"{row['extra_start_and_end'] / 1e6:+10.1f} M {row['first_run_extra'] / 1e6:+10.1f} M  {cpu_text}"  # type: ignore[operator]
        )


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--cpu", action="store_true", help="measure processor time of 5,000 tests, too")
    parser.add_argument("--wide", action="store_true", help="difference of larger suites: steadier, slower")
    parser.add_argument("--only", action="append", default=[], metavar="NAME", help="only this variant")
    parser.add_argument("--json", metavar="FILE", help="write the rows here, too")
    arguments = parser.parse_args()
    if shutil.which("valgrind") is None:
        raise SystemExit("valgrind is not installed; on Debian: apt-get install valgrind")
    rows = measure(arguments.only, arguments.cpu, WIDE_FILES_OF_50 if arguments.wide else FILES_OF_50)
    show(rows)
    if arguments.json:
        Path(arguments.json).write_text(json.dumps(rows, indent=1))


if __name__ == "__main__":
    main()
