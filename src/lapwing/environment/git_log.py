"""The commits between two. Nothing here raises."""

from pathlib import Path
from typing import NamedTuple

from lapwing.environment.git_files import find_git_folder, is_commit_id
from lapwing.environment.git_process import ask_git


class Commits(NamedTuple):
    """Commits, newest first: their ids and subjects, and how many there are besides."""

    listed: tuple[tuple[str, str], ...] = ()
    more: int = 0


def commits_between(root: Path, before: str | None, after: str | None, *, most: int) -> Commits:
    """Commits that are in `after` and not in `before`, at most `most`; none where git does not know them."""
    if before is None or after is None or not (is_commit_id(before) and is_commit_id(after)):
        return Commits()
    folder = find_git_folder(root.absolute())
    if folder is None:
        return Commits()
    answer = ask_git(folder.top, "log", "-z", "--format=%H %s", f"{before}..{after}", "--")
    lines = [line for line in (answer or "").split("\0") if line]
    listed = tuple((line[:40], line[41:]) for line in lines[:most])
    return Commits(listed, max(0, len(lines) - most))
