"""Run the tests and record them: with pytest, or with any command that writes reports.

Everything after '--' goes to pytest; with --reports it is a command of any kind, whose reports
are taken in when it has ended.

examples:
  lapwing run
  lapwing run -- tests/unit -n 2
  lapwing run --fast                  in parallel, as recorded times favor, with the ten slowest at the end
  lapwing run --fast tests/unit --workers 4
  lapwing run --dashboard             watch it in a browser, on port 4001 (or --port)
  lapwing run --save-results          also write the JSON report files
  lapwing run --reports junit.xml -- npx vitest --reporter=junit --outputFile=junit.xml
  lapwing run --reports 'build/test-results/**/*.xml' -- ./gradlew test

The exit code is pytest's, or the command's.
"""

import argparse
from typing import Final

from lapwing.cli.desk import Desk
from lapwing.cli.server_choices import dashboard_port, port_number
from lapwing.errors import ConfigurationError, ProjectError
from lapwing.operations.run_suite import run_suite
from lapwing.units import format_count, parse_duration

_OF_PYTEST: Final = ("--save-results", "--budget", "--stress-test", "--benchmarks-only", "--fast")


def declare(parser: argparse.ArgumentParser) -> None:
    """Arguments of `lapwing run`."""
    parser.add_argument(
        "--save-results", action="store_true", help="write the JSON report files into the results folder"
    )
    parser.add_argument(
        "--budget",
        metavar="MS",
        help="one budget for every test without a limit of its own, in milliseconds (or 200ms, 1.5s); the "
        "exit code is 1 where a test is over it",
    )
    parser.add_argument(
        "--stress-test",
        action="store_true",
        help="run tests marked stress or stress_test, too; they are skipped without it",
    )
    parser.add_argument(
        "--benchmarks-only",
        action="store_true",
        help="run only tests that measure: marked perf_benchmark, decorated, or with the fixture perf or "
        "benchmark",
    )
    parser.add_argument(
        "--fast",
        action="store_true",
        help="run in parallel (pytest-xdist) with the workers and the distribution that recorded times favor",
    )
    parser.add_argument("--workers", metavar="N", help="with --fast: so many workers (default: auto)")
    parser.add_argument(
        "--dashboard",
        action="store_true",
        help="show the run, and the history, in a browser while it goes on; on a terminal until Ctrl-C",
    )
    parser.add_argument(
        "--port",
        type=port_number,
        metavar="N",
        help="with --dashboard: where to listen (default: PERFORMANCE_DASHBOARD_PORT, or 4001)",
    )
    parser.add_argument(
        "--reports",
        action="append",
        metavar="PATH",
        help="run a command and read the reports it writes: file, folder or glob; may be repeated",
    )
    parser.add_argument(
        "arguments",
        nargs="*",
        metavar="-- ARGUMENTS",
        help="handed to pytest; with --reports the command to run",
    )


def run(arguments: argparse.Namespace, desk: Desk) -> int:
    """Run pytest, or the command; with a dashboard beside it where that is wanted."""
    _refuse_what_has_no_effect(arguments)
    if not arguments.dashboard:
        return _run(arguments, desk)
    from lapwing.cli.dashboard import DEFAULT_PORT, dashboard

    port = arguments.port if arguments.port is not None else dashboard_port(desk.environ, DEFAULT_PORT)
    with dashboard(desk, port, arguments.store):
        return _run(arguments, desk)


def _refuse_what_has_no_effect(arguments: argparse.Namespace) -> None:
    """Raise ConfigurationError for a choice that nothing would be made of, and for a budget that is none."""
    for choice, needed in (("--workers", "--fast"), ("--port", "--dashboard")):
        if _value(arguments, choice) is not None and not _value(arguments, needed):
            raise ConfigurationError(f"has no effect without {needed}", where=choice, mend=f"Add {needed}.")
    if arguments.reports:
        for choice in _OF_PYTEST:
            if _value(arguments, choice):
                raise ConfigurationError(
                    "has no effect with --reports: it is for pytest",
                    where=choice,
                    mend=f"Leave {choice} or --reports out.",
                )
    if arguments.budget is not None:
        parse_duration(arguments.budget, bare_unit="ms", where="--budget")


def _value(arguments: argparse.Namespace, choice: str) -> object:
    return getattr(arguments, choice.removeprefix("--").replace("-", "_"))


def _run(arguments: argparse.Namespace, desk: Desk) -> int:
    if arguments.reports:
        return _run_command(arguments, desk)
    fast: tuple[str, ...] = ()
    if arguments.fast:
        from lapwing.operations.fast_run import AUTO, fast_run

        chosen = fast_run(desk.settings_untold(), arguments.workers or AUTO)
        desk.output.say_aside(chosen.reason)
        fast = chosen.arguments
    return run_suite(
        desk.settings_untold(),  # pytest tells their faults
        (*fast, *_selection(arguments), *arguments.arguments),
        environ=desk.environ,
        save_results=arguments.save_results,
        with_store=arguments.store,
        budget=arguments.budget,
    )


def _selection(arguments: argparse.Namespace) -> tuple[str, ...]:
    """Which performance tests pytest is to run, as flags of the plugin."""
    skip = () if arguments.stress_test else ("--performance-skip-stress",)
    return (*skip, "--performance-benchmarks-only") if arguments.benchmarks_only else skip


def _run_command(arguments: argparse.Namespace, desk: Desk) -> int:
    from lapwing.operations.run_command import run_command

    if not arguments.arguments:
        raise ProjectError(
            "--reports needs a command",
            mend="Write it after --: lapwing run --reports junit.xml -- make test",
        )
    ended = run_command(desk.settings, arguments.arguments, arguments.reports, environ=desk.environ)
    for file in ended.files:
        for problem in file.problems:
            desk.output.say_aside(f"{file.path}: {problem}")
    if ended.fault is not None:
        desk.output.error(ended.fault)
    else:
        files = format_count(sum(file.is_report for file in ended.files), "file")
        desk.output.say_aside(
            f"{format_count(ended.tests, 'test')} read from {files}, stored as run {ended.run_id}"
        )
    return ended.exit_code
