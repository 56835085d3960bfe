"""Can runs be kept, and are those that were recorded in good order?"""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from lapwing.config.root import spool_path
from lapwing.errors import LapwingError, NoDataError
from lapwing.model.health import HealthFinding, HealthLevel
from lapwing.store.migrations import STEPS
from lapwing.store.protocol import RunQuery, Store
from lapwing.store.run_files.folder import is_held, run_folders
from lapwing.units import format_count, format_size

_LEAST_FREE_BYTES: Final = 100_000_000
_RECORD_ONE: Final = "Record one: pytest --track-performance"


def check_store(store: Store | LapwingError, url: str, *, keep_bytes: int) -> Iterator[HealthFinding]:
    """The open store at `url`, or why it cannot be opened; over `keep_bytes` (0: any size) it is large."""
    try:
        if isinstance(store, LapwingError):
            raise store
        digests = store.runs(RunQuery())
    except NoDataError:
        yield HealthFinding(
            slug="store", level=HealthLevel.NOTE, what="no run is recorded yet", mend=_RECORD_ONE
        )
        return
    except LapwingError as error:
        yield HealthFinding(
            slug="store",
            level=HealthLevel.PROBLEM,
            what=f"{error.where}: {error.what}" if error.where else error.what,
            meaning="Runs cannot be kept or read.",
            mend=error.mend,
        )
        return
    complete = sum(digest.run.is_complete for digest in digests)
    size = _store_size(url)
    yield HealthFinding(
        slug="store",
        level=HealthLevel.OK,
        what=f"the store opens: version {len(STEPS)}, {format_count(len(digests), 'run')}, "
        f"{complete} of them complete" + ("" if size is None else f", {format_size(size)}"),
    )
    if size is not None and 0 < keep_bytes < size:
        yield HealthFinding(
            slug="store-size",
            level=HealthLevel.NOTE,
            what=f"the store is larger than keep_size ({format_size(keep_bytes)})",
            meaning="Commands take longer.",
            mend="lapwing prune",
        )


def check_place(url: str) -> Iterator[HealthFinding]:
    """Whether the folder of a store that is a file can be written and has room."""
    file = _file(url)
    folder = _existing(file.parent) if file is not None else None
    if folder is None:
        return
    if not os.access(folder, os.W_OK):
        yield HealthFinding(
            slug="store-folder",
            level=HealthLevel.PROBLEM,
            what=f"{folder} cannot be written",
            meaning="Runs cannot be kept.",
            mend="Make it writable, or name another place with LAPWING_STORE.",
        )
    free = shutil.disk_usage(folder).free
    if free < _LEAST_FREE_BYTES:
        yield HealthFinding(
            slug="disk",
            level=HealthLevel.PROBLEM,
            what=f"the disk of {folder} has {format_size(free)} left",
            meaning="Runs may not be kept whole.",
            mend="Make room; 'lapwing prune' removes old runs.",
        )


def check_spool(root: Path, *, is_store_open: bool) -> Iterator[HealthFinding]:
    """What lies in the spool after an open store has taken in what it could."""
    folders = list(run_folders(spool_path(root)))
    written = [each for each in folders if is_held(each)]
    waiting = [each for each in folders if each not in written]
    if written:
        yield HealthFinding(
            slug="spool-recording",
            level=HealthLevel.NOTE,
            what=f"being recorded now: {format_count(len(written), 'run')}",
            meaning="They show up once they have ended.",
        )
    if waiting and is_store_open:
        yield HealthFinding(
            slug="spool",
            level=HealthLevel.PROBLEM,
            what=f"no run of this version: {format_count(len(waiting), 'folder')} in {spool_path(root)}",
            meaning="They were written by a newer Lapwing, or are damaged.",
            mend=f"Upgrade Lapwing, or remove them: {', '.join(each.name for each in waiting)}",
        )
    elif waiting:
        yield HealthFinding(
            slug="spool",
            level=HealthLevel.NOTE,
            what=f"waiting to be stored: {format_count(len(waiting), 'run')} in {spool_path(root)}",
            meaning="They were killed, or the store refused them.",
            mend="They are taken in by the next command once the store can be opened.",
        )
    if not folders:
        yield HealthFinding(slug="spool", level=HealthLevel.OK, what="no run waits to be stored")


def _file(url: str) -> Path | None:
    return None if "://" in url else Path(url)


def _store_size(url: str) -> int | None:
    file = _file(url)
    try:
        return None if file is None else file.stat().st_size
    except OSError:
        return None


def _existing(folder: Path) -> Path | None:
    return next((each for each in (folder, *folder.parents) if each.is_dir()), None)
