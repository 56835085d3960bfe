"""Worktrees beside a checkout that notices nothing of them."""

import pytest

from lapwing.environment.worktree import add_worktree, remove_worktree, worktree_paths
from lapwing.errors import ProjectError


@pytest.fixture
def changed(repository):
    """A repository with one commit, a change that is not committed, and a file that git does not know."""
    repository.first = repository.commit("one")
    (repository.folder / "file.txt").write_text("changed")
    (repository.folder / "new.txt").write_text("untracked")
    return repository


def test_a_tree_has_the_commit_and_the_checkout_keeps_its_changes(changed, tmp_path):
    status = changed.git("status", "--porcelain")

    add_worktree(changed.folder, changed.first, tmp_path / "tree")

    assert (tmp_path / "tree" / "file.txt").read_text() == "one"
    assert not (tmp_path / "tree" / "new.txt").exists()
    assert changed.git("status", "--porcelain") == status
    assert changed.git("stash", "list") == ""


def test_a_removed_tree_leaves_nothing_on_disk_or_in_git(changed, tmp_path):
    add_worktree(changed.folder, changed.first, tmp_path / "tree")

    remove_worktree(changed.folder, tmp_path / "tree")

    assert not (tmp_path / "tree").exists()
    assert worktree_paths(changed.folder) == (changed.folder,)


def test_a_tree_whose_files_are_gone_or_half_there_is_removed_all_the_same(changed, tmp_path):
    for name in ("gone", "half"):
        add_worktree(changed.folder, changed.first, tmp_path / name)
    (tmp_path / "gone").rename(tmp_path / "elsewhere")
    (tmp_path / "half" / ".git").unlink()

    for name in ("gone", "half"):
        remove_worktree(changed.folder, tmp_path / name)

    assert worktree_paths(changed.folder) == (changed.folder,)


def test_what_tests_made_read_only_or_git_was_told_to_keep_is_removed(changed, tmp_path):
    tree = tmp_path / "tree"
    add_worktree(changed.folder, changed.first, tree)
    (tree / "deep").mkdir()
    (tree / "deep" / "file").write_text("")
    (tree / "deep").chmod(0o500)
    changed.git("worktree", "lock", str(tree))

    remove_worktree(changed.folder, tree)

    assert not tree.exists()
    assert worktree_paths(changed.folder) == (changed.folder,)


def test_another_tree_of_the_users_stays(changed, tmp_path):
    changed.git("worktree", "add", "--quiet", "--detach", str(tmp_path / "theirs"))
    add_worktree(changed.folder, changed.first, tmp_path / "ours")

    remove_worktree(changed.folder, tmp_path / "ours")

    assert worktree_paths(changed.folder) == (changed.folder, tmp_path / "theirs")


def test_a_tree_that_never_was_is_no_fault(changed, tmp_path):
    remove_worktree(changed.folder, tmp_path / "never")

    assert worktree_paths(changed.folder) == (changed.folder,)


def test_no_hook_of_the_repository_runs(changed, tmp_path):
    hook = changed.folder / ".git" / "hooks" / "post-checkout"
    hook.write_text(f"#!/bin/sh\ntouch '{tmp_path}/ran'\n")
    hook.chmod(0o755)

    add_worktree(changed.folder, changed.first, tmp_path / "tree")

    assert not (tmp_path / "ran").exists()


def test_submodules_are_filled_from_the_checkouts_own_copies(changed, repository, tmp_path):
    inner = type(repository)(tmp_path / "inner")
    inner.commit("inside")
    changed.git("-c", "protocol.file.allow=always", "submodule", "--quiet", "add", str(inner.folder), "sub")
    changed.git("commit", "--quiet", "--message", "with a submodule", "sub", ".gitmodules")

    missing = add_worktree(changed.folder, "HEAD", tmp_path / "tree")

    assert missing == ()
    assert (tmp_path / "tree" / "sub" / "file.txt").read_text() == "inside"


def test_a_submodule_that_is_not_here_is_told(changed, repository, tmp_path):
    inner = type(repository)(tmp_path / "inner")
    inner.commit("inside")
    changed.git("-c", "protocol.file.allow=always", "submodule", "--quiet", "add", str(inner.folder), "sub")
    changed.git("commit", "--quiet", "--message", "with a submodule", "sub", ".gitmodules")
    changed.git("submodule", "--quiet", "deinit", "--force", "sub")

    (missing,) = add_worktree(changed.folder, "HEAD", tmp_path / "tree")

    assert missing.startswith("submodule sub is not here")


def test_what_git_refuses_is_told_in_its_words(changed, tmp_path):
    with pytest.raises(ProjectError, match="git worktree failed: invalid reference: nowhere"):
        add_worktree(changed.folder, "nowhere", tmp_path / "tree")
