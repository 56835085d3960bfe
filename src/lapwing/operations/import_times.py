"""Which imports make collection slow? The suite is collected once more, and Python tells."""

import subprocess
import sys
from collections.abc import Mapping, Sequence
from typing import Final

from lapwing.analysis.import_tree import import_tree
from lapwing.config.settings import Settings
from lapwing.errors import NoDataError
from lapwing.model.import_cost import ImportCosts

_COLLECTED: Final = (0, 5)  # exit codes of pytest: collected; no test found
_LAST_LINES: Final = 5


def import_times(settings: Settings, arguments: Sequence[str], *, environ: Mapping[str, str]) -> ImportCosts:
    """The imports of `pytest --collect-only` with `arguments` below the project's root, the largest first.

    Runs the project's conftest files and test modules, and no test. Raises NoDataError where Python tells of
    no import, as other implementations than CPython.
    """
    # Python writes to standard error, which pytest would keep to itself.
    uncaptured = ("-p", "lapwing.plugin.import_marks", "--capture=no", "--collect-only", "-q")
    command = [sys.executable, "-X", "importtime", "-m", "pytest", *uncaptured, *arguments]
    ended = subprocess.run(
        command,
        cwd=settings.root,
        env={**environ, "PERFORMANCE_MONITORING": "false"},
        capture_output=True,
        encoding="utf-8",
        errors="replace",
        check=False,
    )
    # A conftest file is told by its whole path.
    found = import_tree(ended.stderr.replace(f"{settings.root.as_posix()}/", "").splitlines())
    if not found:
        last = "; ".join((ended.stderr or ended.stdout).strip().splitlines()[-_LAST_LINES:])
        raise NoDataError(f"Python told of no import: {last}", mend="It takes CPython and pytest.")
    ranked = sorted(found, key=lambda each: (-each.cumulative_ns, each.module))
    return ImportCosts(
        imports=tuple(ranked),
        total_ns=sum(each.own_ns for each in found),
        collected=ended.returncode in _COLLECTED,
    )
