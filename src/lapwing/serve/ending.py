"""How a process behind a server ends with it: in the middle of its work, but not of an answer.

A page that takes half a minute would hold up the end of the server; of an answer that breaks off it would
wait for the rest for ever.
"""

import multiprocessing
import os
import threading
from collections.abc import Callable
from multiprocessing.connection import Connection
from typing import Final, TypeVar

_T = TypeVar("_T")


class _Task:
    """Whether the process is at work: then it may be ended, as it is neither asked nor answering."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._is_at_work = False
        self._is_ending = False

    def __enter__(self) -> None:
        with self._lock:
            if self._is_ending:
                os._exit(1)
            self._is_at_work = True

    def __exit__(self, *error: object) -> None:
        with self._lock:
            self._is_at_work = False

    def end_here(self) -> None:
        """End the process, now if it is at work, or else as soon as it is to begin something."""
        with self._lock:
            self._is_ending = True
            if self._is_at_work:
                os._exit(1)


_task: Final = _Task()


def end_with(server: Connection) -> None:
    """End this process from now on when the other end of `server`, over which nothing is sent, is closed."""
    threading.Thread(target=_wait_for_the_end, args=(server,), daemon=True).start()


def at_work(work: Callable[..., _T], *arguments: object) -> _T:
    """What `work` gives; while it goes on the process may be ended."""
    with _task:
        return work(*arguments)


def _wait_for_the_end(server: Connection) -> None:
    server.poll(None)
    _task.end_here()
    # A process whose server was killed would wait for its questions for ever.
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
    os._exit(1)
