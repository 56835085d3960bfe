"""Tags of git that name releases."""

from pathlib import Path

from lapwing.environment.git_process import ask_git


def last_release_tag(root: Path, pattern: str) -> str | None:
    """The newest tag that fits the glob `pattern`, is an ancestor of HEAD, and not of HEAD itself.

    None without one, and outside a repository.
    """
    here = set((ask_git(root, "tag", "--points-at", "HEAD") or "").split())
    merged = ask_git(root, "tag", "--merged", "HEAD", "--sort=-creatordate", "--list", pattern) or ""
    return next((tag for tag in merged.split() if tag not in here), None)
