"""Compare two runs: what became slower or faster, the machine's own shift taken out.

A and B are runs (see 'lapwing runs'), git revisions or data files. A may also be a baseline file, or
'baseline': the baseline file of the project, else the last complete runs of the base branch.

examples:
  lapwing compare                       the newest run against the baseline
  lapwing compare latest~1 latest
  lapwing compare main HEAD --format json

Exit code 0 whatever is found; 'lapwing check' is the gate.
"""

import argparse

from lapwing.cli.choices import declare_format, declare_run
from lapwing.cli.desk import Desk
from lapwing.errors import EXIT_OK
from lapwing.model.codec import run_comparison_dict
from lapwing.operations.compare_named import compare_named
from lapwing.report.pages.compare import compare_page


def declare(parser: argparse.ArgumentParser) -> None:
    """Arguments of `lapwing compare`."""
    declare_run(parser, "A", default="baseline")
    declare_run(parser, "B", default="latest", may_be_baseline=False)
    declare_format(parser, "markdown")


def run(arguments: argparse.Namespace, desk: Desk) -> int:
    """Compare the two."""
    compared = compare_named(desk.settings, desk.store, arguments.A, arguments.B)
    if arguments.format == "json":
        desk.output.json(run_comparison_dict(compared.judgment))
        return EXIT_OK
    page = compare_page(compared.before, compared.after, compared.judgment)
    if arguments.format == "markdown":
        from lapwing.report.render.markdown import render_markdown

        desk.output.text(render_markdown(page))
    else:
        desk.output.page(page)
    return EXIT_OK
