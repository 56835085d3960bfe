"""Requests and connections: only a host outside that stands in the code fails."""

import pytest

OUTSIDE = [
    "import requests\ndef test(): requests.get('https://api.github.com/users')",
    "import requests as r\nURL = 'https://api.github.com'\ndef test(): r.post(URL + '/x')",
    "import requests\nclass T:\n    base = 'http://pypi.python.org'\n"
    "    def test(self): requests.get(f'{self.base}/x')",
    "from urllib.request import urlopen\ndef test(): urlopen('http://www.python.org')",
    "import httpx\nasync def test():\n    async with httpx.AsyncClient() as c:\n"
    "        await c.get('https://a.org/')",
    "import httpx\ndef test():\n    c = httpx.Client(base_url='https://a.org')\n    c.get('/x')",
    "import requests, pytest\n@pytest.mark.parametrize('u', ['https://a.org'])\ndef test(u): requests.get(u)",
    "import requests, pytest\n@pytest.fixture\ndef url(): return 'https://a.org'\n"
    "def test(url): requests.get(url)",
    "from aiohttp import ClientSession\nasync def test():\n"
    "    async with ClientSession() as s:\n        await s.get('https://a.org/')",
    "import niquests\ndef test():\n    with niquests.Session() as s:\n        s.get('https://a.org/')",
    "import niquests\nasync def test(): await niquests.aget('https://a.org/')",
]
INSIDE = [
    "import requests\ndef test(): requests.get('http://localhost:8000/')",
    "import requests\ndef test(): requests.get('http://127.0.0.1/')",
    "import requests\ndef test(httpserver): requests.get(httpserver.url_for('/'))",
    "import requests\ndef test(httpbin): requests.get(httpbin + '/get')",
    "import requests, responses\n@responses.activate\ndef test(): requests.get('https://a.org')",
    "import requests\nfrom mocket.plugins.httpretty import httprettified\n@httprettified\n"
    "def test(): requests.get('https://a.org')",
    "import requests\ndef test(requests_mock): requests.get('https://a.org')",
    "import httpx\ndef test(httpx_mock): httpx.get('https://a.org')",
    "import httpx\ndef test():\n    httpx.Client(transport=httpx.MockTransport(f)).get('https://a.org')",
    "import requests\ndef test(a):\n    s = requests.Session()\n"
    "    s.mount('https://', a)\n    s.get('https://a.org')",
    "import requests, pytest\n@pytest.mark.vcr\ndef test(): requests.get('https://a.org')",
    "import requests, httpretty\ndef setup_module(): httpretty.enable()\n"
    "def test(): requests.get('https://a.org')",
    "import requests, pytest\npytestmark = pytest.mark.vcr\ndef test(): requests.get('https://a.org')",
    "import requests, pytest\npytestmark = [pytest.mark.vcr]\ndef test(): requests.get('https://a.org')",
    "import requests, responses\n@responses.activate\nclass Test:\n"
    "    def test(self): requests.get('https://a.org')",
    "import requests, pytest, responses\nclass Test:\n    @pytest.fixture(autouse=True)\n"
    "    def answers(self):\n        with responses.RequestsMock():\n            yield\n"
    "    def test(self): requests.get('https://a.org')",
    "import requests\nfrom unittest.mock import patch\n@patch('requests.Session.send')\n"
    "def test(m): requests.get('https://a.org')",
    "import requests, pytest, responses\n@pytest.fixture\ndef api():\n"
    "    with responses.RequestsMock() as r:\n        yield r\ndef test(api): requests.get('https://a.org')",
    "import aiohttp\nfrom unittest.mock import patch\n"
    "@patch('aiohttp.connector.TCPConnector._resolve_host')\nasync def test(m):\n"
    "    async with aiohttp.request('GET', 'https://a.org'): pass",
    "import niquests\nfrom unittest.mock import patch\n"
    "@patch('urllib3.Resolver.getaddrinfo' if 1 else 'a.b')\ndef test(m): niquests.get('https://a.org')",
    "import requests\ndef test(): assert requests.Session().get",
    "def test(state): state.requests.get('https://a.org')",
    "from urllib.request import urlopen\ndef test(): urlopen('file:///etc/hosts')",
]


