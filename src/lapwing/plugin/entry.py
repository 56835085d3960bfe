"""What pytest calls in every run of every user: the switch, the markers, the fixture `perf`.

Off, this module and the three it imports are all there is. On, `tracking` is imported and takes over.
"""

from __future__ import annotations

import os
import time
from collections.abc import Generator, Iterator
from typing import TYPE_CHECKING, Any, Final

import pytest

from lapwing.plugin.plain_imports import PlainImports

with PlainImports():
    from lapwing.config.switch import are_timeouts_wanted, is_tracking_wanted
    from lapwing.plugin.markers import MARKERS

if TYPE_CHECKING:
    from _pytest.config.argparsing import Parser

    from lapwing.api.perf import Perf
    from lapwing.measure.slow_imports import SlowImports

DISTRIBUTION: Final = "lapwing"
"""The mode of `--dist` in which the longest tests go first."""

_BENCHMARK = "perf_benchmark"
_STARTED = pytest.StashKey[int]()
_CONFTESTS = pytest.StashKey[int]()
_IMPORTS: Final[pytest.StashKey[SlowImports]] = pytest.StashKey()
_PARSER = pytest.StashKey["Parser"]()


@pytest.fixture
def perf(request: pytest.FixtureRequest) -> Perf:
    """Benchmarks, comparisons, leaks, queries and metrics of this test (Lapwing)."""
    from lapwing.plugin.perf_fixture import make_perf

    return make_perf(request.node)


def pytest_addoption(parser: Parser, pluginmanager: pytest.PytestPluginManager) -> None:
    """Declare the switch, and note the moment at which this process began to know us."""
    config = pluginmanager.get_plugin("pytestconfig")
    if config is not None:
        config.stash[_STARTED] = time.perf_counter_ns()
        config.stash[_PARSER] = parser
    group = parser.getgroup("lapwing", "test performance (Lapwing)")
    group.addoption(
        "--track-performance",
        action="store_true",
        default=False,
        help="Record time, CPU and memory of every test and fixture, and tell what changed.",
    )
    group.addoption(
        "--otel",
        action="store_true",
        default=False,
        help="Track, and send the run to an OpenTelemetry collector as it ends.",
    )
    group.addoption(
        "--push",
        default=None,
        metavar="URL",
        help="Track, tell the server at URL how far the run is, and send it there as it ends. The token "
        "comes from LAPWING_TOKEN; a run that the server cannot be reached with waits for "
        "'lapwing push --queued'.",
    )
    group.addoption(
        "--track-imports",
        action="store_true",
        default=False,
        help="Track, and record the slowest imports of collection and who imported them first.",
    )
    group.addoption(
        "--confirm",
        type=int,
        default=0,
        metavar="N",
        help="With tracking: run tests that look slower again at the end, N times in processes of their "
        "own, and judge them on the evidence of all. Outcomes and exit code stay those of the first time.",
    )
    group.addoption(
        "--profile-slow",
        type=int,
        default=0,
        metavar="N",
        help="With tracking: run the N slowest tests, and every test that became slower, again at the end "
        "under pyinstrument, in a process of their own, and write their flame graphs. Outcomes and exit code "
        "stay those of the first time.",
    )
    group.addoption(
        "--shard",
        default=None,
        metavar="K/N",
        help="Run the K-th of N parts of the suite, split evenly by recorded time. Tests of one xdist_group "
        "stay together. All parts must know the same times: the same store, baseline file or --shard-times.",
    )
    group.addoption(
        "--shard-stable",
        action="store_true",
        default=False,
        help="With --shard: keep tests in their shard when times change a little.",
    )
    group.addoption(
        "--shard-times",
        default=None,
        metavar="FILE",
        help="With --shard: take times from FILE, as 'lapwing durations --format pytest-split' writes it.",
    )

    group.addoption(
        "--leaks",
        action="store_true",
        default=False,
        help="Name tests that leave memory, files, threads, processes or temporary files behind.",
    )
    group.addoption(
        "--performance-benchmarks-only",
        action="store_true",
        default=False,
        help="Run only tests that measure: marked perf_benchmark, decorated, or with the fixture perf or "
        "benchmark.",
    )
    group.addoption(
        "--performance-skip-stress",
        action="store_true",
        default=False,
        help="Skip tests marked stress or stress_test, with a word.",
    )
    group.addoption(
        "--performance-budget",
        metavar="MS",
        default=None,
        help="With tracking: one budget for every test that carries none, in milliseconds or with a unit; "
        "tests over it are named at the end, and the exit code is then 1.",
    )


