"""`--leaks`: which tests leave something behind, and how memory grows over the suite."""

import gc
from collections.abc import Generator
from typing import TYPE_CHECKING, Any, Final

import pytest

from lapwing.measure.leak_signals import resident_bytes
from lapwing.measure.leftovers import Present, TemporaryPaths, left_behind, present, with_news
from lapwing.measure.present_recording import present_recording
from lapwing.model.leaks import COUNTER
from lapwing.perftest.leak_rule import LAST, growth
from lapwing.report.harmless import harmless
from lapwing.units import format_count, format_size

if TYPE_CHECKING:
    from _pytest.terminal import TerminalReporter

_KEY: Final = "lapwing_leaks"
_MOST: Final = 20
_MOST_NAMES: Final = 3
_MUCH_BYTES: Final = 5_000_000
_WORDS: Final = {
    "files": "open file",
    "threads": "thread",
    "processes": "process",
    "temporary": "temporary path",
}

_wrapper = pytest.hookimpl(wrapper=True, tryfirst=True)


class LeakWatch:
    """Registered where `--leaks` is given. What wider fixtures set up is theirs, not the first test's."""

    def __init__(self, config: pytest.Config) -> None:
        self._config = config
        self._temporary = TemporaryPaths()
        self._before: Present | None = None
        self._resident = 0
        self._readings: list[int] = []
        self._told: list[tuple[str, str]] = []  # test, what it left
        self._grown: list[str] = []

    def pytest_sessionstart(self) -> None:
        """Begin."""
        self._temporary.install()

    @_wrapper
    def pytest_runtest_setup(self) -> Generator[None, Any, Any]:
        """A test begins."""
        gc.collect()
        self._temporary.begin()
        self._before, self._resident = present(), resident_bytes() or 0
        return (yield)

    @_wrapper
    def pytest_fixture_setup(self, fixturedef: "pytest.FixtureDef[Any]") -> Generator[None, Any, Any]:
        """What a wider fixture opens is meant to stay."""
        if fixturedef.scope == "function" or self._before is None:
            return (yield)
        early, resident = present(), resident_bytes() or 0
        result = yield
        self._before = with_news(self._before, early, present())
        self._resident += max(0, (resident_bytes() or 0) - resident)
        self._temporary.begin()
        return result

    @_wrapper
    def pytest_runtest_teardown(self, item: pytest.Item) -> Generator[None, Any, Any]:
        """A test has ended, its own fixtures are gone."""
        result = yield
        before, self._before = self._before, None
        if before is not None:
            gc.collect()
            left = left_behind(before, present())
            if self._temporary.left():
                left["temporary"] = self._temporary.left()
            resident = resident_bytes() or 0
            self._readings.append(resident)
            self._keep(item.nodeid, left, resident - self._resident)
        return result

    def _keep(self, nodeid: str, left: dict[str, tuple[str, ...]], more_bytes: int) -> None:
        parts = []
        for kind, names in left.items():
            count = format_count(len(names), _WORDS[kind]).replace("processs", "processes")
            shown = ", ".join(names[:_MOST_NAMES]) + (", …" if len(names) > _MOST_NAMES else "")
            parts.append(f"{count} ({shown})")
        recording = present_recording()
        if recording is not None and left:
            recording.counters.add(COUNTER, events=sum(map(len, left.values())))
        if more_bytes >= _MUCH_BYTES:
            parts.append(f"{format_size(more_bytes)} of memory")
        if parts:
            self._told.append((nodeid, ", ".join(parts)))

    def pytest_sessionfinish(self) -> None:
        """In a worker of pytest-xdist, send what was found."""
        self._temporary.remove()
        if len(self._readings) > 2 * LAST:
            per_test = growth(self._readings, 1)
            if per_test.low > 0:
                whole = format_size(self._readings[-1] - self._readings[0])
                self._grown.append(
                    f"resident memory grew by {whole} over {len(self._readings):,} tests, "
                    f"{format_size(per_test.per_call)} per test in the later half"
                )
        output = getattr(self._config, "workeroutput", None)
        if output is not None:
            output[_KEY] = [self._told, self._grown]

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any) -> None:
        """Take what a worker found."""
        told, grown = (getattr(node, "workeroutput", None) or {}).get(_KEY, ([], []))
        self._told += [tuple(each) for each in told if tuple(each) not in self._told]
        self._grown += grown

    def pytest_terminal_summary(self, terminalreporter: "TerminalReporter") -> None:
        """Name the tests."""
        if not self._told:
            terminalreporter.write_line("lapwing: no test left anything behind")
        else:
            count = format_count(len(self._told), "test")
            terminalreporter.write_line(f"lapwing: {count} left something behind", yellow=True)
        for nodeid, what in self._told[:_MOST]:
            terminalreporter.write_line(f"  {harmless(nodeid)}: {harmless(what)}")
        if len(self._told) > _MOST:
            terminalreporter.write_line(f"  and {len(self._told) - _MOST} more")
        for line in self._grown:
            terminalreporter.write_line(f"lapwing: {line}")
