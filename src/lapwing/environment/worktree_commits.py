"""What git knows of commits, as far as comparing and bisecting ask for it."""

from collections.abc import Collection, Sequence
from pathlib import Path

from lapwing.environment.git import detect_base_branch, resolve_revision
from lapwing.environment.git_process import ask_git
from lapwing.environment.worktree import run_git
from lapwing.errors import ProjectError
from lapwing.model.paired import CommitFacts


def commit_named(top: Path, name: str) -> str:
    """The commit that `name` stands for and that is here. Raises ProjectError."""
    commit = resolve_revision(top, name)
    if commit is None or ask_git(top, "cat-file", "-e", commit + "^{commit}") is None:
        raise ProjectError(
            f"no commit is called {name[:80]!r} here",
            mend="Name a branch, a tag or a commit; in a shallow clone fetch it first: git fetch --unshallow",
        )
    return commit


def commit_to_compare_with(top: Path, base_branch: str) -> tuple[str, str]:
    """The merge base of HEAD with the base branch, and its name in words. Raises ProjectError."""
    base = base_branch or detect_base_branch(top)
    if base is None:
        raise ProjectError(
            "it is not clear what to compare with: there is no branch main, master or develop",
            mend="Name a commit with --against, or set base_branch in [tool.lapwing].",
        )
    for name in (f"origin/{base}", base):
        if resolve_revision(top, name) is None:
            continue
        answer = (ask_git(top, "merge-base", "HEAD", name) or "").strip()
        if answer:
            return answer, f"the merge base with {name}"
    raise ProjectError(
        f"HEAD and {base} have no commit in common here",
        mend="Name a commit with --against; in a shallow clone fetch more first: git fetch --unshallow",
    )


def is_changed(top: Path, before: str, after: str | None, paths: Sequence[str] = ()) -> bool:
    """Whether `paths` (all files) differ between two commits; None is the checkout as it is.

    Files that git does not track count for nothing.
    """
    commits = [before] if after is None else [before, after]
    arguments = ["diff", "--quiet", "--no-ext-diff", *commits, "--", *paths]
    return ask_git(top, *arguments) is None


def commit_facts(top: Path, commit: str) -> CommitFacts:
    """Author, date and subject of a commit. Raises ProjectError."""
    told = run_git(top, "show", "--no-patch", "--format=%H%x00%an%x00%aI%x00%s", commit)
    whole, author, date, subject = told.rstrip("\n").split("\0")
    safe = [text.encode("utf-8", "replace").decode() for text in (author, subject)]
    return CommitFacts(commit=whole, author=safe[0], date=date, subject=safe[1])


def first_parent(top: Path, commit: str) -> str | None:
    """The first parent of `commit`; None of a root commit, and where history was cut off."""
    return (ask_git(top, "rev-parse", "--verify", "--quiet", commit + "^1") or "").strip() or None


def is_ancestor(top: Path, older: str, newer: str) -> bool:
    """Whether `newer` descends from `older`, or is it."""
    return ask_git(top, "merge-base", "--is-ancestor", older, newer) is not None


def suspects_between(
    top: Path, bad: str, good: Collection[str], *, first_parent_only: bool
) -> tuple[str, ...]:
    """The commits that are in `bad` and in none of `good`, those that split them best first.

    The order is git's own for bisection, which knows merges. `bad` itself is among them. Raises
    ProjectError.
    """
    flags = ["--first-parent"] if first_parent_only else []
    listed = run_git(top, "rev-list", "--bisect-all", *flags, bad, "--not", *sorted(good))
    return tuple(line.split()[0] for line in listed.splitlines() if line)
