"""The files that set CI up, for what a project's tests are run by."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from lapwing.environment.project import RequirementsPlace
from lapwing.environment.text_files import read_text
from lapwing.operations.init import ci_github, ci_gitlab
from lapwing.operations.init.ci_install import install_lines, python_versions
from lapwing.operations.init.ci_runners import RUNNERS, Runner


def read_runners(root: Path) -> tuple[Runner, ...]:
    """The runners besides pytest whose sign lies in `root`."""
    return tuple(
        each
        for each in RUNNERS
        if (root / each.sign).is_file() and each.sign_text in read_text(root / each.sign)
    )


def ci_files(
    provider: str,
    *,
    base_branch: str,
    pyproject: Mapping[str, Any],
    places: Sequence[RequirementsPlace],
    runners: Sequence[Runner],
    has_pytest: bool,
) -> dict[str, str]:
    """Path -> text, for `provider` (github or gitlab)."""
    versions, install = python_versions(pyproject), install_lines(places, pyproject)
    files = {path: text for runner in runners for path, text in runner.files}
    if provider == "gitlab":
        files[ci_gitlab.PIPELINE] = ci_gitlab.pipeline(
            versions=versions, install=install, runners=runners, has_pytest=has_pytest
        )
        return files
    files[ci_github.WORKFLOW] = ci_github.workflow(
        base_branch=base_branch, versions=versions, install=install, runners=runners, has_pytest=has_pytest
    )
    if has_pytest:
        files[ci_github.RELEASE_WORKFLOW] = ci_github.release_workflow(
            base_branch=base_branch, versions=versions, install=install
        )
    return files
