"""`lapwing bisect` on real repositories, linear and merged."""

import json
import os
import subprocess

import pytest

from lapwing.cli.main import main

TESTS = """\
import time


def test_list():
    end = time.process_time() + {milliseconds} / 1000
    while time.process_time() < end:
        pass
"""

NAME = "test_shop.py::test_list"
FAST, SLOW = 30, 60  # milliseconds: what the machine adds to a process is small beside them

# Of eight pairs the interval spans all: each must show the step, or stay under the threshold.
SURE = ("--pairs", "8", "--max-pairs", "8", "--threshold", "50%")


class Repository:
    """A repository whose only test takes a fixed processor time."""

    def __init__(self, root, capsys):
        self.root = root
        self._capsys = capsys
        self.out = self.err = ""
        self.git("init", "--quiet", "--initial-branch=main")
        (root / ".gitignore").write_text("__pycache__\n.lapwing\n")

    def git(self, *words):
        who = ["-c", "user.name=Ada", "-c", "user.email=ada@example.org"]
        done = subprocess.run(
            ["git", *who, *words], cwd=self.root, capture_output=True, text=True, check=True
        )
        return done.stdout.strip()

    def commit(self, subject, milliseconds=None, *, content=None):
        """A commit in which the test takes so long, or whose test file is `content`."""
        if milliseconds is not None:
            content = TESTS.format(milliseconds=milliseconds)
        if content is not None:
            (self.root / "test_shop.py").write_text(content)
        self.git("add", "--all")
        self.git("commit", "--quiet", "--allow-empty", "--message", subject)
        return self.git("rev-parse", "HEAD")

    def run(self, *words):
        self._capsys.readouterr()
        code = main(words)
        self.out, self.err = self._capsys.readouterr()
        return code

    def is_clean(self):
        return self.git("worktree", "list").count("\n") == 0 and self.git("status", "--porcelain") == ""


@pytest.fixture
def repository(tmp_path, monkeypatch, capsys):
    root = tmp_path / "shop"
    root.mkdir()
    monkeypatch.chdir(root)
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    for name in [name for name in os.environ if name.startswith(("GIT_", "LAPWING", "PYTEST_ADDOPTS"))]:
        monkeypatch.delenv(name)
    return Repository(root, capsys)


@pytest.mark.slow_suite
def test_the_commit_is_found_with_its_author_and_how_sure_that_is(repository):
    for number in range(2):
        repository.commit(f"fast {number}", FAST)
    culprit = repository.commit("Sort the list twice", SLOW)
    repository.commit("slow")

    code = repository.run("bisect", NAME, "--good", "HEAD~3", "--format", "json", *SURE)

    found = json.loads(repository.out)
    assert code == 1
    assert found["culprit"]["commit"] == culprit
    assert (found["culprit"]["author"], found["culprit"]["subject"]) == ("Ada", "Sort the list twice")
    assert found["step"]["comparisons"][0]["ratio"] == pytest.approx(SLOW / FAST, rel=0.1)
    assert found["sureness"] > 0.9
    assert f"{culprit[:10]} +" in repository.err
    assert repository.is_clean()


@pytest.mark.slow_suite
def test_commits_in_which_the_test_does_not_run_are_skipped_and_told(repository):
    repository.commit("fast", FAST)
    broken = repository.commit("Break it", content="import nothing_of_this_name\n")
    slow = repository.commit("Mend it", SLOW)

    code = repository.run("bisect", NAME, "--good", "HEAD~2", *SURE)

    text = " ".join(repository.out.split())
    assert code == 1
    assert f"{broken[:10]} skipped: {broken[:10]} does not have this test" in repository.err
    assert "slower since one of 2 commits" in text
    assert slow[:10] in text
    assert broken[:10] in text


@pytest.mark.slow_suite
@pytest.mark.parametrize(("flags", "subject"), [((), "On the side"), (("--first-parent",), "Merge it")])
def test_a_merge_is_searched_or_named(repository, flags, subject):
    good = repository.commit("fast", FAST)
    repository.git("checkout", "--quiet", "-b", "side")
    repository.commit("On the side", SLOW)
    repository.git("checkout", "--quiet", "main")
    (repository.root / "other.txt").write_text("main goes on")
    repository.commit("Go on")
    repository.git("merge", "--quiet", "--no-ff", "--message", "Merge it", "side")

    repository.run("bisect", NAME, "--good", good, "--format", "json", *flags, *SURE)

    assert json.loads(repository.out)["culprit"]["subject"] == subject


@pytest.mark.slow_suite
def test_a_test_that_is_not_slower_ends_the_search(repository):
    repository.commit("fast", FAST)
    repository.commit("as fast")

    code = repository.run("bisect", NAME, "--good", "HEAD~1", *SURE)

    assert code == 0
    assert "it takes as long in bad as in good" in repository.out


def test_a_good_commit_that_does_not_come_before_is_refused(repository):
    repository.commit("one", 10)
    repository.commit("two")

    assert repository.run("bisect", NAME, "--good", "HEAD", "--bad", "HEAD~1") == 2

    assert "HEAD does not come before HEAD~1" in repository.err


def test_a_commit_nobody_knows_is_refused(repository):
    repository.commit("one", 10)

    assert repository.run("bisect", NAME, "--good", "nowhere") == 2

    assert "no commit is called 'nowhere' here" in repository.err
