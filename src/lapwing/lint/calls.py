"""The calls that lint knows: resolved dotted name -> what it does to a test.

Names are canonical; `canonical` maps the other ways to reach the same function. A name with `()` in it
is a method of what the call before it gives, such as `requests.Session().get`.
"""

import re
from enum import StrEnum
from functools import lru_cache
from typing import Final

from lapwing.model.value import Value


class Kind(StrEnum):
    """What a call waits for."""

    SLEEP = "sleep"
    PROCESS = "subprocess"
    HTTP = "http"
    SOCKET = "socket"


class Operation(Value):
    """What one known call does."""

    kind: Kind
    argument: int = 0  # position of the duration, URL or host
    keywords: tuple[str, ...] = ()  # the same by name
    unit_s: float = 1.0  # seconds of one unit of a duration
    is_async: bool = False  # other tasks run meanwhile, and may end it
    opens_client: bool = False  # makes a client; only its requests reach out
    library: str = ""  # of an HTTP call: whose mocks count


_SECONDS: Final = ("secs", "seconds", "delay", "duration", "timeout")
_SLEEP: Final = Operation(Kind.SLEEP, 0, _SECONDS)
_ASYNC_SLEEP: Final = Operation(Kind.SLEEP, 0, _SECONDS, is_async=True)
_SLEEP_MS: Final = Operation(Kind.SLEEP, 0, ("ms",), unit_s=0.001)
_QT: Final = ("PyQt5", "PyQt6", "PySide2", "PySide6", "qtpy")
_PROCESS: Final = Operation(Kind.PROCESS)

SLEEPS: Final = {
    "time.sleep": _SLEEP,
    "gevent.sleep": _ASYNC_SLEEP,
    "eventlet.sleep": _ASYNC_SLEEP,
    "asyncio.sleep": _ASYNC_SLEEP,
    "anyio.sleep": _ASYNC_SLEEP,
    "trio.sleep": _ASYNC_SLEEP,
    "curio.sleep": _ASYNC_SLEEP,
    "tornado.gen.sleep": _ASYNC_SLEEP,
    "twisted.internet.task.deferLater": Operation(Kind.SLEEP, 1, ("delay",), is_async=True),
    **{f"{package}.QtTest.QTest.qWait": _SLEEP_MS for package in _QT},
    **{f"{package}.QtTest.QTest.qSleep": _SLEEP_MS for package in _QT},
    **{f"{package}.QtCore.QThread.msleep": _SLEEP_MS for package in _QT},
    **{f"{package}.QtCore.QThread.sleep": _SLEEP for package in _QT},
}

_PROCESS_NAMES: Final = [
    "subprocess.run",
    "subprocess.call",
    "subprocess.check_call",
    "subprocess.check_output",
    "subprocess.Popen",
    "subprocess.getoutput",
    "subprocess.getstatusoutput",
    "os.system",
    "os.popen",
    "os.fork",
    "os.forkpty",
    "os.posix_spawn",
    "os.posix_spawnp",
    "os.startfile",
    "os.spawnl",
    "os.spawnle",
    "os.spawnlp",
    "os.spawnlpe",
    "os.spawnv",
    "os.spawnve",
    "os.spawnvp",
    "os.spawnvpe",
    "pty.fork",
    "pty.spawn",
    "psutil.Popen",
    "asyncio.create_subprocess_exec",
    "asyncio.create_subprocess_shell",
    "asyncio.subprocess.create_subprocess_exec",
    "asyncio.subprocess.create_subprocess_shell",
    "asyncio.LOOP.subprocess_exec",
    "asyncio.LOOP.subprocess_shell",
    "pexpect.spawn",
    "pexpect.spawnu",
    "pexpect.run",
    "pexpect.runu",
    "pexpect.popen_spawn.PopenSpawn",
    "ptyprocess.PtyProcess.spawn",
    "ptyprocess.PtyProcessUnicode.spawn",
    "multiprocessing.Process",
    "multiprocessing.Pool",
    "multiprocessing.Manager",
    "multiprocessing.pool.Pool",
    "multiprocessing.managers.SyncManager",
    "concurrent.futures.ProcessPoolExecutor",
    "pexpect.replwrap.bash",
    "pexpect.replwrap.zsh",
    "pexpect.replwrap.python",
    "pexpect.replwrap.REPLWrapper",
    "distutils.spawn.spawn",
    "test.support.script_helper.assert_python_ok",
    "test.support.script_helper.assert_python_failure",
    "test.support.script_helper.run_python_until_end",
    "test.support.script_helper.spawn_python",
    "twisted.internet.utils.getProcessOutput",
    "twisted.internet.utils.getProcessOutputAndValue",
    "twisted.internet.utils.getProcessValue",
    "twisted.internet.reactor.spawnProcess",
    "invoke.run",
    "invoke.Context().run",
    "delegator.run",
    "delegator.chain",
    "trio.run_process",
    "trio.open_process",
    "trio.lowlevel.open_process",
    "anyio.run_process",
    "anyio.open_process",
    "anyio.to_process.run_sync",
    "tornado.process.Subprocess",
    "tornado.process.fork_processes",
    "billiard.Process",
    "billiard.Pool",
    "billiard.context.Process",
]
PROCESSES: Final = dict.fromkeys(_PROCESS_NAMES, _PROCESS)
_PROCESS_CLASSES: Final = (
    "multiprocessing.Process",
    "subprocess.Popen",
    "psutil.Popen",
    "pexpect.spawn",
    "billiard.Process",
)

