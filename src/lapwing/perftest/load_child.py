"""The door to Locust: a child process that speaks JSON lines. Locust is never imported here."""

import importlib.util
import json
import os
import queue
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from types import TracebackType
from typing import IO, Any, Final, Self

from lapwing.errors import LoadError, MissingExtraError

Record = dict[str, Any]

_SILENT_S: Final = 30.0  # a child that says nothing for so long hangs: it speaks each second
_END_S: Final = 8.0
_MEND: Final = "See to the workers: what they printed, and whether they reach this machine."
_SHOWN: Final = 600  # characters of what the child complained of


class LoadChild:
    """A Locust process for one test. Ends it on exit, whatever happened."""

    def __init__(self, plan: Mapping[str, Any], *, need: str = "a load test") -> None:
        """Start it. Raises MissingExtraError where Locust or hdrhistogram is not installed."""
        for library, name in (("locust", "Locust"), ("hdrh", "hdrhistogram")):
            if importlib.util.find_spec(library) is None:
                raise MissingExtraError(name, extra="load", need=need)
        self._complaints: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115  # lives as long as this
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-m", "lapwing.perftest.locust_child", "master"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._complaints,
            # Ctrl-C at the terminal is for this process, which asks the child for its numbers.
            start_new_session=True,
            env={name: value for name, value in os.environ.items() if not name.startswith("LOCUST_")},
        )
        self._lines: queue.SimpleQueue[bytes] = queue.SimpleQueue()
        self._reader = threading.Thread(target=self._read, name="lapwing load", daemon=True)
        self._reader.start()
        self._send(plan)

    @property
    def pid(self) -> int:
        """The process's id."""
        return self._process.pid

    def wait_until_ready(self) -> int:
        """Wait for its workers; how many there are. Raises LoadError where they do not come."""
        while True:
            record = self._next(None)
            if record["kind"] == "ready":
                return int(record["workers"])

    def play(self, step: Mapping[str, Any], on_tick: Callable[[Record], None]) -> Record:
        """Play a step and return its figures.

        Ctrl-C ends the step and gives the figures so far, with `is_cut_short` set. Raises LoadError with
        the figures so far where a worker is lost or the child fails.
        """
        self._send({"do": "step", **step})
        is_cut_short = False
        patience = float(step["ramp_s"]) + _SILENT_S
        records = self._records(patience)
        while True:
            try:
                for record in records:
                    if record["kind"] == "step":
                        return {**record, "is_cut_short": is_cut_short}
                    on_tick(record)
            except KeyboardInterrupt:
                if is_cut_short:
                    raise
                is_cut_short = True
                self._send({"do": "stop"})
                records = self._records(patience)

    def _records(self, patience: float) -> Iterator[Record]:
        while True:
            yield self._next(patience)

    def _next(self, patience: float | None) -> Record:
        try:
            line = self._lines.get(timeout=patience)
        except queue.Empty:
            raise self._failed(f"Locust has said nothing for {patience:g} s") from None
        if not line:
            with suppress(subprocess.TimeoutExpired):
                self._process.wait(_END_S)
            raise self._failed(f"the process of Locust ended with exit code {self._process.returncode}")
        record: Record = json.loads(line)
        if record["kind"] == "fault":
            raise self._failed(record["what"], record["step"], record.get("mend", ""))
        return record

    def _failed(self, what: str, figures: Record | None = None, mend: str = "") -> LoadError:
        self._complaints.seek(0, os.SEEK_END)
        self._complaints.seek(max(0, self._complaints.tell() - _SHOWN))
        said = self._complaints.read().decode("utf-8", "replace").strip()
        return LoadError(what, where="load", mend=mend or said or _MEND, figures=figures)

    def _read(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            self._lines.put(line)
        self._lines.put(b"")

    def _send(self, command: Mapping[str, Any]) -> None:
        assert self._process.stdin is not None
        with suppress(OSError):  # it has ended: reading its answer will tell
            self._process.stdin.write(json.dumps(command).encode() + b"\n")
            self._process.stdin.flush()

    def close(self) -> None:
        """End the process and its workers."""
        self._send({"do": "quit"})
        try:
            self._process.wait(_END_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        for stream in (self._process.stdin, self._process.stdout):
            if stream is not None:
                with suppress(OSError):
                    stream.close()
        self._reader.join(_END_S)
        self._complaints.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()
