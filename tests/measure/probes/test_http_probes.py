"""Requests of each library against a real server: each counts once, whatever is below."""

import asyncio
import http.client
import threading
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import aiohttp
import httpx
import pytest
import requests
import urllib3


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(302 if self.path == "/elsewhere" else 200)
        self.send_header("Content-Length", "2")
        if self.path == "/elsewhere":
            self.send_header("Location", "/here")
        self.end_headers()
        self.wfile.write(b"ok")

    def log_message(self, *args):
        pass


@pytest.fixture(scope="module")
def url():
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def by_requests(url):
    assert requests.get(url, timeout=5).text == "ok"


def by_requests_session(url):
    with requests.Session() as session:
        assert session.get(url, timeout=5).text == "ok"


def by_urllib3(url):
    with urllib3.PoolManager() as pool:
        assert pool.request("GET", url, timeout=5).data == b"ok"


def by_urllib(url):
    with urllib.request.urlopen(url, timeout=5) as response:
        assert response.read() == b"ok"


def by_http_client(url):
    connection = http.client.HTTPConnection(url.removeprefix("http://"), timeout=5)
    connection.request("GET", "/")
    assert connection.getresponse().read() == b"ok"
    connection.close()


def by_httpx(url):
    assert httpx.get(url, timeout=5).text == "ok"


def by_async_httpx(url):
    async def get():
        async with httpx.AsyncClient() as client:
            assert (await client.get(url, timeout=5)).text == "ok"

    asyncio.run(get())


def by_aiohttp(url):
    async def get():
        async with aiohttp.ClientSession() as session, session.get(url) as response:
            assert await response.text() == "ok"

    asyncio.run(get())


WAYS = [
    by_requests,
    by_requests_session,
    by_urllib3,
    by_urllib,
    by_http_client,
    by_httpx,
    by_async_httpx,
    by_aiohttp,
]


@pytest.mark.parametrize("way", WAYS)
def test_a_request_counts_once(url, counted, way):
    assert counted(lambda: way(url)) == {"http_requests": 1}


@pytest.mark.parametrize("way", WAYS)
def test_a_request_that_fails_counts_and_its_error_comes_through(counted, way):
    def act():
        with pytest.raises((OSError, httpx.HTTPError, urllib3.exceptions.HTTPError, aiohttp.ClientError)):
            way("http://127.0.0.1:1")

    assert counted(act) == {"http_requests": 1}


def test_requests_side_by_side_count_each(url, counted):
    async def get():
        async with aiohttp.ClientSession() as session:

            async def one():
                async with session.get(url) as response:
                    return await response.text()

            assert await asyncio.gather(*[one() for _ in range(5)]) == ["ok"] * 5

    assert counted(lambda: asyncio.run(get())) == {"http_requests": 5}


def test_an_application_called_in_process_counts(counted):
    def answer(request):
        return httpx.Response(200, text=request.url.path)

    def act():
        with httpx.Client(transport=httpx.MockTransport(answer), base_url="http://shop") as client:
            assert client.get("/cart").text == "/cart"

    assert counted(act) == {"http_requests": 1}


def test_removed_everything_is_as_it_was(libraries):
    methods = [
        (urllib3.HTTPConnectionPool, "urlopen"),
        (httpx.Client, "send"),
        (httpx.AsyncClient, "send"),
        (aiohttp.ClientSession, "_request"),
        (http.client.HTTPConnection, "request"),
        (http.client.HTTPConnection, "getresponse"),
    ]
    during = [vars(owner)[name] for owner, name in methods]

    libraries.remove()

    assert [vars(owner)[name] for owner, name in methods] == [each.__wrapped__ for each in during]


def test_a_request_sent_between_tests_does_not_count(url, libraries, counters):
    by_requests(url)

    counters.begin()
    assert counters.end() == "{}"