_VERBS: Final = ("get", "post", "put", "patch", "delete", "head", "options")


def _http(library: str, argument: int = 0, *keywords: str, opens_client: bool = False) -> Operation:
    return Operation(Kind.HTTP, argument, (*keywords, "url"), opens_client=opens_client, library=library)


def _client(library: str, name: str) -> dict[str, Operation]:
    """A client class and the requests made through it."""
    requests = {f"{name}().{verb}": _http(library) for verb in _VERBS}
    requests |= {f"{name}().request": _http(library, 1), f"{name}().stream": _http(library, 1)}
    requests |= {f"{name}().send": _http(library, 0, "request")}
    return {name: _http(library, -1, "base_url", opens_client=True), **requests}


HTTP: Final = {
    **{f"requests.{verb}": _http("requests") for verb in _VERBS},
    "requests.request": _http("requests", 1),
    **_client("requests", "requests.Session"),
    **_client("requests", "requests_html.HTMLSession"),
    **_client("requests", "requests_cache.CachedSession"),
    **_client("requests", "requests_futures.sessions.FuturesSession"),
    **_client("requests", "requests_toolbelt.sessions.BaseUrlSession"),
    **_client("requests", "requests_html.AsyncHTMLSession"),
    **_client("requests", "requests_oauthlib.OAuth1Session"),
    **_client("requests", "requests_oauthlib.OAuth2Session"),
    **_client("requests", "requests_threads.AsyncSession"),
    **_client("requests", "txrequests.Session"),
    **{f"aiohttp_requests.requests.{verb}": _http("aiohttp") for verb in _VERBS},
    **{f"niquests.{verb}": _http("niquests") for verb in _VERBS},
    **{f"niquests.a{verb}": _http("niquests") for verb in _VERBS},
    **{f"curl_cffi.requests.{verb}": _http("curl_cffi") for verb in _VERBS},
    "curl_cffi.requests.request": _http("curl_cffi", 1),
    **_client("curl_cffi", "curl_cffi.requests.Session"),
    **_client("curl_cffi", "curl_cffi.requests.AsyncSession"),
    "niquests.request": _http("niquests", 1),
    "niquests.arequest": _http("niquests", 1),
    **_client("niquests", "niquests.Session"),
    **_client("niquests", "niquests.AsyncSession"),
    **{f"httpx.{verb}": _http("httpx") for verb in _VERBS},
    "httpx.request": _http("httpx", 1),
    "httpx.stream": _http("httpx", 1),
    **_client("httpx", "httpx.Client"),
    **_client("httpx", "httpx.AsyncClient"),
    "aiohttp.request": _http("aiohttp", 1),
    **_client("aiohttp", "aiohttp.ClientSession"),
    "urllib.request.urlopen": _http("urllib"),
    "urllib.request.urlretrieve": _http("urllib"),
    "urllib.request.build_opener().open": _http("urllib", 0, "fullurl"),
    "urllib3.request": _http("urllib3", 1),
    "urllib3.PoolManager": _http("urllib3", -1, opens_client=True),
    "urllib3.PoolManager().request": _http("urllib3", 1),
    "urllib3.PoolManager().urlopen": _http("urllib3", 1),
    "urllib3.HTTPConnectionPool": _http("urllib3", 0, "host", opens_client=True),
    "urllib3.HTTPSConnectionPool": _http("urllib3", 0, "host", opens_client=True),
    "http.client.HTTPConnection": _http("http", 0, "host", opens_client=True),
    "http.client.HTTPSConnection": _http("http", 0, "host", opens_client=True),
    "httplib2.Http": _http("httplib2", -1, opens_client=True),
    "httplib2.Http().request": _http("httplib2", 0, "uri"),
}


def _socket(argument: int = 0, *keywords: str) -> Operation:
    return Operation(Kind.SOCKET, argument, (*keywords, "host", "address"))


