"""Comment on the pull request or merge request that this CI job is for.

There is one comment for all jobs, found again by a mark in it and by its author, and edited in place. It is
written only where something changed, or with --always. RUN may also be a data file, or a folder that holds
the folders of several jobs with a store.sqlite in each. What the environment names is used: GITHUB_TOKEN
or LAPWING_TOKEN on GitHub, GITLAB_TOKEN or LAPWING_TOKEN on GitLab; on Buildkite the build is annotated. A
token that may not comment (status 403), as that of a fork's pull request, is said and no failure; one that
the server does not know is.

examples:
  lapwing comment                          the newest run
  lapwing comment results                  all jobs whose artifacts lie in results/
  lapwing comment results/*/.performance_data.json --pull-request 12
  lapwing comment --dry-run                print it, send nothing
  lapwing comment --check "Test performance"

Exit codes: 0 written, or nothing to write; 2 it could not be.
"""

import argparse

from lapwing.cli.choices import positive
from lapwing.cli.desk import Desk
from lapwing.errors import EXIT_OK, NoDataError
from lapwing.model.comparison import ChangeVerdict
from lapwing.operations.results_of_jobs import reports_of
from lapwing.report.page import Tone
from lapwing.report.pages.comment import comment_page, has_news
from lapwing.report.render.capped_markdown import ANNOTATION, COMMENT, capped_markdown

_STYLES = {Tone.BAD: "error", Tone.UNSURE: "warning", Tone.GOOD: "success", Tone.PLAIN: "info"}


def declare(parser: argparse.ArgumentParser) -> None:
    """Arguments of `lapwing comment`."""
    parser.add_argument(
        "runs", nargs="*", default=["latest"], metavar="RUN", help="runs, data files or folders of jobs"
    )
    parser.add_argument(
        "--pull-request", type=positive, metavar="N", help="its number, where the job does not tell it"
    )
    parser.add_argument("--always", action="store_true", help="comment where nothing changed, too")
    parser.add_argument("--dry-run", action="store_true", help="print the comment, send nothing")
    parser.add_argument(
        "--check",
        metavar="NAME",
        help="on GitHub also a check of that name: failure where a test became slower, neutral where one is "
        "over a limit or worth a look",
    )


def run(arguments: argparse.Namespace, desk: Desk) -> int:
    """Write the comment."""
    reports = reports_of(desk.settings, desk.store_if_any, arguments.runs)
    if not any(report.summary.tests for _, report in reports):
        raise NoDataError(
            "there is no test to comment on", mend="Record one with: pytest --track-performance"
        )
    page = comment_page(reports)
    is_annotation = bool(desk.environ.get("BUILDKITE"))
    markdown = capped_markdown(page, ANNOTATION if is_annotation else COMMENT, level=3)
    if arguments.dry_run:
        desk.output.text(markdown)
        return EXIT_OK
    from lapwing.operations.comment import Message, post_check, post_comment

    message = Message(
        markdown=markdown,
        project=desk.settings.project,
        title=page.verdict,
        style=_STYLES[page.tone],
        is_news=has_news(reports),
    )
    number = arguments.pull_request
    posted = post_comment(message, desk.environ, number=number, always=arguments.always)
    desk.output.say_aside(posted.value)
    if arguments.check:
        verdicts = {report.comparison.verdict for _, report in reports if report.comparison is not None}
        is_doubtful = message.is_news or any(report.limits.broken for _, report in reports)
        conclusion = _conclusion(verdicts, is_doubtful=is_doubtful)
        checked = post_check(
            message, desk.environ, name=arguments.check, conclusion=conclusion, number=number
        )
        desk.output.say_aside(checked.value)
    return EXIT_OK


def _conclusion(verdicts: set[ChangeVerdict], *, is_doubtful: bool) -> str:
    if ChangeVerdict.REGRESSED in verdicts:
        return "failure"
    return "neutral" if is_doubtful or not verdicts or ChangeVerdict.CANNOT_TELL in verdicts else "success"
