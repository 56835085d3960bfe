"""How `--confirm` starts the session's pytest again."""

import sys
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from lapwing.operations.confirm_session import Rerun

_CHILD = "lapwing.plugin.confirm_rerun"


def rerun_of(config: pytest.Config, workers: int) -> "Rerun":
    """The session's command, with what makes it a round of running suspects again.

    With pytest-xdist as many workers run the same tests at once as the session had: a machine that is
    as busy as then gives times that can be held against its own.
    """
    from lapwing.operations.confirm_session import Rerun
    from lapwing.operations.kept_apart import NO_CACHE

    given = [str(part) for part in config.invocation_params.args]
    own = ["-p", _CHILD, "-q"]
    manager = config.pluginmanager
    if manager.hasplugin("xdist"):
        own += ["-n", str(workers), "--dist", "each"] if workers else ["-n0"]
    if manager.hasplugin("pytest_cov"):
        own.append("--cov-report=")
    if not manager.hasplugin("cacheprovider"):
        own += NO_CACHE
    return Rerun(
        times=config.option.confirm,
        command=(sys.executable, "-m", "pytest", *given, *own),
        folder=config.invocation_params.dir,
    )
