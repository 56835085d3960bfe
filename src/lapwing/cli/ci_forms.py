"""A report, or the answer of a gate or an audit, in the forms that CI systems read."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from lapwing.cli.output import STANDARD_OUTPUT
from lapwing.report.notice import Level

if TYPE_CHECKING:
    from lapwing.cli.desk import Desk
    from lapwing.model.audit import Audit
    from lapwing.model.gate import GateAnswer
    from lapwing.model.report import Report
    from lapwing.report.notice import Notice
    from lapwing.report.page import Page

CI_FORMS: Final = ("junit", "github", "gitlab", "openmetrics")
GATE_FORMS: Final = ("github", "gitlab")

_MOST_SAID: Final = 5
_SUMMARY: Final = "GITHUB_STEP_SUMMARY"


def show_for_ci(report: "Report", form: str, desk: "Desk", *, target: str | None, most: int) -> None:
    """Write the report as `form` to the file `target`, or to standard output for None and `-`.

    Raises UnreadableFileError where the file cannot be written.
    """
    if form == "github":
        from lapwing.report.pages.notices import notices
        from lapwing.report.pages.report import report_page

        _show_on_github(report_page(report, most=most), notices(report), desk, target=target)
        return
    desk.output.write_or_say(_text(report, form, desk), target)


def _text(report: "Report", form: str, desk: "Desk") -> str:
    from lapwing.report.pages.notices import notices

    found = notices(report)
    if form == "junit":
        from lapwing.report.render.junit import render_junit

        return render_junit(report, found)
    if form == "gitlab":
        return _code_quality(found, desk)
    from lapwing.report.render.openmetrics import render_openmetrics

    return render_openmetrics(report, found)


def show_gate_for_ci(answer: "GateAnswer", form: str, desk: "Desk") -> None:
    """Print what a gate has to say beside the code as `form`, on GitHub with its page."""
    from lapwing.report.pages.check import check_page
    from lapwing.report.pages.gate_notices import gate_notices

    if form == "gitlab":
        desk.output.text(_code_quality(gate_notices(answer), desk))
    else:
        _show_on_github(check_page(answer), gate_notices(answer), desk, target=None)


def show_audit_for_ci(answer: "Audit", page: "Page", form: str, desk: "Desk") -> None:
    """Print what an audit has to say beside the code as `form`, on GitHub with its `page`."""
    from lapwing.report.pages.audit_notices import audit_notices

    if form == "gitlab":
        desk.output.text(_code_quality(audit_notices(answer), desk))
    else:
        _show_on_github(page, audit_notices(answer), desk, target=None)


def _code_quality(found: "Sequence[Notice]", desk: "Desk") -> str:
    """The report of code quality. An empty list looks as if all were well, so what has no place is told."""
    from lapwing.report.render.gitlab import code_quality

    homeless = [each for each in found if each.file is None and each.level is not Level.NOTICE]
    for each in homeless[:_MOST_SAID]:
        desk.output.say_aside(f"belongs to no file, which GitLab wants: {each.title}: {each.message}")
    if len(homeless) > _MOST_SAID:
        desk.output.say_aside(f"{len(homeless) - _MOST_SAID:,} more belong to no file")
    return code_quality(found)


def _show_on_github(page: "Page", found: "Sequence[Notice]", desk: "Desk", *, target: str | None) -> None:
    """Annotations to standard output, the page to the summary of the job where there is one."""
    from lapwing.report.render.capped_markdown import JOB_SUMMARY, capped_markdown
    from lapwing.report.render.github import github_annotations

    summary = capped_markdown(page, JOB_SUMMARY, level=3)
    desk.output.text(github_annotations(found, where="see the summary of the job"))
    job = desk.environ.get(_SUMMARY)
    if target is None and job:
        desk.output.append(summary, job)
    else:
        desk.output.write_or_say(summary, target or STANDARD_OUTPUT)
