"""Hosts and durations count wherever they are written down: in loops, tables, parameters, other files."""

import pytest

HOSTS = {
    "an item of a list": (
        "HOSTS = ['https://a.org']\ndef test():\n    for host in HOSTS: requests.get(host)\n"
    ),
    "a part of a row": (
        "def test():\n    for name, host in [('a', 'https://a.org/')]: requests.get(host + name)\n"
    ),
    "an entry of a table": (
        "HOSTS = {'a': 'https://a.org'}\ndef test():\n"
        "    for name, host in HOSTS.items(): requests.get(host)\n"
    ),
    "an entry that is counted": (
        "HOSTS = ['https://a.org']\ndef test():\n    for at, host in enumerate(HOSTS): requests.get(host)\n"
    ),
    "a row beside another": (
        "HOSTS = ['https://a.org']\ndef test():\n    for at, host in zip([1], HOSTS): requests.get(host)\n"
    ),
    "values of parametrize by name": (
        "HOSTS = ['https://a.org']\n@pytest.mark.parametrize('host', HOSTS)\n"
        "def test(host): requests.get(host)\n"
    ),
    "params of a fixture": (
        "@pytest.fixture(params=['https://a.org'])\ndef host(request): return request.param\n"
        "def test(host): requests.get(host)\n"
    ),
    "a constant of a helper": "from tests.sites import HOST\ndef test(): requests.get(HOST + '/x')\n",
    "a module of constants": "from tests import sites\ndef test(): requests.get(sites.HOST)\n",
    "a constant handed on": "from tests.again import HOST\ndef test(): requests.get(HOST)\n",
    "an attribute of a base elsewhere": (
        "from tests.sites import Base\nclass TestIt(Base):\n    def test(self): requests.get(self.host)\n"
    ),
    "a joined path": (
        "from urllib.parse import urljoin\nHOST = 'https://a.org'\n"
        "def test(path): requests.get(urljoin(HOST, path))\n"
    ),
    "a path that is not known": "def test(path): requests.get(f'https://a.org{path}')\n",
    "a request that is prepared": (
        "def test():\n    r = requests.Request('GET', 'https://a.org').prepare()\n"
        "    requests.Session().send(r)\n"
    ),
    "a client that derives": (
        "class Client(requests.Session): ...\ndef test(): Client().get('https://a.org')\n"
    ),
    "a client of another package": (
        "from requests_html import HTMLSession\ndef test(): HTMLSession().get('https://a.org')\n"
    ),
    "an opener": (
        "import urllib.request\ndef test():\n    opener = urllib.request.build_opener()\n"
        "    opener.open('https://a.org')\n"
    ),
    "a client that is handed on": (
        "def test():\n    session = requests.Session()\n    fetch(session, 'https://a.org')\n"
    ),
    "what is made with a client": (
        "def test():\n    with requests.Session() as session:\n        site = Site(session, 'me')\n"
        "        site.fetch('https://a.org')\n"
    ),
    "a request handed over": "def test(pool): pool.map(requests.get, ['https://a.org'])\n",
}
BESIDE = {
    "tests/__init__.py": "",
    "tests/sites.py": "HOST = 'https://a.org'\nPAUSE = 0.001\nclass Base:\n    host = HOST\n",
    "tests/fakes.py": (
        "import responses\ndef mock_links(f): return f\n"
        "class Answered:\n    def setUp(self): responses.start()\n"
    ),
    "tests/again.py": "from tests.sites import HOST, PAUSE\n",
    "tests/circle.py": "from tests.ring import NUMBER\n",
    "tests/ring.py": "from tests.circle import NUMBER\n",
}
INSIDE = {
    "a server of the machine": (
        "HOSTS = ['http://localhost:1/']\ndef test():\n    for host in HOSTS: requests.get(host)\n"
    ),
    "a class of a library that answers": (
        "from vcr.unittest import VCRTestCase\nclass TestIt(VCRTestCase):\n"
        "    def test(self): requests.get('https://a.org')\n"
    ),
    "a decorator that answers": (
        "from tests.fakes import mock_links\n@mock_links\ndef test(): requests.get('https://a.org')\n"
    ),
    "a base elsewhere that answers": (
        "from tests.fakes import Answered\nclass TestIt(Answered):\n"
        "    def test(self): requests.get('https://a.org')\n"
    ),
    "a client that is asked for what it has": (
        "def test():\n    session = requests.Session()\n    session.get_adapter('https://a.org')\n"
    ),
    "a request through a proxy": (
        "def test(proxy):\n    session = requests.Session()\n"
        "    session.get('https://a.org', proxies={'https': proxy})\n"
    ),
    "a client that is only kept": (
        "def test():\n    site = Site(requests.Session(), 'https://a.org')\n    assert site.name\n"
    ),
    "an address that is registered": (
        "def test():\n    session = requests.Session()\n    register(session, 'https://a.org')\n"
    ),
    "a host whose end is not known": "def test(end): requests.get(f'https://www.service{end}')\n",
}


@pytest.mark.parametrize("source", HOSTS.values(), ids=HOSTS)
def test_a_host_that_is_written_elsewhere_fails(places_in, source):
    assert "LW102" in {code for code, _ in places_in(f"import pytest, requests\n{source}", BESIDE)}


@pytest.mark.parametrize("source", INSIDE.values(), ids=INSIDE)
def test_what_is_answered_here_does_not_fail(places_in, source):
    assert places_in(f"import pytest, requests\n{source}", BESIDE) == []


def test_a_duration_of_another_file_is_compared_with_the_threshold(places_in):
    source = "import time\nfrom tests.again import PAUSE\nfrom tests import sites\n"
    assert (
        places_in(f"{source}def test():\n    time.sleep(PAUSE)\n    time.sleep(sites.PAUSE)\n", BESIDE) == []
    )


def test_files_that_import_each_other_end(places_in):
    source = "import time\nfrom tests.ring import NUMBER\ndef test():\n    time.sleep(NUMBER)\n"
    assert places_in(source, BESIDE) == [("LW101", 4)]


def test_a_sleep_without_end_that_is_canceled_is_none(places_in):
    source = (
        "import asyncio, math\nasync def test():\n    task = asyncio.create_task(asyncio.sleep({}))\n"
        "    task.cancel()\n"
    )
    assert places_in(source.format("math.inf")) == []
    assert places_in(source.format("float('inf')")) == []
