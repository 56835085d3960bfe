"""The commits between two."""

import subprocess
from pathlib import Path

import pytest

from lapwing.environment.git_log import Commits, commits_between
from lapwing.environment.person import who


@pytest.fixture
def commits(tmp_path: Path) -> list[str]:
    """A repository of four commits; their ids, oldest first."""

    def git(*words: str) -> str:
        command = ["git", "-c", "user.name=Ann", "-c", "user.email=ann@example.org", *words]
        return subprocess.run(
            command, cwd=tmp_path, check=True, capture_output=True, text=True
        ).stdout.strip()

    git("init", "--quiet")
    git("config", "user.name", "Ann")
    made = []
    for number in range(4):
        git("commit", "--quiet", "--allow-empty", "-m", f"Change {number}")
        made.append(git("rev-parse", "HEAD"))
    return made


def test_commits_after_the_first_up_to_the_second_newest_first(tmp_path, commits):
    found = commits_between(tmp_path, commits[0], commits[2], most=5)

    assert found == Commits(((commits[2], "Change 2"), (commits[1], "Change 1")), 0)


def test_more_than_are_wanted_are_counted(tmp_path, commits):
    found = commits_between(tmp_path, commits[0], commits[3], most=1)

    assert (len(found.listed), found.more) == (1, 2)


@pytest.mark.parametrize(
    ("before", "after"),
    [(None, None), ("f" * 40, "e" * 40), ("--output=x", "HEAD"), ("HEAD", "HEAD")],
)
def test_what_git_does_not_know_has_none(tmp_path, commits, before, after):
    assert commits_between(tmp_path, before, after, most=5) == Commits()


def test_outside_of_a_repository_there_are_none(tmp_path):
    assert commits_between(tmp_path, "a" * 40, "b" * 40, most=5) == Commits()


def test_who_it_is_says_git(tmp_path, commits):
    assert who(tmp_path) == "Ann"
