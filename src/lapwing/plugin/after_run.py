"""What some sessions do with a run that has been taken in: measure again, and hand it on."""

import os

import pytest

from lapwing.config.settings import Settings
from lapwing.operations.finish_run import FinishedRun


def run_again(config: pytest.Config, settings: Settings, finished: FinishedRun, workers: int) -> FinishedRun:
    """Run what looks slower again, and what is slow under a profiler, as far as that was asked for."""
    if config.option.confirm:
        from lapwing.operations.confirm_session import confirm_suspects
        from lapwing.plugin.confirm_option import rerun_of

        finished = confirm_suspects(settings, finished, rerun_of(config, workers), environ=os.environ)
    if config.option.profile_slow:
        from lapwing.operations.profile_slow import profile_slow
        from lapwing.plugin.profile_option import slow_profiles

        finished = profile_slow(settings, finished, slow_profiles(config), environ=os.environ)
    return finished


def send(config: pytest.Config, settings: Settings, finished: FinishedRun) -> FinishedRun:
    """Push the run to a server and export it, as far as that was asked for."""
    if config.option.push is not None:
        from lapwing.operations.push_runs import push_finished

        finished = push_finished(settings, finished, config.option.push, os.environ)
    if settings.otel or config.option.otel:
        from lapwing.operations.export_otel import export_finished

        finished = export_finished(settings, finished, os.environ)
    return finished
