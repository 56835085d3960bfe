"""The summary at the end of a tracked pytest run, through pytest's own terminal writer."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from lapwing.report.render.harmless import harmless

if TYPE_CHECKING:
    from _pytest.terminal import TerminalReporter

    from lapwing.operations.finish_run import FinishedRun


def write_summary(
    reporter: "TerminalReporter", finished: "FinishedRun | None", notices: Sequence[str]
) -> None:
    """Write the section, or one line where one says it all, and every notice once."""
    if finished is not None:
        from lapwing.report.pages.run_summary import run_summary
        from lapwing.report.render.plain import plain_lines

        page = run_summary(finished.recorded, finished.comparison, use=finished.use, slowest=finished.slowest)
        is_brief = reporter.config.get_verbosity() < 0 or not page.sections
        if is_brief:
            reporter.write_line(f"lapwing: {harmless(page.verdict)}")
        else:
            reporter.write_sep("=", "lapwing")
            for line in plain_lines(page, reporter.config.get_terminal_writer().fullwidth):
                reporter.write_line(line)
        adopted = finished.adopted
        if adopted.run_ids:
            what = f"{adopted.killed} killed" if adopted.killed else "unstored"
            reporter.write_line(
                f"lapwing: took in {len(adopted.run_ids)} earlier run(s) ({what}), {adopted.tests} tests"
            )
        for note in finished.notes:
            reporter.write_line(f"lapwing: {harmless(note)}")
        notices = (*notices, *finished.faults)
    for notice in notices:
        first, *rest = notice.splitlines()
        reporter.write_line(f"lapwing: warning: {harmless(first)}", yellow=True)
        for line in rest:
            reporter.write_line(f"lapwing: {harmless(line)}")
