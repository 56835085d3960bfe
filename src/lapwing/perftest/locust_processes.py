"""Where the workers of a load test come from: processes here, other machines, or a cluster that is there."""

import shlex
import socket
import subprocess
import sys
from collections.abc import Mapping
from contextlib import suppress
from typing import Any, Final

_LOCAL: Final = ("localhost", "127.0.0.1", "::1")
_PATIENCE_S: Final = 5.0


class Processes:
    """The workers that are expected, and those of them that were started from here."""

    def __init__(self, plan: Mapping[str, Any]) -> None:
        self._plan = plan
        self._started: list[tuple[str, subprocess.Popen[bytes]]] = []
        here = plan["processes"]
        self._hosts = ["localhost"] * (here if here > 1 else 0) + list(plan["workers"])
        self.expected: int = len(self._hosts) + plan["expect_workers"]

    def start(self, port: int) -> None:
        """Start a worker per host, to connect to `port` of this machine."""
        for host in self._hosts:
            command = self._command(host, port)
            process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL)
            self._started.append((host, process))

    def ended(self) -> str:
        """Which worker has ended, in words; "" where all live."""
        for host, process in self._started:
            code = process.poll()
            if code is not None:
                return f"the worker on {host} (process {process.pid}) ended with exit code {code}"
        return ""

    def close(self) -> None:
        """End what was started."""
        for _, process in self._started:
            with suppress(OSError):
                if process.stdin is not None:
                    process.stdin.close()
            with suppress(subprocess.TimeoutExpired):
                process.wait(_PATIENCE_S)
            if process.poll() is None:
                process.kill()
                process.wait()

    def _command(self, host: str, port: int) -> list[str]:
        if host in _LOCAL:
            place = [self._plan["locustfile"]] if self._plan["locustfile"] else []
            program = [sys.executable, "-P", "-m", "lapwing.perftest.locust_child"]
            return [*program, "worker", "127.0.0.1", str(port), *place]
        master = self._plan["master"] or _address_towards(host)
        template: str = self._plan["worker_command"]
        return [
            part.format(host=host, master=master, port=port) for part in shlex.split(template, posix=True)
        ]


def _address_towards(host: str) -> str:
    """The address of this machine from which it reaches `host`."""
    name = host.rpartition("@")[2]
    try:
        family, kind, _, _, address = socket.getaddrinfo(name, 9, type=socket.SOCK_DGRAM)[0]
        with socket.socket(family, kind) as probe:
            probe.connect(address)  # sends nothing
            return str(probe.getsockname()[0])
    except OSError:
        return socket.getfqdn()
