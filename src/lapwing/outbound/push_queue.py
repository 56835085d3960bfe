"""Runs that wait on the disk for a server: one file each, gone once the server has the run."""

import gzip
import hashlib
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Final

from lapwing.errors import StoreError

_END: Final = ".json.gz"


class PushQueue:
    """What waits in `folder` for the server at `url`."""

    def __init__(self, folder: Path, url: str) -> None:
        self._folder = folder
        self._start = hashlib.sha256(url.rstrip("/").encode()).hexdigest()[:12]

    def put(self, run_id: str, document: bytes) -> None:
        """Keep a run for the server, whole or not at all. Raises StoreError."""
        name = hashlib.sha256(run_id.encode("utf-8", "surrogatepass")).hexdigest()[:32]
        target = self._folder / f"{self._start}-{name}{_END}"
        draft = target.with_suffix(".draft")
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            draft.write_bytes(gzip.compress(document, 6, mtime=0))
            draft.replace(target)
        except OSError as error:
            with suppress(OSError):
                draft.unlink(missing_ok=True)
            raise StoreError(
                f"the run cannot be queued ({error.strerror})",
                where=str(target),
                mend="Check the space on the disk and the rights of the folder.",
            ) from error

    def waiting(self) -> list[Path]:
        """The files that wait, the oldest first."""
        return [path for _, path in sorted(self._dated())]

    def _dated(self) -> Iterator[tuple[float, Path]]:
        for path in self._folder.glob(f"{self._start}-*{_END}"):
            with suppress(OSError):  # another process has sent it meanwhile
                yield path.stat().st_mtime, path