@pytest.mark.parametrize("source", OUTSIDE)
def test_a_request_to_a_host_outside_fails(places_in, source):
    assert {code for code, _ in places_in(source)} == {"LW102"}


@pytest.mark.parametrize("source", INSIDE)
def test_what_stays_on_this_machine_is_no_finding(findings_in, source):
    assert findings_in(source) == ()


def test_a_host_that_the_code_does_not_tell_informs_and_strictly_fails(findings_in):
    source = "import requests\ndef test(address): requests.get(address)"

    ((usual,), (strict,)) = findings_in(source), findings_in(source, strict=True)

    assert (usual.code, usual.gate, strict.gate) == ("LW102", False, True)


@pytest.mark.parametrize(
    ("call", "fails"),
    [
        ("socket.create_connection(('www.python.org', 80))", True),
        ("socket.getaddrinfo('www.python.org', 80)", True),
        ("smtplib.SMTP('mail.python.org')", True),
        ("socket.socket().connect(('10.1.2.3', 80))", False),
        ("socket.create_connection(('localhost', 80))", False),
        ("socket.create_connection(('127.0.0.1', port))", False),
    ],
)
def test_connections_and_look_ups_outside_fail(places_in, call, fails):
    source = f"import socket, smtplib\ndef test(port): {call}"

    assert places_in(source) == ([("LW104", 2)] if fails else [])


def test_a_helper_whose_callers_all_answer_requests_reaches_nothing(places_in):
    source = """
        import requests, responses
        def fetch(): return requests.get("https://example.com")
        @responses.activate
        def test_one(): fetch()
        @responses.activate
        def test_two(): fetch()
    """

    assert places_in(source) == []
    assert len(places_in(source + "    def test_three(): fetch()\n")) == 1


def test_a_class_of_a_mocking_library_counts_by_where_it_is_from(places_in):
    source = """
        import urllib.request
        from vcr.cassette import Cassette
        def test():
            with Cassette.use(path="x"):
                urllib.request.urlopen("https://example.com")
    """

    assert places_in(source) == []


def test_a_patch_inside_the_client_answers(places_in):
    source = """
        import urllib3
        from unittest import mock
        @mock.patch("urllib3.contrib.other.connection.send_request")
        def test(send):
            urllib3.HTTPConnectionPool("example.com").request("GET", "/")
    """

    assert places_in(source) == []


def test_a_host_that_the_environment_may_change_is_its_default(places_in):
    source = (
        "import os, requests\nURL = os.environ.get('API', 'https://api.python.org')\n"
        "def test(): requests.get(URL + '/jobs')\n"
    )

    assert places_in(source) == [("LW102", 3)]
    assert places_in(source.replace("https://api.python.org", "http://localhost:8000")) == []


@pytest.mark.parametrize(
    ("error", "statement", "fails"),
    [
        ("SessionClosed", "s.get('https://a.org/')", False),
        ("RuntimeError", "s.get('https://a.org/')", False),
        ("requests.exceptions.InvalidURL", "answer = s.get('https://a.org:port/')", False),
        ("(TypeError, ValueError)", "s.get('https://a.org/', json=object())", False),
        ("ValueError", "s.get('https://a.org/').json()", True),
        ("requests.ConnectionError", "s.get('https://a.org/')", True),
        ("TypeError", "s.get('https://a.org/'); parse(s)", True),
    ],
)
def test_a_request_that_is_refused_before_it_is_sent_reaches_nothing(places_in, error, statement, fails):
    source = f"""
        import pytest, requests
        def test():
            s = requests.Session()
            with pytest.raises({error}):
                {statement}
    """
    assert bool(places_in(source)) is fails


def test_an_asynchronous_request_of_a_closed_client_reaches_nothing(places_in):
    source = """
        import aiohttp, pytest
        async def test():
            session = aiohttp.ClientSession()
            with pytest.raises(RuntimeError):
                await session.get("https://a.org/")
            with pytest.raises(RuntimeError):
                async with session.get("https://a.org/"): pass
    """
    assert places_in(source) == []
