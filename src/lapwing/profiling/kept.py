"""Memory that calls kept, whoever allocated it: followed by memray where it is installed."""

import tempfile
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from lapwing.profiling.kept_stack import Kept


class KeptMemory:
    """While entered, follows what is kept; `kept` tells of it afterwards.

    It is empty without memray, and where that follows this process already. Enter it in the frame that makes
    the calls: of every further frame that is left before them, memray 1.20 loses one of each stack.
    """

    def __init__(self) -> None:
        self.kept: Sequence[Kept] = ()
        self._tracker: Any = None
        if find_spec("memray") is not None:
            from lapwing.profiling.memray_door import tracker_of_kept

            self._folder = tempfile.TemporaryDirectory(prefix="lapwing-", ignore_cleanup_errors=True)
            self._raw = Path(self._folder.name, "kept.bin")
            self._tracker = tracker_of_kept(self._raw)

    def __enter__(self) -> "KeptMemory":
        if self._tracker is not None:
            try:
                self._tracker.__enter__()
            except RuntimeError:
                self._tracker = None
                self._folder.cleanup()
        return self

    def __exit__(self, *_: object) -> None:
        if self._tracker is None:
            return
        from lapwing.profiling.memray_door import kept_in

        self._tracker.__exit__(None, None, None)
        self.kept = kept_in(self._raw)
        self._folder.cleanup()