SOCKETS: Final = {
    "socket.create_connection": _socket(),
    "socket.socket().connect": _socket(),
    "socket.socket().connect_ex": _socket(),
    "socket.getaddrinfo": _socket(),
    "socket.gethostbyname": _socket(),
    "socket.gethostbyname_ex": _socket(),
    "socket.gethostbyaddr": _socket(),
    "asyncio.open_connection": _socket(),
    "asyncio.LOOP.create_connection": _socket(1),
    "asyncio.LOOP.getaddrinfo": _socket(),
    "smtplib.SMTP": _socket(),
    "smtplib.SMTP_SSL": _socket(),
    "ftplib.FTP": _socket(),
    "ftplib.FTP_TLS": _socket(),
    "imaplib.IMAP4": _socket(),
    "imaplib.IMAP4_SSL": _socket(),
    "poplib.POP3": _socket(),
    "poplib.POP3_SSL": _socket(),
    "telnetlib.Telnet": _socket(),
    "dns.resolver.resolve": _socket(0, "qname"),
    "dns.resolver.query": _socket(0, "qname"),
    "dns.resolver.Resolver().resolve": _socket(0, "qname"),
    "dns.asyncresolver.resolve": _socket(0, "qname"),
    "dns.asyncresolver.Resolver().resolve": _socket(0, "qname"),
    "dns.resolver.Resolver().query": _socket(0, "qname"),
}

KNOWN: Final = {**SLEEPS, **PROCESSES, **HTTP, **SOCKETS}
CLASSES: Final = frozenset(
    {*_PROCESS_CLASSES, *(name.removesuffix("().request") for name in HTTP if name.endswith("().request"))}
)
"""Classes of processes and of HTTP clients: one that derives from them is one of them."""

_PREFIXES: Final = (
    ("six.moves.urllib.", "urllib."),
    ("six.moves.http_client.", "http.client."),
    ("future.moves.urllib.", "urllib."),
    ("httplib.", "http.client."),
    ("urllib2.", "urllib.request."),
    ("urllib.urlopen", "urllib.request.urlopen"),
    ("urllib.urlretrieve", "urllib.request.urlretrieve"),
    ("subprocess32.", "subprocess."),
    ("curio.subprocess.", "subprocess."),
    ("setuptools._distutils.", "distutils."),
    ("invoke.context.", "invoke."),
    ("gevent.subprocess.", "subprocess."),
    ("gevent.time.", "time."),
    ("gevent.hub.sleep", "gevent.sleep"),
    ("eventlet.green.subprocess.", "subprocess."),
    ("eventlet.green.time.sleep", "eventlet.sleep"),
    ("eventlet.greenthread.sleep", "eventlet.sleep"),
    ("eventlet.green.socket.", "socket."),
    ("gevent.socket.", "socket."),
    ("asyncio.tasks.sleep", "asyncio.sleep"),
    ("requests.api.", "requests."),
    ("requests.sessions.", "requests."),
    ("requests.session", "requests.Session"),
    ("requests.packages.urllib3.", "urllib3."),
    ("niquests.api.", "niquests."),
    ("niquests.sessions.", "niquests."),
    ("niquests.session", "niquests.Session"),
    ("urllib3.poolmanager.", "urllib3."),
    ("urllib3.connectionpool.", "urllib3."),
    ("aiohttp.client.", "aiohttp."),
    ("multiprocessing.process.BaseProcess", "multiprocessing.Process"),
    ("multiprocessing.process.Process", "multiprocessing.Process"),
    ("multiprocessing.context.", "multiprocessing."),
    ("multiprocess.", "multiprocessing."),
    ("torch.multiprocessing.", "multiprocessing."),
    ("concurrent.futures.process.", "concurrent.futures."),
    ("pexpect.pty_spawn.spawn", "pexpect.spawn"),
    ("ptyprocess.ptyprocess.", "ptyprocess."),
)
_LOOP: Final = re.compile(
    r"asyncio\.(?:events\.)?(?:get_event_loop|get_running_loop|new_event_loop|ensure_loop)\(\)"
)
_CONTEXT: Final = re.compile(r"multiprocessing\.(?:get_context\(\)|(?:Spawn|Fork|ForkServer)(?=Process))")
_ENTERED: Final = re.compile(r"\.(?:__enter__|__aenter__)\(\)")


@lru_cache(maxsize=10_000)
def canonical(name: str) -> str:
    """The one name that `KNOWN` has for what `name` reaches."""
    if "asyncio" in name:
        name = _LOOP.sub("asyncio.LOOP", name)
    elif "multiprocessing." in name:
        name = _CONTEXT.sub("multiprocessing.", name).replace("..", ".")
    if "__" in name:
        name = _ENTERED.sub("", name)
    for prefix, replacement in _PREFIXES:
        if name.startswith(prefix) and (prefix[-1] == "." or name[len(prefix) :][:1] in ("", "(", ".")):
            return replacement + name[len(prefix) :]
    return name
