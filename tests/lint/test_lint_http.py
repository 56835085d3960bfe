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
    "import requests\nfrom moto import mock_aws\ndef test():\n    with mock_aws():\n"
    "        requests.post('https://foo.s3.amazonaws.com/')",
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
    "import urllib3\ndef test():\n"
    "    urllib3.PoolManager(resolver='in-memory://default').request('GET', 'https://a.org')",
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


WRITTEN = {
    "by a function": 'def url_of(path): return "https://httpbin.org/" + path\n'
    'def test(): requests.get(url_of("get"))\n',
    "with braces": 'def test(): requests.get("https://{host}/{}".format(1, host="api.python.org"))\n',
    "with numbered braces": 'def test(): requests.get("https://{1}/{0}".format(1, "api.python.org"))\n',
    "with percents": 'def test(): requests.get("https://%s/%d" % ("api.python.org", 1))\n',
    "as one of a table": 'LINKS = {"docs": "https://docs.python.org"}\n'
    "def test(name): requests.head(LINKS[name])\n",
    "as what an object has": 'class Settings:\n    host = "https://api.python.org"\n'
    'settings = Settings()\ndef test(): requests.get(settings.host + "/")\n',
    "two calls away": "def ask(url): return requests.get(url)\ndef is_up(url): return ask(url).ok\n"
    'def test(): assert is_up("https://python.org")\n',
    "outside of functions": "def is_up(*urls):\n    for url in urls: requests.head(url)\n"
    'IS_UP = is_up("https://python.org")\n',
    "joined": 'PARTS = ["https://python.org", "about"]\ndef test(): requests.get("/".join(PARTS))\n',
    "joined as a path": 'import os\ndef test(): requests.get(os.path.join("https://python.org", "about"))\n',
    "with a part replaced": 'def test(): requests.get("https://HOST/".replace("HOST", "python.org"))\n',
    "in a table of tables": 'API = {"python": {"url": "https://python.org"}}\n'
    'def test(): requests.get(API["python"]["url"])\n',
    "in a comprehension": 'URLS = ["https://python.org"]\n'
    "def test(): assert all(requests.head(url).ok for url in URLS)\n",
    "as what an object is made with": "class Client:\n"
    "    def __init__(self, base): self.base = base\n"
    "    def get(self, path): return requests.get(self.base + path)\n"
    'def test(): Client("https://python.org").get("/")\n',
    "with the name of a server": 'HTTPBIN = "https://httpbin.org"\ndef test(): requests.get(HTTPBIN)\n',
    "in a session given away": "def ask(session, url): ...\n"
    'def test(): ask(requests.Session(), "https://python.org")\n',
}


@pytest.mark.parametrize("source", WRITTEN.values(), ids=WRITTEN)
def test_a_host_outside_is_told_however_it_is_written(places_in, source):
    assert {code for code, _ in places_in("import requests\n" + source)} == {"LW102"}
    assert places_in("import requests\n" + source.replace(".org", ".mock")) == []


def test_what_refuses_a_client_that_it_is_handed_asks_nobody(places_in):
    source = """
        import pytest, requests
        from app import fetch
        def test():
            with pytest.raises(ValueError):
                fetch("https://python.org", requests.Session())
    """

    assert places_in(source) == []


@pytest.mark.parametrize(
    ("given", "codes"),
    [("sock = FakeSocket(b'')", []), ("_create_connection = fake", []), ("timeout = 1", ["LW102"])],
)
def test_a_connection_that_the_test_connects_itself_goes_nowhere(places_in, given, codes):
    source = f"""
        from http import client
        def test():
            conn = client.HTTPConnection("python.org")
            conn.{given}
            conn.request("GET", "/")
    """

    assert [code for code, _ in places_in(source)] == codes


