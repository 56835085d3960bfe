"""Look for what keeps runs from being recorded, kept or measured well.

Looks at the installation, the settings, the store, the baseline and the machine. Exit code 0: no
problem (there may be notes), 1: a problem was found, 2: could not look.

examples:
  lapwing doctor
  lapwing doctor --format json
"""

import argparse

from lapwing.cli.choices import declare_format
from lapwing.cli.desk import Desk
from lapwing.config.settings import Settings
from lapwing.errors import EXIT_FOUND, EXIT_OK, ConfigurationError
from lapwing.model.health import HealthLevel
from lapwing.operations.doctor import examine
from lapwing.report.pages.doctor import doctor_dict, doctor_page


def declare(parser: argparse.ArgumentParser) -> None:
    """Arguments of `lapwing doctor`."""
    declare_format(parser)


def run(arguments: argparse.Namespace, desk: Desk) -> int:
    """Look at everything and tell it."""
    # The root is not from the settings: the doctor is needed most where those cannot be read.
    findings = list(examine(desk.root, _settings(desk), lambda: desk.store, environ=desk.environ))
    if arguments.format == "json":
        desk.output.json(doctor_dict(findings))
    else:
        desk.output.page(doctor_page(findings))
    has_problem = any(each.level is HealthLevel.PROBLEM for each in findings)
    return EXIT_FOUND if has_problem else EXIT_OK


def _settings(desk: Desk) -> Settings | ConfigurationError:
    try:
        return desk.settings_untold()
    except ConfigurationError as fault:
        return fault
