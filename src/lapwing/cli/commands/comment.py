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
  lapwing comment --check "Test performance" --fail-on budget,regression

Exit codes: 0 written, or nothing to write; 2 it could not be.
"""

import argparse

from lapwing.cli.choices import positive
from lapwing.cli.desk import Desk
from lapwing.cli.gate_choices import declare_gate
from lapwing.errors import EXIT_OK, NoDataError
from lapwing.model.comparison import ChangeVerdict, Severity
from lapwing.model.gate import GateAnswer
from lapwing.operations.results_of_jobs import gates_of, reports_of
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
        help="on GitHub also a check of that name: failure for what lapwing check fails on, neutral for what "
        "is worth a look",
    )
    declare_gate(parser.add_argument_group("the check"))


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
    try:
        posted = post_comment(message, desk.environ, number=number, always=arguments.always)
        desk.output.say_aside(posted.value)
    except NoDataError as error:
        if not arguments.check:
            raise
        desk.output.say_aside(error.what)  # a check is about a commit, which a push has, too
    if arguments.check:
        gates = gates_of(
            desk.settings,
            desk.store_if_any,
            arguments.runs,
            fail_on=arguments.fail_on,
            severity=Severity(arguments.severity),
        )
        is_doubtful = message.is_news or any(map(_is_doubtful, gates))
        has_failed = any(gate is not None and not gate.passed for gate in gates)
        conclusion = "failure" if has_failed else "neutral" if is_doubtful else "success"
        checked = post_check(
            message, desk.environ, name=arguments.check, conclusion=conclusion, number=number
        )
        desk.output.say_aside(checked.value)
    return EXIT_OK


def _is_doubtful(gate: GateAnswer | None) -> bool:
    """Whether something is broken that need not be mended, or cannot be told."""
    if gate is None or gate.comparison is None or gate.tolerated:
        return True
    return gate.comparison.verdict is ChangeVerdict.CANNOT_TELL
