"""Runs chosen tests once and times them: the process that a paired comparison starts for each side.

It is run as a script by the interpreter of the side, which need not have Lapwing: nothing but
pytest and the standard library is imported. It reads a request (JSON) from the file named on
its command line and writes its answer into the file named in the request. PYTEST_DONT_REWRITE
"""

import importlib.util
import json
import os
import sys
import time
from collections.abc import Callable, Generator
from pathlib import Path
from typing import Any

try:
    from resource import RUSAGE_CHILDREN, getrusage
except ImportError:  # Windows
    getrusage = None  # type: ignore[assignment]

import pytest

# Bound here: tests may patch or freeze them.
_wall: Callable[[], int] = time.perf_counter_ns
_cpu: Callable[[], int] = time.process_time_ns
_wrapper = pytest.hookimpl(wrapper=True, tryfirst=True)


class Timing:
    """Selects the tests that were asked for, and times each of their phases."""

    def __init__(self, request: dict[str, Any]) -> None:
        self._names: list[str] = request["names"]
        self._answer = Path(request["answer"])
        self._work = Path(request["work"])
        self._tests: dict[str, dict[str, Any]] = {}
        self._errors: list[str] = []
        self._phase: list[tuple[int, int]] = []
        self._delay = _delay_reader()
        self._benchmarks: list[dict[str, Any]] = []

    @pytest.hookimpl(tryfirst=True)
    def pytest_configure(self, config: pytest.Config) -> None:
        """Keep what the project's own configuration asks for from writing over the user's files."""
        if getattr(config.option, "xmlpath", None):
            config.option.xmlpath = str(self._work / "junit.xml")
        if hasattr(config.option, "track_performance"):
            config.option.track_performance = False

    @pytest.hookimpl(wrapper=True, trylast=True)
    def pytest_collection_modifyitems(
        self, config: pytest.Config, items: list[pytest.Item]
    ) -> Generator[None, Any, Any]:
        """Keep what was asked for, in the order of the files, whatever other plugins deselect."""
        wanted = [item for item in items if self._is_wanted(item.nodeid)]
        if len(wanted) < len(items):
            config.hook.pytest_deselected(items=[item for item in items if item not in set(wanted)])
        items[:] = wanted
        return (yield)

    def _is_wanted(self, nodeid: str) -> bool:
        return any(
            nodeid == name or (nodeid.startswith(name) and nodeid[len(name)] in "/:[") for name in self._names
        )

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """Note what could not be collected: its tests are missing for that reason."""
        if report.failed:
            self._errors.append(f"{report.nodeid}: {_reason(report.longreprtext)}")

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> None:
        """A test, or its next attempt, begins."""
        self._phase = []

    @_wrapper
    def pytest_runtest_setup(self) -> Generator[None, Any, Any]:
        """Time the set-up. A rerun begins here, too."""
        self._phase = []
        return (yield from self._timed())

    @_wrapper
    def pytest_runtest_call(self) -> Generator[None, Any, Any]:
        """Time the call."""
        return (yield from self._timed())

    @_wrapper
    def pytest_runtest_teardown(self, item: pytest.Item) -> Generator[None, Any, Any]:
        """Time the tear-down. What pytest-benchmark measured is gone after it."""
        self._take_benchmark(item)
        return (yield from self._timed())

    def _take_benchmark(self, item: pytest.Item) -> None:
        stats = getattr(getattr(item, "funcargs", {}).get("benchmark"), "stats", None)
        seconds = getattr(getattr(stats, "stats", None), "data", None)
        if seconds:
            samples = [1e9 * each for each in seconds]
            self._benchmarks.append(
                {"nodeid": item.nodeid, "name": str(stats.name), "metric": "wall", "samples": samples}  # type: ignore[union-attr]
            )

    def _timed(self) -> Generator[None, Any, Any]:
        delay, cpu, children, wall = self._delay(), _cpu(), _children_cpu(), _wall()
        try:
            return (yield)
        finally:
            spent = _wall() - wall
            cpu_spent = _cpu() - cpu + _children_cpu() - children
            # A test that was kept from a processor took no longer for it; what it waited for else it did.
            self._phase.append((max(spent - (self._delay() - delay), 1), cpu_spent))

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Take the outcome; the tear-down's report ends the test."""
        test = self._tests.setdefault(report.nodeid, {"outcome": "passed", "reason": ""})
        if report.when == "setup":
            test.update(outcome="passed", reason="")
        if report.outcome != "passed" or hasattr(report, "wasxfail"):
            test["outcome"] = "xfailed" if hasattr(report, "wasxfail") else report.outcome
            test["reason"] = _reason(report.longreprtext)
        if report.when == "teardown":
            test["phases"] = self._phase

    def pytest_sessionfinish(self, exitstatus: int) -> None:
        """Write the answer, whole or not at all."""
        answer = {
            "exit_status": int(exitstatus),
            "tests": self._tests,
            "benchmarks": self._benchmarks,
            "errors": self._errors,
            "modules": _modules(),
            "prefixes": sorted({sys.prefix, sys.base_prefix, sys.exec_prefix}),
            "python": ".".join(map(str, sys.version_info[:3])),
        }
        beside = self._answer.with_suffix(".new")
        beside.write_text(json.dumps(answer), encoding="ascii")
        beside.replace(self._answer)


