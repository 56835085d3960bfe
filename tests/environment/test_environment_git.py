import subprocess
from pathlib import Path

import pytest

from lapwing.environment import git_process
from lapwing.environment.git import detect_base_branch, read_revision, resolve_revision
from lapwing.model.run import Revision


def test_a_clean_checkout_has_commit_and_branch(repository) -> None:
    commit = repository.commit("one")

    assert read_revision(repository.folder) == Revision(commit=commit, branch="main", dirty=False)


def test_changes_of_tracked_files_are_dirt_and_new_files_are_not(repository) -> None:
    repository.commit("one")
    (repository.folder / "new.txt").touch()
    before = read_revision(repository.folder).dirty

    (repository.folder / "file.txt").write_text("two")

    assert (before, read_revision(repository.folder).dirty) == (False, True)


def test_a_folder_of_a_monorepo_belongs_to_the_repository_around_it(repository) -> None:
    commit = repository.commit("one")
    package = repository.folder / "services/billing"
    package.mkdir(parents=True)

    assert read_revision(package) == Revision(commit=commit, branch="main", dirty=False)


def test_an_empty_repository_has_a_branch_and_no_commit(repository) -> None:
    assert read_revision(repository.folder) == Revision(branch="main", dirty=False)


def test_outside_a_repository_nothing_is_known(tmp_path: Path) -> None:
    outside = Path(tmp_path.anchor)

    assert read_revision(outside) == Revision()
    assert detect_base_branch(outside) is None
    assert resolve_revision(outside, "main") is None


def test_a_detached_head_has_no_branch(repository) -> None:
    first = repository.commit("one")
    repository.commit("two")
    repository.git("checkout", "--quiet", first)

    revision = read_revision(repository.folder)

    assert (revision.commit, revision.branch, revision.base) == (first, None, first)


def test_packed_refs_are_read(repository) -> None:
    commit = repository.commit("one")
    repository.git("tag", "--annotate", "v1", "--message", "v1")
    repository.git("pack-refs", "--all")

    assert not (repository.folder / ".git/refs/heads/main").exists()
    assert read_revision(repository.folder).commit == commit


def test_a_worktree_has_its_own_head_and_shared_refs(repository, tmp_path: Path) -> None:
    repository.commit("one")
    other = tmp_path / "other"
    repository.git("worktree", "add", "--quiet", "-b", "topic/x", str(other))
    (other / "file.txt").write_text("topic")
    repository.git("commit", "--quiet", "--all", "--message", "topic", folder=other)

    revision = read_revision(other)

    assert revision.commit == repository.git("rev-parse", "topic/x")
    assert revision.branch == "topic/x"
    assert revision.base == repository.git("rev-parse", "main")


def test_a_submodule_is_a_repository_of_its_own(repository, tmp_path: Path) -> None:
    repository.commit("one")
    inner = repository.folder / "inner"
    repository.git("clone", "--quiet", str(repository.folder), str(inner))
    (inner / ".git").rename(tmp_path / "moved")
    (inner / ".git").write_text("gitdir: ../../moved\n")

    revision = read_revision(inner)

    assert revision.commit == repository.git("rev-parse", "HEAD")
    assert revision.dirty is False


def test_the_base_is_where_the_branch_left_the_base_branch(repository) -> None:
    fork = repository.commit("one")
    repository.git("checkout", "--quiet", "-b", "topic")
    repository.commit("topic")
    repository.git("checkout", "--quiet", "main")
    repository.commit("two")
    repository.git("checkout", "--quiet", "topic")

    assert read_revision(repository.folder).base == fork


def test_the_base_branch_may_be_named(repository) -> None:
    repository.commit("one")
    repository.git("checkout", "--quiet", "-b", "release/2")
    fork = repository.commit("two")
    repository.git("checkout", "--quiet", "-b", "topic")
    repository.commit("three")

    assert read_revision(repository.folder, base_branch="release/2").base == fork
    assert read_revision(repository.folder, base_branch="no-such").base is None


def test_the_base_branch_itself_has_no_base(repository) -> None:
    repository.commit("one")

    assert read_revision(repository.folder).base is None


def test_a_shallow_clone_has_no_base(repository, tmp_path: Path) -> None:
    repository.commit("one")
    repository.git("checkout", "--quiet", "-b", "topic")
    repository.commit("two")
    clone = tmp_path / "clone"
    url = repository.folder.as_uri()
    repository.git("clone", "--quiet", "--depth=1", "--no-single-branch", url, str(clone))

    assert read_revision(clone).branch == "topic"
    assert read_revision(clone, base_branch="main").base is None


