"""Say what would make the suite faster, the largest gain first.

Each suggestion has its evidence, what to change, where, what it risks, and how much wall time it gains
with the workers the run had: the run is simulated as it was and after the change. Advisors look at
fixtures that could be shared or are written twice, sleeps, network, programs started, repeated
queries, imports, parameters, long tests, workers and distribution, tests that never fail, categories,
the garbage collector and coverage.

examples:
  lapwing advise                              on the newest run
  lapwing advise 0192f3a1 --most 3
  lapwing advise --write-issue slow-tests.md  a text for a tracker
  lapwing advise --format json
"""

import argparse

from lapwing.cli.choices import declare_format, declare_run, positive
from lapwing.cli.desk import Desk
from lapwing.errors import EXIT_OK
from lapwing.operations.advise import advise_on
from lapwing.report.advice_documents import advice_dict
from lapwing.report.pages.advise import advise_page
from lapwing.report.render.capped_markdown import COMMENT, capped_markdown


def declare(parser: argparse.ArgumentParser) -> None:
    """Arguments of `lapwing advise`."""
    declare_run(parser, may_be_baseline=False)
    parser.add_argument(
        "--most", type=positive, default=10, metavar="N", help="at most N suggestions (default: 10)"
    )
    parser.add_argument(
        "--write-issue", metavar="FILE", help="write them as Markdown for a tracker (-: standard output)"
    )
    declare_format(parser)


def run(arguments: argparse.Namespace, desk: Desk) -> int:
    """Give advice."""
    advice = advise_on(desk.settings, desk.store, arguments.run)
    page = advise_page(advice, arguments.most)
    if arguments.write_issue is not None:
        desk.output.write_or_say(capped_markdown(page, COMMENT), arguments.write_issue)
    if arguments.format == "json":
        desk.output.json(advice_dict(advice))
    elif arguments.write_issue is None:
        desk.output.page(page)
    return EXIT_OK
