"""Judge the newest run: exit code 1 where a limit is broken or something became slower.

Judged are the budget and the deadline of each test, regressions against the baseline, how many tests are
slow, the time of the whole run, and limits of load tests ([tool.lapwing.load_budgets]). What cannot be told
(too little history, another machine) is said and fails nothing.

examples:
  lapwing check
  lapwing check --run latest~1 --severity critical
  lapwing check --fail-on budget,deadline
  lapwing check --release-gate            any budget or regression since the last release tag
  lapwing check --format json
  lapwing check --format github           annotations, and the page in the summary of the job

--fail-on takes budget, deadline, regression, suite, slow-tests, n+1, leak and load, with commas between them.

Exit codes: 0 nothing broken, 1 something broken, 2 could not judge (no run, wrong configuration).
"""

import argparse

from lapwing.cli.choices import declare_format
from lapwing.cli.ci_forms import GATE_FORMS, show_gate_for_ci
from lapwing.cli.desk import Desk
from lapwing.cli.gate_choices import declare_gate
from lapwing.config.faults import together
from lapwing.errors import EXIT_FOUND, EXIT_OK
from lapwing.model.comparison import Severity
from lapwing.model.gate_codec import gate_dict
from lapwing.operations.check_run import check_named
from lapwing.operations.find_run import LATEST
from lapwing.operations.release_gate import check_release
from lapwing.report.pages.check import check_page


def declare(parser: argparse.ArgumentParser) -> None:
    """Arguments of `lapwing check`."""
    parser.add_argument("--run", default=LATEST, metavar="RUN", help="the run to judge (default: latest)")
    declare_gate(parser)
    parser.add_argument(
        "--release-gate",
        action="store_true",
        help="strict: every budget, and every regression since the run of the last release tag",
    )
    declare_format(parser, *GATE_FORMS)


def run(arguments: argparse.Namespace, desk: Desk) -> int:
    """Judge the run."""
    faults = desk.settings_untold().faults
    if faults:  # a limit that is left out would let everything pass
        raise together(faults)
    if arguments.release_gate:
        answer = check_release(desk.settings, desk.store, arguments.run)
    else:
        answer = check_named(
            desk.settings,
            desk.store,
            arguments.run,
            fail_on=arguments.fail_on,
            severity=Severity(arguments.severity),
        )
    if arguments.format == "json":
        desk.output.json(gate_dict(answer))
    elif arguments.format in GATE_FORMS:
        show_gate_for_ci(answer, arguments.format, desk)
    else:
        desk.output.page(check_page(answer))
    return EXIT_OK if answer.passed else EXIT_FOUND
