"""Tell a server how far a run is while it goes on: a process beside the tests reads what they write."""

import json
import subprocess
import sys
import threading
from collections.abc import Mapping
from typing import BinaryIO, Final

from lapwing.config.root import spool_path
from lapwing.config.settings import Settings
from lapwing.errors import RemoteError
from lapwing.operations.live_runs import Expectation, live_run_dict, live_runs
from lapwing.operations.push_runs import bearer
from lapwing.outbound.http import Http

_EVERY_S: Final = 1.0
_PATIENCE_S: Final = 5.0
_END_S: Final = 2.0  # until the process that tells has to be gone


class Telling:
    """A process that tells of a run until `end` is called, or until this one is gone: its input ends then."""

    def __init__(self, settings: Settings, run_id: str, url: str, environ: Mapping[str, str]) -> None:
        place = ["--root", str(settings.root), "push", "--to", url, "--live", run_id]
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-m", "lapwing", *place],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env=dict(environ),
        )

    def end(self) -> None:
        """Let it end, at once."""
        assert self._process.stdin is not None
        self._process.stdin.close()
        try:
            self._process.wait(_END_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


def tell_live(settings: Settings, run_id: str, url: str, token: str, until_end_of: BinaryIO) -> None:
    """Tell the server at `url` of the run every second, until the stream ends or the server wants none of it.

    A server that does not answer is asked again. Raises ConfigurationError for a wrong address or no token,
    MissingExtraError.
    """
    http = Http(url, bearer(token), read_s=_PATIENCE_S)
    is_over = threading.Event()
    threading.Thread(target=_wait_for_end, args=(until_end_of, is_over), daemon=True).start()
    spool = spool_path(settings.root)
    while not is_over.wait(_EVERY_S):
        found = [run for run in live_runs(spool, Expectation()) if run.run_id == run_id]
        if not found:
            continue
        content = json.dumps(live_run_dict(found[0])).encode()
        try:
            answer = http.hand_over("/api/v1/live", content, "application/json", attempts=1)
        except RemoteError:
            continue
        if answer.status in (401, 403, 404):
            return


def _wait_for_end(stream: BinaryIO, is_over: threading.Event) -> None:
    while stream.read(1_024):
        pass
    is_over.set()
