"""The summary at the end of a tracked pytest run, through pytest's own terminal writer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from lapwing.units import format_count

if TYPE_CHECKING:
    from _pytest.terminal import TerminalReporter

    from lapwing.operations.finish_run import FinishedRun


def write_summary(reporter: TerminalReporter, finished: FinishedRun | None, notices: Sequence[str]) -> None:
    """Write the section, or one line where one says it all, and every notice once."""
    if finished is not None:
        _write_run(reporter, finished)
        notices = (*notices, *finished.faults)
    for notice in notices:
        first, *rest = notice.splitlines()
        _write_line(reporter, f"warning: {first}", yellow=True)
        for line in rest:
            _write_line(reporter, line)


def _write_run(reporter: TerminalReporter, finished: FinishedRun) -> None:
    from lapwing.report.pages.verdict import told

    verdict, _, is_news = told(finished.recorded, finished.comparison)
    verbosity = reporter.config.get_verbosity()
    if finished.use is None or verbosity < -1 or (verbosity < 0 and not is_news):
        reporter.write_line(f"lapwing: {verdict}{_over(finished)}{_one_side(finished)}")
    else:
        from lapwing.report.pages.run_summary import run_summary
        from lapwing.report.render.plain import plain_lines

        page = run_summary(
            finished.recorded,
            finished.comparison,
            use=finished.use,
            slowest=finished.slowest,
            limits=finished.limits,
            confirmed=bool(reporter.config.option.confirm),
        )
        reporter.write_sep("=", "lapwing")
        for line in plain_lines(
            page, reporter.config.get_terminal_writer().fullwidth, stacks=bool(reporter.isatty)
        ):
            reporter.write_line(line)
    adopted = finished.adopted
    if adopted.run_ids:
        what = f"{adopted.killed} killed" if adopted.killed else "unstored"
        runs, tests = format_count(len(adopted.run_ids), "earlier run"), format_count(adopted.tests, "test")
        _write_line(reporter, f"took in {runs} ({what}), {tests}")
    for note in (*adopted.notes, *finished.notes):
        _write_line(reporter, note)


def _over(finished: FinishedRun) -> str:
    """What a single line adds about limits that are broken."""
    if finished.limits is None:
        return ""
    from lapwing.report.pages.limits import over_text

    return f"; {over_text(finished.limits)}: lapwing check"


def _one_side(finished: FinishedRun) -> str:
    """What a single line adds about tests that could not be compared."""
    judgment = finished.comparison
    if judgment is None or not (judgment.new_tests or judgment.gone_tests):
        return ""
    from lapwing.report.pages.changes import one_side_text

    return f"; {one_side_text(judgment)}"


def _write_line(reporter: TerminalReporter, text: str, **markup: bool) -> None:
    from lapwing.report.harmless import harmless

    reporter.write_line(f"lapwing: {harmless(text)}", **markup)
