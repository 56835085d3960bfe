"""What a run says of the place where it begins."""

from pathlib import Path

from lapwing.config.load import load_settings
from lapwing.record.run_facts import begin_run

SHA = "0123456789abcdef0123456789abcdef01234567"


def test_without_a_repository_the_commit_is_the_one_that_ci_builds(tmp_path: Path) -> None:
    environ = {"CI": "true", "GITHUB_ACTIONS": "true", "GITHUB_SHA": SHA, "GITHUB_REF": "refs/heads/main"}

    run = begin_run(
        load_settings(tmp_path, environ={}), command=(), workers=0, distribution="no", environ=environ
    )

    assert (run.revision.commit, run.revision.branch) == (SHA, "main")
