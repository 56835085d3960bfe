"""The facts of a run at its beginning and at its end."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping

from lapwing.config.settings import Settings
from lapwing.environment.machine import read_machine
from lapwing.environment.packages import installed_versions
from lapwing.measure.clock import CLOCKS
from lapwing.model.run import Revision, Run
from lapwing.model.value import Value
from lapwing.record.run_id import new_run_id

_CI_SIGNS = frozenset({"CI", "JENKINS_URL", "TEAMCITY_VERSION", "TF_BUILD"})
"""Variables of which every provider that `environment.ci` knows sets at least one."""


class RunEnd(Value):
    """How a run ended."""

    exit_status: int
    is_complete: bool
    why_incomplete: str = ""


def begin_run(
    settings: Settings,
    *,
    command: tuple[str, ...],
    workers: int,
    distribution: str,
    environ: Mapping[str, str],
) -> Run:
    """A run that begins now in `settings.root`. Asks git, the environment and the machine."""
    now = CLOCKS.epoch()
    revision = _revision(settings)
    ci = None
    if not _CI_SIGNS.isdisjoint(environ):
        from lapwing.environment.ci import ci_branch, ci_commit, detect_ci

        ci = detect_ci(environ)
        if revision.branch is None:
            revision = revision._replace(branch=ci_branch(environ))
        if revision.commit is None:
            revision = revision._replace(commit=ci_commit(environ))
    return Run(
        run_id=new_run_id(now),
        started_at_ns=now,
        duration_ns=0,
        project=settings.project,
        package=settings.package,
        root=str(settings.root),
        revision=revision,
        machine=read_machine(),
        ci=ci,
        python=".".join(str(part) for part in sys.version_info[:3]),
        implementation=sys.implementation.name,
        packages=installed_versions(),
        command=command,
        workers=workers,
        distribution=distribution,
        load_average=_load_average(),
    )


def end_run(run: Run, end: RunEnd, *, startup_ns: int) -> Run:
    """The facts of `run` as it ends now."""
    return run._replace(
        duration_ns=max(0, CLOCKS.epoch() - run.started_at_ns),
        exit_status=end.exit_status,
        is_complete=end.is_complete,
        why_incomplete=end.why_incomplete,
        startup_ns=startup_ns,
    )


def _revision(settings: Settings) -> Revision:
    """The revision of the root; git is asked only where there is a checkout."""
    root = settings.root
    if not any(os.path.exists(f"{folder}/.git") for folder in (root, *root.parents)):  # noqa: PTH110
        return Revision()
    from lapwing.environment.git import read_revision

    return read_revision(root, base_branch=settings.base_branch)


def _load_average() -> float | None:
    try:
        return os.getloadavg()[0]
    except (AttributeError, OSError):
        return None
