"""A report in the forms that CI systems read."""

from typing import Final

from lapwing.cli.desk import Desk
from lapwing.cli.output import STANDARD_OUTPUT
from lapwing.model.report import Report
from lapwing.report.pages.notices import notices

CI_FORMS: Final = ("junit", "github", "gitlab", "openmetrics")

_SUMMARY: Final = "GITHUB_STEP_SUMMARY"


def show_for_ci(report: Report, form: str, desk: Desk, *, target: str | None, most: int) -> None:
    """Write the report as `form` to the file `target`, or to standard output for None and `-`.

    Raises UnreadableFileError where the file cannot be written.
    """
    if form == "github":
        _show_on_github(report, desk, target=target, most=most)
        return
    desk.output.write_or_say(_text(report, form), target)


def _text(report: Report, form: str) -> str:
    found = notices(report)
    if form == "junit":
        from lapwing.report.render.junit import render_junit

        return render_junit(report, found)
    if form == "gitlab":
        from lapwing.report.render.gitlab import code_quality

        return code_quality(found)
    from lapwing.report.render.openmetrics import render_openmetrics

    return render_openmetrics(report, found)


def _show_on_github(report: Report, desk: Desk, *, target: str | None, most: int) -> None:
    """Annotations to standard output, the page to the summary of the job where there is one."""
    from lapwing.report.pages.report import report_page
    from lapwing.report.render.capped_markdown import JOB_SUMMARY, capped_markdown
    from lapwing.report.render.github import github_annotations

    summary = capped_markdown(report_page(report, most=most), JOB_SUMMARY, level=3)
    desk.output.text(github_annotations(notices(report), where="see the summary of the job"))
    job = desk.environ.get(_SUMMARY)
    if target is None and job:
        desk.output.append(summary, job)
    else:
        desk.output.write_or_say(summary, target or STANDARD_OUTPUT)
