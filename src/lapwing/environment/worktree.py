"""Git worktrees of ours: made beside the user's checkout, and taken away again without touching it.

No hook of the repository runs, nothing is fetched, stashed or pruned; the index, the branch and
the files of the user's checkout stay as they are.
"""

import os
import shutil
import stat
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from lapwing.environment.git_process import clean_environment
from lapwing.errors import ProjectError

_SUBMODULE: Final = "160000"
# Hooks and monitors of the user's have no business in a tree that is ours.
_QUIETLY: Final = ("-c", f"core.hooksPath={os.devnull}", "-c", "core.fsmonitor=false")


def add_worktree(top: Path, commit: str, path: Path) -> tuple[str, ...]:
    """Check `commit` of the repository at `top` out into `path`, with the submodules that are here.

    Returns what had to be left out. Raises ProjectError where git refuses.
    """
    run_git(top, "worktree", "add", "--quiet", "--detach", str(path), commit)
    return _fill_submodules(top, commit, path)


def remove_worktree(top: Path, path: Path) -> None:
    """Take the worktree at `path` away, whole or half made; what is not there is no fault."""
    remove_folder(path)
    if any(path == known for known in worktree_paths(top)):
        # Twice: also a locked one. With its files gone only git's own entry is left to remove.
        run_git(top, "worktree", "remove", "--force", "--force", str(path))


def worktree_paths(top: Path) -> tuple[Path, ...]:
    """The worktrees that git knows of the repository at `top`, its main one first."""
    listed = run_git(top, "worktree", "list", "--porcelain", "-z")
    return tuple(
        Path(item.removeprefix("worktree ")) for item in listed.split("\0") if item.startswith("worktree ")
    )


def remove_folder(path: Path) -> None:
    """Remove `path` and all below it, also what tests have made read-only. What resists stays."""

    def make_writable(function: Callable[..., Any], name: str, _: object) -> None:
        try:
            Path(name).parent.chmod(stat.S_IRWXU)
            if not Path(name).is_symlink():
                Path(name).chmod(stat.S_IRWXU)
            function(name)
        except OSError:
            pass

    shutil.rmtree(path, onerror=make_writable)


def run_git(folder: Path, *arguments: str, index: Path | None = None) -> str:
    """What `git arguments` in `folder` prints, however long it takes. `index` stands in for its own.

    Raises ProjectError with git's last words.
    """
    environ = clean_environment(os.environ)
    if index is not None:
        environ["GIT_INDEX_FILE"] = str(index)
    try:
        # In a session of its own: a Ctrl-C on the terminal is ours to handle, not git's.
        done = subprocess.run(
            ["git", *_QUIETLY, *arguments],
            cwd=folder,
            env=environ,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            start_new_session=True,
            check=False,
        )
    except OSError as error:
        raise ProjectError(f"git cannot be started: {error.strerror}", mend="Install git.") from error
    if done.returncode:
        said = done.stderr.decode("utf-8", "replace").strip().splitlines()
        reason = next(
            (line for line in said if line.startswith(("fatal:", "error:"))), said[-1] if said else ""
        )
        raise ProjectError(
            f"git {arguments[0]} failed: {reason.removeprefix('fatal: ').removeprefix('error: ')[:300]}",
            where=str(folder),
        )
    return done.stdout.decode("utf-8", "surrogateescape")


def _fill_submodules(top: Path, commit: str, path: Path) -> tuple[str, ...]:
    """Put the files of submodules where `commit` has them, from the checkout's own copies.

    `git submodule update` would fetch, and write into the repository that the user works in.
    """
    missing = []
    for entry in run_git(top, "ls-tree", "-r", "-z", "--full-tree", commit).split("\0"):
        facts, _, name = entry.partition("\t")
        if not facts.startswith(_SUBMODULE):
            continue
        source, wanted = top / name, facts.split()[2]
        index = path.parent / "submodule-index"
        try:
            if not (source / ".git").exists():
                raise ProjectError("not checked out")
            run_git(source, "read-tree", wanted, index=index)
            run_git(source, "checkout-index", "--all", f"--prefix={path / name}/", index=index)
        except ProjectError:
            missing.append(f"submodule {name} is not here at {wanted[:10]}; its folder is empty")
        finally:
            index.unlink(missing_ok=True)
    return tuple(missing)
