"""Writing a file whole or not at all."""

import os
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from lapwing.errors import StoreError


def replace_file(path: Path, text: Iterable[str], *, encoding: str = "ascii") -> None:
    """Put a file of `text` in the place of `path`; readers see the old one or the new one.

    Line ends are written as they stand in `text`. The rights of an old file are kept; a symbolic
    link keeps pointing to the file. Raises StoreError where it cannot be written, and leaves the
    old file as it was.
    """
    target = Path(os.path.realpath(path))
    draft = target.with_name(f".{target.name}.{os.getpid()}.draft")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        try:
            with draft.open("w", encoding=encoding, newline="") as file:
                file.writelines(text)
            with suppress(FileNotFoundError):
                draft.chmod(target.stat().st_mode & 0o7777)
            draft.replace(target)
        finally:
            draft.unlink(missing_ok=True)
    except OSError as error:
        raise StoreError(
            f"the file cannot be written ({error.strerror})",
            where=str(path),
            mend="Check the rights of its folder and the space on the disk.",
        ) from error
