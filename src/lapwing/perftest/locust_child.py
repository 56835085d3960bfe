"""The child process in which Locust runs: importing Locust patches the standard library.

`python -P -m lapwing.perftest.locust_child master` reads one plan and then commands from standard input, a
JSON document per line, and writes one record per line to standard output, ticks each second among them.
`... worker HOST PORT [LOCUSTFILE]` is one more process that does a part of the load. Both end when standard
input ends, and on Linux at once when their parent does.
"""

import json
import os
import sys
from contextlib import suppress
from typing import Any, Final, TextIO

from lapwing.perftest.end_with_parent import end_at_once, end_with_parent

_STDIN: Final = 0
_STDOUT: Final = 1
_STDERR: Final = 2
_FILES: Final = 65_536
_USERS: Final = "Write a class in it that derives from locust.FastHttpUser and has a @task."


def main(role: str, *rest: str) -> None:
    """Run as `role`."""
    end_with_parent()
    _allow_many_connections()
    out = os.fdopen(os.dup(_STDOUT), "w", encoding="utf-8")
    os.dup2(_STDERR, _STDOUT)  # what user code prints must not get between the records
    if role == "master":
        _run_master(_first_line(), out)
    else:
        _run_worker(rest[0], int(rest[1]), *rest[2:])


def _allow_many_connections() -> None:
    """Raise the limit of open files: each user has a connection, and often there may be 1,024."""
    with suppress(ImportError, OSError, ValueError):
        import resource

        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        most = _FILES if hard == resource.RLIM_INFINITY else min(hard, _FILES)
        if soft != resource.RLIM_INFINITY and soft < most:
            resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))


def _first_line() -> dict[str, Any]:
    """The plan. Read byte by byte: what follows belongs to the reader of commands."""
    line = bytearray()
    while not line.endswith(b"\n"):
        byte = os.read(_STDIN, 1)
        if not byte:
            end_at_once()
        line += byte
    plan: dict[str, Any] = json.loads(line)
    return plan


def _run_master(plan: dict[str, Any], out: TextIO) -> None:
    import locust  # noqa: F401  # patches, before anything else is imported
    from locust.exception import RPCError

    from lapwing.perftest.locust_master import LoadMaster
    from lapwing.perftest.locust_users import NoUsersError

    def tell(record: dict[str, Any]) -> None:
        out.write(json.dumps(record) + "\n")
        out.flush()

    try:
        master = LoadMaster(plan, tell)
    except RPCError as error:
        what = f"workers cannot connect to this machine: {error}"
        tell({"kind": "fault", "what": what, "mend": "Name another --bind or --port.", "step": None})
        return
    except NoUsersError as error:
        tell({"kind": "fault", "what": str(error), "mend": _USERS, "step": None})
        return
    _watch_stdin(master.on_command)
    try:
        master.run()
    finally:
        master.close()


def _run_worker(host: str, port: int, locustfile: str = "") -> None:
    import locust
    from locust.env import Environment

    from lapwing.perftest.locust_users import user_classes

    _watch_stdin(lambda _: None)
    environment = Environment(user_classes=user_classes(locustfile), events=locust.events)
    runner = environment.create_worker_runner(host, port)
    environment.events.init.fire(environment=environment, runner=runner, web_ui=None)
    runner.greenlet.join()


def _watch_stdin(on_command: Any) -> None:
    """Give each line of standard input to `on_command`; end this process where it ends."""
    import gevent
    from gevent.os import make_nonblocking, nb_read

    def read() -> None:
        make_nonblocking(_STDIN)
        rest = b""
        while chunk := nb_read(_STDIN, 65536):
            *lines, rest = (rest + chunk).split(b"\n")
            for line in lines:
                on_command(json.loads(line))
        end_at_once()

    gevent.spawn(read)


if __name__ == "__main__":
    main(*sys.argv[1:])
