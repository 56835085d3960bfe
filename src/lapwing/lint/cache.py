"""Findings kept from run to run, by the content of the file and of the files it depends on.

A file's findings also depend on the conftest files above it and on what it imports; their digests are kept
with it. The cache is one file below `.lapwing/`, written whole; one that cannot be read is as good as none.
"""

import json
import os
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

from lapwing._version import __version__
from lapwing.lint.digest import digest_of
from lapwing.model.finding import Confidence, Finding
from lapwing.model.lint_options import LintOptions

_FORMAT: Final = 1
_CONFIDENCE: Final = Finding._fields.index("confidence")


class Cache:
    """The kept findings. `path` None keeps nothing."""

    def __init__(
        self, path: Path | None, options: LintOptions, codes: Iterable[str], working_folder: Path
    ) -> None:
        self._path = path
        asked = json.dumps([_FORMAT, __version__, *options, *codes, str(working_folder)], default=list)
        self._key = digest_of(asked.encode())
        self._entries: dict[str, Any] = {}
        self._is_changed = False
        if path is not None:
            with suppress(OSError, ValueError, TypeError, AttributeError):
                stored = json.loads(path.read_bytes())
                if stored.get("key") == self._key:
                    self._entries = dict(stored["files"])

    def find(self, path: str, digest_of_file: Callable[[str], str]) -> list[Finding] | None:
        """The findings of the file at `path`, if neither it nor anything it depends on has changed."""
        entry = self._entries.get(path)
        if entry is None:
            return None
        try:
            known, depends, rows = entry
            if known != digest_of_file(path):
                return None
            if any(digest_of_file(other) != each for other, each in depends.items()):
                return None
            return [_finding(row) for row in rows]
        except (ValueError, TypeError, AttributeError):
            return None

    def keep(self, path: str, digest: str, depends: dict[str, str], findings: list[Finding]) -> None:
        """Keep the findings of a file with the digests of what it depends on."""
        self._entries[path] = (digest, depends, findings)
        self._is_changed = True

    def write(self) -> None:
        """Put the cache on the disk. A disk that is full or may not be written costs only time."""
        if self._path is None or not self._is_changed:
            return
        draft = self._path.with_name(f"{self._path.name}.{os.getpid()}.draft")
        with suppress(OSError):
            try:
                self._path.parent.mkdir(parents=True, exist_ok=True)
                draft.write_text(json.dumps({"key": self._key, "files": self._entries}), encoding="ascii")
                draft.replace(self._path)
            finally:
                draft.unlink(missing_ok=True)


def _finding(row: list[Any]) -> Finding:
    row[_CONFIDENCE] = Confidence(row[_CONFIDENCE])
    return Finding._make(row)