def _delay_reader() -> Callable[[], int]:
    """Nanoseconds for which this thread was ready to run and had no processor, so far; 0 if unknown."""
    try:
        fd = os.open("/proc/thread-self/schedstat", os.O_RDONLY | os.O_CLOEXEC)
        os.pread(fd, 100, 0).split()[1]
    except (OSError, AttributeError, IndexError):
        return lambda: 0

    def read() -> int:
        try:
            return int(os.pread(fd, 100, 0).split()[1])
        except (OSError, ValueError, IndexError):  # a test has closed it
            return 0

    return read


def _children_cpu() -> int:
    if getrusage is None:
        return 0
    usage = getrusage(RUSAGE_CHILDREN)
    return round((usage.ru_utime + usage.ru_stime) * 1e9)


def _modules() -> dict[str, str]:
    """Top-level modules and the files they came from; of a package without a file its folder."""
    found = {}
    for name, module in list(sys.modules.items()):
        if "." in name or name == "__main__":
            continue
        try:
            place = getattr(module, "__file__", None) or next(iter(module.__path__))
            found[name] = os.path.realpath(place)
        except Exception:  # built in, or an object that is no module at all
            continue
    return found


def _reason(text: str) -> str:
    """What a report says of a failure: the error's own first line, else the last line of all."""
    lines = [line for line in str(text).splitlines() if line.strip()]
    errors = [line[1:].strip() for line in lines if line.startswith("E ")]
    return (errors[:1] or lines[-1:] or [""])[0][:300]


def _pytest_arguments(request: dict[str, Any]) -> list[str]:
    """Arguments that win over the project's own, so that one process times these tests and nothing else."""
    work = request["work"]
    arguments = [f"--rootdir={Path.cwd()}", f"--basetemp={work}/tmp", "-o", f"cache_dir={work}/cache"]
    arguments += ["--maxfail=0", "-p", "no:randomly", "-q"]
    if not os.environ.get("PYTEST_DISABLE_PLUGIN_AUTOLOAD"):
        for plugin, flags in (("xdist", ["-n0"]), ("pytest_cov", ["--no-cov"])):
            if importlib.util.find_spec(plugin) is not None:
                arguments += flags
    return [*arguments, *request["arguments"], *request["files"]]


def main() -> int:
    """Answer the request. Returns pytest's exit code."""
    # As `python -m pytest` has it. This script's own folder must not be importable.
    sys.path[0] = str(Path.cwd())
    request = json.loads(Path(sys.argv[1]).read_bytes())
    arguments = _pytest_arguments(request)
    sys.argv[:] = ["pytest", *arguments]
    return int(pytest.main(arguments, plugins=[Timing(request)]))


if __name__ == "__main__":
    raise SystemExit(main())
