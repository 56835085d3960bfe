"""How `--profile-slow` starts the session's pytest again."""

import sys
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from lapwing.operations.profile_slow import SlowProfiles


def slow_profiles(config: pytest.Config) -> "SlowProfiles":
    """The session's command, in one process and without coverage, which would be most of what is seen."""
    from lapwing.operations.kept_apart import NO_CACHE
    from lapwing.operations.profile_slow import SlowProfiles

    given = [str(part) for part in config.invocation_params.args]
    uncovered = ["--no-cov"] if config.pluginmanager.hasplugin("pytest_cov") else []
    uncached = [] if config.pluginmanager.hasplugin("cacheprovider") else NO_CACHE
    return SlowProfiles(
        count=config.option.profile_slow,
        command=(sys.executable, "-m", "pytest", *given, *uncovered, *uncached),
        folder=config.invocation_params.dir,
    )
