"""A test that talks to a real host over HTTP.

## What it sees

Calls of requests, httpx, aiohttp, urllib, urllib3, http.client and httplib2. It fails the hook only where the
code itself names a host outside this machine: a literal, a constant, also one of another file, an item of a
list or table, a value of parametrize, what a fixture returns. A host that cannot be told, or behind a proxy,
is an information, with `strict` a failure. Requests to this machine, to server fixtures, and those that a
library (responses, respx, requests_mock, vcr, pytest-httpx and so on), a transport or a patch answers, are
none.

## Why it costs time

A request takes a hundred times longer than a function call, and its time and result depend on others.

## Bad

```python
def test_title():
    assert "Example" in requests.get("https://example.com").text
```

## Better

```python
def test_title(httpserver):
    httpserver.expect_request("/").respond_with_data("<title>Example</title>")
    assert "Example" in requests.get(httpserver.url_for("/")).text
```

## Options

`strict`, `slow_marks`, `slow_folders`.

Since 0.2.
"""

from collections.abc import Iterator

from lapwing.lint.calls import Kind
from lapwing.lint.far_sites import far_sites
from lapwing.lint.view import Seen, View

CODE = "LW102"
NAME = "real-http"
ADVICE = "Answer the request on this machine: a mock of the library, a transport, or a server fixture."


def check(view: View) -> Iterator[Seen]:
    """Requests to hosts outside, and to hosts that cannot be told."""
    return far_sites(view, Kind.HTTP, "http")
