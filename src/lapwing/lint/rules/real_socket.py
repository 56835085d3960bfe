"""A test that opens a connection or looks a name up outside this machine.

## What it sees

Sockets, DNS look-ups, SMTP, FTP, IMAP, POP3, Telnet and asyncio connections. As with LW102, only a host that
stands in the code and lies outside fails the hook; one that cannot be told is an information.

## Why it costs time

A look-up or a connection takes from tens of milliseconds to the length of its timeout, which is minutes by
default, and there is no network in many places where tests run.

## Bad

```python
def test_connects():
    with socket.create_connection(("mail.example.com", 25)):
        pass
```

## Better

```python
def test_connects():
    with socket.create_server(("127.0.0.1", 0)) as server, socket.create_connection(server.getsockname()):
        pass
```

## Options

`strict`, `slow_marks`, `slow_folders`.

Since 0.2.
"""

from collections.abc import Iterator

from lapwing.lint.calls import Kind
from lapwing.lint.far_sites import far_sites
from lapwing.lint.view import Seen, View

CODE = "LW104"
NAME = "real-socket"
ADVICE = "Connect to a server of the test's own on this machine."


def check(view: View) -> Iterator[Seen]:
    """Connections and look-ups to hosts outside, and to hosts that cannot be told."""
    return far_sites(view, Kind.SOCKET, "socket")