def test_a_host_for_another_system_is_not_asked(places_in):
    source = """
        import os, requests
        class Local:
            url = start()
        class Test:
            def setup_method(self):
                self.server = Local() if os.name != "nt" else "https://httpbin.org"
            def test(self):
                requests.get(f"{self.server}/get")
    """

    assert places_in(source) == []
    assert len(places_in(source.replace("!=", "=="))) == 1


def test_the_host_of_a_url_that_is_taken_apart_is_told(places_in):
    source = """
        from http.client import HTTPSConnection
        from urllib.parse import urlparse
        def fetch(url):
            parsed = urlparse(url)
            connection = HTTPSConnection(parsed.netloc)
            connection.request("GET", parsed.path)
        def test():
            fetch("https://python.org/about")
    """

    assert places_in(source) == [("LW102", 6)]
    assert places_in(source.replace("python.org", "localhost")) == []


def test_the_base_of_a_client_that_a_fixture_gives_is_told(places_in):
    source = """
        import httpx, pytest
        @pytest.fixture
        def client():
            with httpx.Client(base_url="https://api.python.org") as client:
                yield client
        def test(client):
            client.get("/users")
    """

    assert places_in(source) == [("LW102", 8)]
    assert places_in(source.replace("https://", "transport=answers, base_url=")) == []


def test_a_client_whose_requests_are_replaced_asks_nobody(places_in):
    source = """
        import requests
        def test(monkeypatch):
            monkeypatch.setattr(requests.Session, "get", lambda self, url: "answer")
            session = requests.Session()
            assert session.get("https://python.org") == "answer"
    """
    by_hand = """
        import requests
        def test():
            session = requests.Session()
            session.get = lambda url: "answer"
            assert session.get("https://python.org") == "answer"
    """

    assert places_in(source) == places_in(by_hand) == []
    assert ("LW102", 5) in places_in(source.replace('Session, "get"', 'Session, "close"'))


@pytest.mark.parametrize(
    "made",
    [
        "from txrequests import Session\ndef test(): Session().get('https://python.org')",
        "from requests_oauthlib import OAuth2Session\ndef test(): OAuth2Session('x').get('https://python.org')",
        "from aiohttp_requests import requests\nasync def test(): await requests.get('https://python.org')",
        "from aiohttp_requests import requests\n"
        "async def test(): await requests.get(['https://python.org'] * 2)",
    ],
)
def test_clients_of_other_libraries_are_known(places_in, made):
    assert {*places_in(made)} == {("LW102", 2)}


def test_an_option_that_skips_where_it_is_not_given_is_a_skip(places_in):
    source = """
        import requests
        def ask(): return requests.get("https://python.org")
        def test(pytestconfig):
            pytestconfig.getoption("--remote", skip=True)
            ask()
    """

    assert places_in(source) == []
    assert places_in(source.replace("skip=True", "default=True")) == [("LW102", 3)]


def test_who_answers_for_callers_of_callers_answers(places_in):
    source = """
        import requests, responses
        def ask(url): return requests.get(url)
        def ask_twice(url): return ask(url) or ask(url)
        @responses.activate
        def test():
            ask_twice("https://python.org")
    """

    assert places_in(source) == []
    assert places_in(source.replace("@responses.activate", "")) == [("LW102", 3)]
    patched = source.replace("@responses.activate", "@mock.patch('requests.get', new=None)")
    assert places_in(patched.replace("responses", "unittest.mock as mock")) == []


def test_a_property_tells_a_host(places_in):
    source = """
        import requests
        class TestIt:
            @property
            def url(self):
                return "https://python.org/"
            def test(self):
                requests.get(self.url + "about")
    """

    assert places_in(source) == [("LW102", 8)]


def test_an_opener_with_a_handler_of_the_test_asks_nobody(places_in):
    source = """
        import urllib.request
        class Answers(urllib.request.HTTPSHandler):
            def https_open(self, request): ...
        def test():
            urllib.request.build_opener(Answers).open("https://python.org")
    """

    assert places_in(source) == []
    assert places_in(source.replace("(Answers).", "().")) == [("LW102", 6)]
