"""The files of a project: read as they are, written whole or not at all, and never outside of it."""

import os
import stat
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from lapwing.errors import ProjectError
from lapwing.operations.init.file_edit import FileEdit

_WIDE_MARKS = (b"\xff\xfe", b"\xfe\xff")


def read_project_file(root: Path, path: str) -> str | None:
    """The text of the file at `path` below `root`; None where there is none.

    Bytes that are no UTF-8 become lone surrogates. Raises ProjectError for a link that leaves the
    project or leads nowhere, for what is no file, for what cannot be read and for UTF-16.
    """
    place = root / path
    _refuse_outside(root, place, path)
    try:
        if not place.exists():
            if place.is_symlink():
                raise ProjectError("a link that leads nowhere", where=path)
            return None
        if not stat.S_ISREG(place.stat().st_mode):
            raise ProjectError("not a file", where=path)
        content = place.read_bytes()
    except OSError as error:
        raise ProjectError(f"cannot be read: {error.strerror}", where=path) from error
    if content.startswith(_WIDE_MARKS) or b"\0" in content:
        raise ProjectError("not UTF-8 (UTF-16, perhaps)", where=path)
    return content.decode("utf-8", "surrogateescape")


def write_edits(root: Path, edits: Sequence[FileEdit]) -> None:
    """Write all `edits`, after a look at each that finds nothing in the way.

    Raises ProjectError where a file may not be written or is not as it was when the edit was
    planned; unless a disk fills up in between, nothing has then been written.
    """
    for edit in edits:
        _refuse_unwritable(root, edit)
        if read_project_file(root, edit.path) != edit.before:
            raise ProjectError(
                "has changed since it was looked at", where=edit.path, mend="Run 'lapwing init' again."
            )
    for edit in edits:
        try:
            _write(root / edit.path, edit)
        except OSError as error:
            raise _unwritable(edit.path, str(error.strerror)) from error


def _refuse_outside(root: Path, place: Path, shown: str) -> None:
    if not Path(os.path.realpath(place)).is_relative_to(os.path.realpath(root)):
        raise ProjectError("a link that leaves the project", where=shown)


def _refuse_unwritable(root: Path, edit: FileEdit) -> None:
    place = root / edit.path
    # A new file may be put in the place of a read-only one, and root may write everything: neither
    # is what someone wants who has taken the write permission away.
    if edit.before is not None and not stat.S_IMODE(place.stat().st_mode) & 0o222:
        raise _unwritable(edit.path, "it is read-only")
    folder = next(each for each in place.parents if each.exists())
    if not folder.is_dir() or not os.access(folder, os.W_OK):
        raise _unwritable(edit.path, f"{folder} is no folder that may be written")


def _unwritable(path: str, why: str) -> ProjectError:
    return ProjectError(
        f"cannot be written: {why}",
        where=path,
        mend="Make it writable and run 'lapwing init' again, or make the changes shown by hand.",
    )


def _write(place: Path, edit: FileEdit) -> None:
    target = Path(os.path.realpath(place))
    draft = target.with_name(f".lapwing-{os.getpid()}.draft")
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        draft.write_bytes(edit.after.encode("utf-8", "surrogateescape"))
        if edit.before is not None:
            draft.chmod(stat.S_IMODE(target.stat().st_mode))
        elif edit.is_executable:
            draft.chmod(stat.S_IMODE(draft.stat().st_mode) | 0o111)
        draft.replace(target)
    finally:
        with suppress(FileNotFoundError):
            draft.unlink()
