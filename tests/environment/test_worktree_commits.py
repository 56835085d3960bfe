"""Commits by name, what lies between them, and what differs."""

import pytest

from lapwing.environment import worktree_commits as commits
from lapwing.errors import ProjectError


def test_a_branch_is_compared_with_where_it_left_the_base_branch(repository):
    start = repository.commit("one")
    repository.git("checkout", "--quiet", "-b", "feature")
    repository.commit("two")

    assert commits.commit_to_compare_with(repository.folder, "") == (start, "the merge base with main")


def test_without_a_base_branch_someone_has_to_name_a_commit(repository):
    repository.commit("one")
    repository.git("branch", "--move", "odd")

    with pytest.raises(ProjectError, match="not clear what to compare with"):
        commits.commit_to_compare_with(repository.folder, "")


def test_a_commit_that_is_not_here_is_an_error(repository):
    repository.commit("one")

    with pytest.raises(ProjectError, match="no commit is called"):
        commits.commit_named(repository.folder, "f" * 40)


def test_changes_are_seen_in_the_checkout_and_between_commits_path_by_path(repository):
    first = repository.commit("one")
    second = repository.commit("two")
    folder = repository.folder

    assert commits.is_changed(folder, first, second)
    assert not commits.is_changed(folder, second, None)
    (folder / "file.txt").write_text("three")
    assert commits.is_changed(folder, second, None)
    assert not commits.is_changed(folder, first, None, ["elsewhere"])


def test_a_commit_is_known_by_author_date_and_subject(repository):
    commit = repository.commit("Make it \x1b[31mslow")

    facts = commits.commit_facts(repository.folder, commit)

    assert (facts.commit, facts.author, facts.subject) == (commit, "A", "Make it \x1b[31mslow")
    assert facts.date.startswith("20")


def test_what_lies_between_is_listed_with_the_best_split_first(repository):
    ids = [repository.commit(str(number)) for number in range(8)]

    found = commits.suspects_between(repository.folder, ids[-1], [ids[0]], first_parent_only=False)

    assert set(found) == set(ids[1:])
    assert found[0] in ids[3:5]


def test_side_branches_are_searched_unless_first_parents_are_asked_for(repository):
    good = repository.commit("one")
    repository.git("checkout", "--quiet", "-b", "side")
    side = repository.commit("side")
    repository.git("checkout", "--quiet", "main")
    (repository.folder / "other.txt").write_text("main")
    repository.git("add", "other.txt")
    repository.git("commit", "--quiet", "--message", "main")
    repository.git("merge", "--quiet", "--no-edit", "side")
    bad = repository.git("rev-parse", "HEAD")

    every = commits.suspects_between(repository.folder, bad, [good], first_parent_only=False)
    firsts = commits.suspects_between(repository.folder, bad, [good], first_parent_only=True)

    assert side in every
    assert side not in firsts
    assert bad in firsts
    assert commits.first_parent(repository.folder, good) is None
    assert commits.is_ancestor(repository.folder, side, bad)
    assert not commits.is_ancestor(repository.folder, bad, side)
