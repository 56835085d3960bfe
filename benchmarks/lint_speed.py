"""How fast lint is: lines a second cold and cached, a single file, beside flake8 and ruff where they are.

    python benchmarks/lint_speed.py FOLDER [FOLDER …]

One process, processor time (other work on the machine counts little), best of `--rounds`. Flake8 and ruff
are run on the same files where they are installed, flake8 with its default rules and one job, ruff on one
thread.
"""

import argparse
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from lapwing.lint.discover import find_files
from lapwing.lint.lint_paths import Linter
from lapwing.lint.registry import NAMES
from lapwing.model.lint_options import LintOptions
from lapwing.operations.lint_files import read_selection


def cpu_of(work: Callable[[], object]) -> float:
    """Processor seconds of this process for one call."""
    start = time.process_time()
    work()
    return time.process_time() - start


def child_cpu(command: list[str]) -> float:
    """Processor seconds of a child process."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folders", nargs="+", type=Path)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument(
        "--sample", type=int, default=400, help="files for flake8 and ruff (default: %(default)s)"
    )
    arguments = parser.parse_args()
    files = [file for folder in arguments.folders for file in find_files(str(folder.absolute()))]
    lines = sum(Path(file).read_bytes().count(b"\n") for file in files)
    print(f"{len(files)} files, {lines} lines")
    with tempfile.TemporaryDirectory() as place:
        cache = Path(place, "cache.json")

        def lint(paths: list[str], cache_path: Path | None = None) -> object:
            linter = Linter(Path.cwd(), LintOptions(), tuple(NAMES), read_selection, cache_path=cache_path)
            return linter.run(paths)

        cold = min(cpu_of(lambda: lint(files)) for _ in range(arguments.rounds))
        lint(files, cache)
        warm = min(cpu_of(lambda: lint(files, cache)) for _ in range(arguments.rounds))
    print(f"cold   {cold:7.2f} s  {lines / cold:12,.0f} lines/s")
    print(f"cached {warm:7.2f} s  {lines / warm:12,.0f} lines/s  {cold / warm:.1f} times")
    one = [sys.executable, "-m", "lapwing", "lint", files[len(files) // 2]]
    print(f"one file, interpreter included: {min(child_cpu(one) for _ in range(5)) * 1000:.0f} ms")
    sample = files[:: max(1, len(files) // arguments.sample)]
    count = sum(Path(file).read_bytes().count(b"\n") for file in sample)
    ours = min(cpu_of(lambda: lint(sample)) for _ in range(arguments.rounds))
    print(f"\n{len(sample)} of them, {count} lines: lint {count / ours:,.0f} lines/s")
    for name, options in (("flake8", ["--isolated", "-j1"]), ("ruff", ["check", "--isolated", "--no-cache"])):
        tool = shutil.which(name) or shutil.which(name, path=str(Path(sys.executable).parent))
        if tool is None:
            print(f"{name} is not installed")
            continue
        seconds = child_cpu([tool, *options, *sample])
        print(f"{name:7} {count / seconds:,.0f} lines/s, lint takes {ours / seconds:.2f} of its time")
    return 0


if __name__ == "__main__":
    sys.exit(main())
