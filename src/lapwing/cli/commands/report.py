"""Report on one run: verdict, figures, where the time went, what changed, what to do.

RUN may also be a data file or a baseline file. Times after --threshold are seconds.

examples:
  lapwing report                                 the newest run
  lapwing report latest~1 --threshold 5          slow is what takes more than 5 seconds
  lapwing report --compare-baseline --format markdown --output report.md
  lapwing report --format html --output report.html    one file: charts, timeline, every test
  lapwing report --category integration --format json
  lapwing report latest --update-docs            also the report part of tests/PERFORMANCE.md
  lapwing report --create-baseline               also make this run the baseline
  lapwing report --format github                 annotations, and the job's summary
  lapwing report --format junit --output report.xml

In a GitHub workflow --format github adds the report to the summary of the job ($GITHUB_STEP_SUMMARY, or
--output) and prints at most 8 annotations. gitlab is the code quality report, openmetrics the metrics report.

Exit codes: 0 reported, 2 there is nothing to report on.
"""

import argparse
import json
from pathlib import Path

from lapwing.cli.choices import declare_format, declare_run, positive
from lapwing.cli.ci_forms import CI_FORMS, show_for_ci
from lapwing.cli.desk import Desk
from lapwing.errors import EXIT_FAILED, EXIT_OK, ConfigurationError, NoDataError
from lapwing.model.report import Report
from lapwing.operations.find_run import FoundRun, find_run
from lapwing.operations.make_report import ReportWish, empty_report, make_report
from lapwing.operations.read_run import records_of
from lapwing.report.page import Page
from lapwing.report.pages.report import report_page
from lapwing.units import parse_duration

_NEWEST = "latest"
_DOCS = Path("tests", "PERFORMANCE.md")
_FILE_WIDTH = 100
_HTML_ROWS = 50  # a list that can be sorted may be longer than one that is read from its top


def declare(parser: argparse.ArgumentParser) -> None:
    """Arguments of `lapwing report`."""
    declare_run(parser, default=_NEWEST)
    declare_format(parser, "markdown", "html", *CI_FORMS)
    parser.add_argument("--output", metavar="FILE", help="write to FILE; - is standard output")
    parser.add_argument(
        "--threshold",
        metavar="SECONDS",
        help="a test is slow over so many seconds, or a duration such as 500ms (default: the setting)",
    )
    parser.add_argument(
        "--limit", type=positive, default=10, metavar="N", help="at most N tests in a list (default: 10)"
    )
    parser.add_argument(
        "--marker", action="append", default=[], metavar="NAME", help="only tests with this marker"
    )
    parser.add_argument(
        "--category", action="append", default=[], metavar="NAME", help="only tests of this category"
    )
    parser.add_argument(
        "--compare-baseline",
        action="store_true",
        help="compare with the baseline file, even where the settings prefer the history",
    )
    parser.add_argument("--create-baseline", action="store_true", help="make this run the baseline file")
    parser.add_argument(
        "--yes",
        action="store_true",
        help="with --create-baseline: overwrite without asking, even by a run with only a part of its tests",
    )
    parser.add_argument(
        "--update-docs",
        nargs="?",
        const="",
        metavar="FILE",
        help=f"put the report between the markers of FILE (default: {_DOCS.as_posix()}); RUN comes before it",
    )


def run(arguments: argparse.Namespace, desk: Desk) -> int:
    """Report, then write what else was asked for."""
    wish = _wish(arguments, desk)
    docs = _docs_path(arguments, desk)
    try:
        found = find_run(desk.settings, desk.store_if_any, arguments.run)
    except NoDataError as error:
        if arguments.run != _NEWEST:
            raise
        _show(empty_report(wish), arguments, desk)
        desk.output.error(error)
        return EXIT_FAILED
    report = make_report(desk.settings, desk.store_if_any, found, wish)
    _show(report, arguments, desk)
    if not report.summary.tests and not (report.recorded and report.recorded.benchmarks):
        desk.output.say_aside("there is no test to report on")
        return EXIT_FAILED
    if docs is not None:
        from lapwing.operations.update_docs import update_docs

        desk.output.say_aside(update_docs(desk.settings, docs, report))
    if arguments.create_baseline:
        desk.output.say_aside(_create_baseline(desk, found, unasked=arguments.yes))
    return EXIT_OK


def _wish(arguments: argparse.Namespace, desk: Desk) -> ReportWish:
    slow_ns = desk.settings.slow_test_ns
    if arguments.threshold is not None:
        slow_ns = parse_duration(arguments.threshold, bare_unit="s", where="--threshold")
    return ReportWish(
        slow_ns=slow_ns,
        markers=tuple(arguments.marker),
        categories=tuple(arguments.category),
        against_file=arguments.compare_baseline,
    )


def _docs_path(arguments: argparse.Namespace, desk: Desk) -> Path | None:
    """The file of `--update-docs`; None without. Raises ConfigurationError for what is no such file."""
    name = arguments.update_docs
    if name is None:
        return None
    if name and Path(name).suffix.lower() not in (".md", ".markdown"):
        raise ConfigurationError(
            f"{name!r} is no Markdown file",
            where="--update-docs",
            mend="Write a name that ends in .md; a RUN stands before --update-docs.",
        )
    return Path(name) if name else desk.settings.root / _DOCS


def _show(report: Report, arguments: argparse.Namespace, desk: Desk) -> None:
    if arguments.format == "json":
        from lapwing.report.documents import report_dict

        desk.output.write_or_say(json.dumps(report_dict(report), indent=1) + "\n", arguments.output)
        return
    if arguments.format in CI_FORMS:
        show_for_ci(report, arguments.format, desk, target=arguments.output, most=arguments.limit)
        return
    if arguments.format == "html":
        from lapwing.report.pages.report_charts import charted_report_page
        from lapwing.report.render.html_document import render_document

        page = charted_report_page(report, most=max(arguments.limit, _HTML_ROWS))
        desk.output.write_or_say(render_document(page), arguments.output)
        return
    page = report_page(report, most=arguments.limit)
    if arguments.format == "terminal" and arguments.output in (None, "-"):
        desk.output.page(page)
    else:
        desk.output.write_or_say(_text(page, arguments.format), arguments.output)


def _text(page: Page, form: str) -> str:
    if form == "markdown":
        from lapwing.report.render.markdown import render_markdown

        return render_markdown(page)
    from lapwing.report.render.plain import render_plain

    return f"{page.title}\n{render_plain(page, _FILE_WIDTH)}"


def _create_baseline(desk: Desk, found: FoundRun, *, unasked: bool) -> str:
    """Make the whole run the baseline, whatever part of it was shown."""
    from lapwing.operations.update_baseline import create_from_recorded, written

    recorded = records_of(desk.store_if_any, found)
    desk.confirm_overwriting(desk.settings.baseline_file, unasked=unasked)
    return written(desk.settings, create_from_recorded(desk.settings, recorded, even_if_partial=unasked))
