"""What the files of a git repository tell without starting git: a process costs milliseconds."""

import re
from pathlib import Path
from typing import Final

from lapwing.environment.text_files import is_file, is_folder, read_text
from lapwing.model.value import Value

_COMMIT: Final = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")
_DEEPEST_LINK: Final = 5  # symbolic refs that point at symbolic refs; git itself stops there


class GitFolder(Value):
    """A checkout: where its files are, and where git keeps what it knows."""

    top: Path  # of the working tree
    own: Path  # HEAD of this working tree
    common: Path  # refs and objects, shared by all working trees

    @property
    def has_ref_files(self) -> bool:
        """Whether refs are files; a repository in the reftable format has none to read."""
        return not is_folder(self.common / "reftable")

    @property
    def is_shallow(self) -> bool:
        """Whether history was cut off when it was cloned."""
        return is_file(self.common / "shallow")


def find_git_folder(start: Path) -> GitFolder | None:
    """The checkout around `start`, an absolute path; None if there is none or it cannot be read."""
    for top in (start, *start.parents):
        own = _read_git_link(top / ".git")
        if own is not None and _read(own / "HEAD"):
            common = _read(own / "commondir")
            return GitFolder(top=top, own=own, common=own / common if common else own)
    return None


def is_commit_id(text: str) -> bool:
    """Whether `text` is a whole object id, SHA-1 or SHA-256."""
    return _COMMIT.fullmatch(text) is not None


def read_symbolic_ref(folder: GitFolder, name: str) -> str | None:
    """The ref that `name` points at, such as `refs/heads/main` for `HEAD`; None if it is no link."""
    content = _read(folder.own / name) or _read(folder.common / name)
    return content.removeprefix("ref:").strip() if content.startswith("ref:") else None


def read_ref(folder: GitFolder, name: str) -> str | None:
    """The object id that `name` (`HEAD`, `refs/…`) stands for; None if there is no such ref."""
    for _ in range(_DEEPEST_LINK):
        target = read_symbolic_ref(folder, name)
        if target is None:
            break
        name = target
    content = _read(folder.own / name) or _read(folder.common / name)
    if is_commit_id(content):
        return content
    return _read_packed_ref(folder.common / "packed-refs", name)


def _read_packed_ref(file: Path, name: str) -> str | None:
    found = re.search(rf"(?m)^([0-9a-f]+) {re.escape(name)}$", _read(file))
    return found[1] if found and is_commit_id(found[1]) else None


def _read_git_link(path: Path) -> Path | None:
    """The folder that `.git` is or, in a worktree or submodule, names."""
    if is_folder(path):
        return path
    link = _read(path)
    return path.parent / link.removeprefix("gitdir:").strip() if link.startswith("gitdir:") else None


def _read(path: Path) -> str:
    return read_text(path, errors="surrogateescape").strip()