def pytest_collection_finish(session: pytest.Session) -> None:
    """Make tests that are marked as benchmarks benchmarks; most suites have none."""
    parent, is_marked = None, False
    for item in session.items:
        if item.parent is not parent:
            parent = item.parent
            is_marked = parent is not None and parent.get_closest_marker(_BENCHMARK) is not None
        if is_marked or (item.own_markers and any(mark.name == _BENCHMARK for mark in item.own_markers)):
            from lapwing.plugin.perf_fixture import measure_as_a_whole

            measure_as_a_whole(item)


def pytest_plugin_registered(plugin: object, manager: pytest.PytestPluginManager) -> None:
    """Add `lapwing` to the choices of `--dist` as soon as pytest-xdist has declared them."""
    if getattr(plugin, "__name__", "") == "xdist.plugin":
        config = manager.get_plugin("pytestconfig")
        if config is not None:
            from lapwing.plugin.distribution_choice import offer_distribution

            offer_distribution(config.stash[_PARSER], DISTRIBUTION)


def _markers_here(config: pytest.Config) -> Iterator[str]:
    """Somebody reads them: with the limits of this project, which cost the reading of its configuration."""
    from lapwing.plugin.markers_here import markers_here

    return markers_here(config.rootpath, os.environ)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> Generator[None, Any, Any]:
    """Time the conftest files that are loaded at once; watch imports, if that is asked for."""
    if early_config.known_args_namespace.track_imports:
        with PlainImports():
            from lapwing.measure.slow_imports import SlowImports
        early_config.stash[_IMPORTS] = watch = SlowImports()
        watch.start()
    started = time.perf_counter_ns()
    result = yield
    early_config.stash[_CONFTESTS] = time.perf_counter_ns() - started
    return result


def pytest_configure(config: pytest.Config) -> None:
    """Register the markers, and begin if tracking is wanted."""
    option = config.option
    for marker in _markers_here(config) if option.markers else MARKERS:
        config.addinivalue_line("markers", marker)
    is_asked = option.track_performance or option.otel or option.track_imports or option.push is not None
    if is_tracking_wanted(config.rootpath, os.environ, is_asked):
        with PlainImports():
            from lapwing.plugin.tracking import Tracking
        tracking = Tracking(
            config,
            config.stash.get(_STARTED, 0),
            config.stash.get(_CONFTESTS, None),
            config.stash.get(_IMPORTS, None),
        )
        config.pluginmanager.register(tracking, "lapwing-tracking")
    if are_timeouts_wanted(config.rootpath):
        from lapwing.plugin.deadlines import register_deadlines

        register_deadlines(config)
    if getattr(config.option, "dist", "") == DISTRIBUTION and not hasattr(config, "workerinput"):
        with PlainImports():
            from lapwing.plugin.scheduler import LongestFirst
        config.pluginmanager.register(LongestFirst(), "lapwing-longest-first")
    if config.option.leaks:
        from lapwing.plugin.leak_watch import LeakWatch

        config.pluginmanager.register(LeakWatch(config), "lapwing-leaks")
    if config.option.performance_benchmarks_only or config.option.performance_skip_stress:
        from lapwing.plugin.performance_selection import PerformanceSelection

        selection = PerformanceSelection(
            skip_stress=config.option.performance_skip_stress,
            benchmarks_only=config.option.performance_benchmarks_only,
        )
        config.pluginmanager.register(selection, "lapwing-performance-selection")
    if config.option.shard is not None:
        with PlainImports():
            from lapwing.plugin.shard import Sharding
        config.pluginmanager.register(Sharding(config, config.option.shard), "lapwing-shard")