def test_the_default_branch_of_origin_is_the_base_branch(repository, tmp_path: Path) -> None:
    repository.commit("one")
    repository.git("branch", "--move", "trunk")
    clone = tmp_path / "clone"
    repository.git("clone", "--quiet", str(repository.folder), str(clone))

    assert detect_base_branch(clone) == "trunk"


@pytest.mark.parametrize(
    ("branch", "base"), [("main", "main"), ("master", "master"), ("develop", "develop"), ("topic", None)]
)
def test_without_origin_the_first_usual_name_is_the_base_branch(repository, branch: str, base: str) -> None:
    repository.commit("one")
    repository.git("branch", "--move", branch)

    assert detect_base_branch(repository.folder) == base


def test_origin_knows_the_base_branch_better_than_an_old_copy_of_it(repository, tmp_path: Path) -> None:
    repository.commit("one")
    clone = tmp_path / "clone"
    repository.git("clone", "--quiet", str(repository.folder), str(clone))
    newer = repository.commit("two")
    repository.git("fetch", "--quiet", folder=clone)
    repository.git("checkout", "--quiet", "-b", "topic", "origin/main", folder=clone)

    assert read_revision(clone).base == newer


def test_names_of_revisions_become_commits(repository) -> None:
    first = repository.commit("one")
    repository.git("tag", "--annotate", "v1", "--message", "v1")
    second = repository.commit("two")

    names = ("HEAD", "HEAD~1", "main", "v1", second[:10], second, "f" * 40)
    found = [resolve_revision(repository.folder, name) for name in names]

    assert found == [second, first, second, first, second, second, "f" * 40]


@pytest.mark.parametrize("name", ["no-such", "", "-h", "--all", "main\0", "HEAD:file.txt", "main..main"])
def test_what_names_no_commit_is_none(repository, name: str) -> None:
    repository.commit("one")

    assert resolve_revision(repository.folder, name) is None


def test_variables_of_a_hook_do_not_point_at_another_repository(
    repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = repository.commit("one")
    repository.git("checkout", "--quiet", "-b", "topic")
    repository.commit("two")
    for name in ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_COMMON_DIR"):
        monkeypatch.setenv(name, str(tmp_path / "elsewhere"))
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(repository.folder))

    revision = read_revision(repository.folder)

    assert (revision.dirty, revision.base) == (False, first)
    assert resolve_revision(repository.folder, "main") == first


def test_configuration_given_by_variables_is_kept() -> None:
    cleaned = git_process.clean_environment({"GIT_CONFIG_COUNT": "0", "GIT_DIR": "x", "LANG": "de_DE"})

    assert cleaned["GIT_CONFIG_COUNT"] == "0"
    assert cleaned["LC_ALL"] == "C"
    assert "GIT_DIR" not in cleaned


def test_a_repository_without_ref_files_is_asked_through_git(repository) -> None:
    first = repository.commit("one")
    repository.git("checkout", "--quiet", "-b", "topic")
    second = repository.commit("two")
    (repository.folder / ".git/reftable").mkdir()

    revision = read_revision(repository.folder)

    assert revision == Revision(commit=second, branch="topic", base=first, dirty=False)
    assert detect_base_branch(repository.folder) == "main"
    assert resolve_revision(repository.folder, "HEAD") == second


@pytest.mark.parametrize("fault", [subprocess.TimeoutExpired("git", 5), FileNotFoundError("git")])
def test_a_git_that_does_not_answer_leaves_dirt_and_base_unknown(
    repository, monkeypatch: pytest.MonkeyPatch, fault: Exception
) -> None:
    repository.commit("one")
    repository.git("checkout", "--quiet", "-b", "topic")
    commit = repository.commit("two")

    def fail(*arguments: object, **options: object) -> None:
        raise fault

    monkeypatch.setattr(subprocess, "run", fail)

    assert read_revision(repository.folder) == Revision(commit=commit, branch="topic")
    assert resolve_revision(repository.folder, "main") is None


@pytest.mark.parametrize("content", ["", "ref: refs/heads/main", "ref: HEAD", "nonsense", "\0\0", "ref:"])
def test_a_broken_head_is_no_commit(repository, content: str) -> None:
    (repository.folder / ".git/HEAD").write_text(content)

    assert read_revision(repository.folder).commit is None


def test_a_branch_of_no_unicode_can_be_written_as_text(repository) -> None:
    (repository.folder / ".git/HEAD").write_bytes(b"ref: refs/heads/caf\xe9\n")

    assert read_revision(repository.folder).branch == "caf?"
