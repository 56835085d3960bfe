"""The revision that ran, and names of revisions -> commits. Unknown is None; nothing here raises."""

from pathlib import Path
from typing import Final

from lapwing.environment.git_files import (
    GitFolder,
    find_git_folder,
    is_commit_id,
    read_ref,
    read_symbolic_ref,
)
from lapwing.environment.git_process import ask_git
from lapwing.model.run import Revision

_HEADS: Final = "refs/heads/"
_REMOTE: Final = "refs/remotes/origin/"
_USUAL_BASES: Final = ("main", "master", "develop")


def read_revision(root: Path, *, base_branch: str = "") -> Revision:
    """The revision checked out around `root`.

    `base` is the merge base with `base_branch` (if that is "", with the detected one); None on that
    branch itself and in a shallow clone. `dirty` regards tracked files of the whole repository.
    """
    folder = find_git_folder(root.absolute())
    if folder is None:
        return Revision()
    commit = _ref(folder, "HEAD")
    branch = (_symbolic_ref(folder, "HEAD") or "").removeprefix(_HEADS) or None
    return Revision(
        commit=commit,
        branch=branch and branch.encode("utf-8", "replace").decode(),
        base=_merge_base(folder, commit, branch, base_branch) if commit else None,
        dirty=_is_dirty(folder),
    )


def detect_base_branch(root: Path) -> str | None:
    """The branch that others start from: where origin's HEAD points, else the first usual name."""
    folder = find_git_folder(root.absolute())
    return _detect_base_branch(folder) if folder else None


def resolve_revision(root: Path, text: str) -> str | None:
    """The commit that `text` names as git would: a branch, tag, abbreviated id, `HEAD~2`.

    A whole commit id is itself, known here or not: runs of it may have come from elsewhere.
    """
    folder = find_git_folder(root.absolute())
    if folder is None or is_commit_id(text):
        return text if is_commit_id(text) else None
    if text == "HEAD":
        return _ref(folder, text)
    return None if text.startswith("-") else _ask_commit(folder, text)


def _detect_base_branch(folder: GitFolder) -> str | None:
    default = _symbolic_ref(folder, _REMOTE + "HEAD") or ""
    if default.startswith(_REMOTE):
        return default.removeprefix(_REMOTE)
    return next((name for name in _USUAL_BASES if _tip(folder, name)), None)


def _tip(folder: GitFolder, branch: str) -> str | None:
    """Where `branch` is; origin's knowledge comes first, as a local copy of it is often behind."""
    return _ref(folder, _REMOTE + branch) or _ref(folder, _HEADS + branch)


def _merge_base(folder: GitFolder, commit: str, branch: str | None, base_branch: str) -> str | None:
    base_branch = base_branch or _detect_base_branch(folder) or ""
    if not base_branch or base_branch == branch or folder.is_shallow:
        return None
    tip = _tip(folder, base_branch)
    if tip is None or tip == commit:
        return tip
    answer = (ask_git(folder.top, "merge-base", commit, tip) or "").strip()
    return answer if is_commit_id(answer) else None


def _is_dirty(folder: GitFolder) -> bool | None:
    changes = ask_git(folder.top, "status", "--porcelain", "-uno", "-z")
    return None if changes is None else bool(changes)


def _ref(folder: GitFolder, name: str) -> str | None:
    return read_ref(folder, name) if folder.has_ref_files else _ask_commit(folder, name)


def _symbolic_ref(folder: GitFolder, name: str) -> str | None:
    if folder.has_ref_files:
        return read_symbolic_ref(folder, name)
    return (ask_git(folder.top, "symbolic-ref", "--quiet", name) or "").strip() or None


def _ask_commit(folder: GitFolder, name: str) -> str | None:
    answer = (ask_git(folder.top, "rev-parse", "--verify", "--quiet", name + "^{commit}") or "").strip()
    return answer if is_commit_id(answer) else None
