"""Does a patch replace what a call reaches?

Patching `time.sleep` reaches every call through the module `time`, wherever that module is named
(`package.job.time.sleep` is the same function), but not a name that was imported from it before. Patching
a name of this very file (`tests.test_job.sleep`) reaches calls by that name.
"""

import ast
import re
from typing import Final

from lapwing.lint.calls import Kind, Operation, canonical
from lapwing.lint.chains import chain
from lapwing.lint.patches import IN_MODULES, OWN_MODULE, Patch
from lapwing.lint.place import Place
from lapwing.lint.scope import How

_THROUGH: Final = {
    "subprocess.run": ("subprocess.Popen",),
    "subprocess.call": ("subprocess.Popen",),
    "subprocess.check_call": ("subprocess.Popen", "subprocess.call"),
    "subprocess.check_output": ("subprocess.Popen", "subprocess.run"),
    "subprocess.getoutput": ("subprocess.Popen", "subprocess.check_output", "subprocess.getstatusoutput"),
    "subprocess.getstatusoutput": ("subprocess.Popen", "subprocess.check_output"),
    "subprocess.Popen": ("subprocess.Popen.__init__", "subprocess.Popen._execute_child"),
    "os.popen": ("subprocess.Popen",),
    "psutil.Popen": ("subprocess.Popen",),
    "multiprocessing.Process": ("multiprocessing.Process.start",),
}
"""What a function calls by a name that can be patched, whatever it was imported as itself."""

_HTTP_ROOTS: Final = {
    "requests": ("requests", "urllib3"),
    "niquests": ("niquests", "urllib3", "urllib3_future"),
    "curl_cffi": ("curl_cffi",),
    "httpx": ("httpx", "httpcore"),
    "aiohttp": ("aiohttp",),
    "urllib": ("urllib", "http.client"),
    "urllib3": ("urllib3",),
    "http": ("http.client",),
    "httplib2": ("httplib2",),
}
_HTTP_NAMES: Final = frozenset(
    [
        "request",
        "send",
        "urlopen",
        "Session",
        "HTTPAdapter",
        "Client",
        "AsyncClient",
        "ClientSession",
        "PoolManager",
        "build_opener",
        "open",
        "_request",
        "_send",
        "connect",
        "getresponse",
        "HTTPConnection",
        "HTTPSConnection",
        "handle_request",
        "handle_async_request",
        "build_response",
        "get_connection",
        "_make_request",
        "do_open",
        "Http",
        "ConnectionPool",
        "TCPConnector",
        "_resolve_host",
        "resolve",
        "getaddrinfo",
    ]
)
_HTTP_WAY: Final = re.compile(
    r"(?i)^_*(?:send|do|make|open|get)_\w*(?:request|connection)|_(?:request|urlopen|send)$"
)
"""Functions inside an HTTP library that every request goes through."""

_SOCKET_NAMES: Final = (
    "socket.socket",
    "socket.create_connection",
    "socket.getaddrinfo",
    "socket.socket.connect",
)


class Reached:
    """What one call reaches, as names that a patch may have for it."""

    def __init__(
        self, function: ast.expr, call: str, operation: Operation, place: Place, through: str = ""
    ) -> None:
        self._call = call
        self._operation = operation
        inner = (through, *_THROUGH.get(through, ())) if through else ()
        self._through = (*_THROUGH.get(call, ()), *inner)
        self._own_module = call.rpartition(".")[0] + "." if through else ""
        self._root = chain(function).partition(".")[0]
        self._stem = place.module.stem
        self._is_bare = isinstance(function, ast.Name)
        self._is_late = self._is_bare and _is_imported_late(function, place)
        self._function, self._place = function, place

    def is_replaced_by(self, patch: Patch) -> bool:
        """Whether `patch` replaces what the call reaches."""
        target = canonical(patch.target)
        if patch.calls_real:
            return False
        if target.startswith(IN_MODULES):
            return self._is_in(target[len(IN_MODULES) + 1 :])
        if self._is_own_name(target):
            return True
        if is_name_of(target, self._call):
            return not self._is_bare or self._is_late
        if any(is_name_of(target, name) for name in self._through):
            return True
        if self._own_module and target.startswith(self._own_module):
            return True  # something that the function of the package may use
        if self._operation.kind is Kind.HTTP:
            return self._is_http_patch(target)
        return self._operation.kind is Kind.SOCKET and any(is_name_of(target, name) for name in _SOCKET_NAMES)

    def _is_in(self, module: str) -> bool:
        """Whether the call reaches `module` by a name that is imported in the function itself."""
        root = self._function
        while isinstance(root, ast.Attribute):
            root = root.value
        return self._call.startswith(module + ".") and _is_imported_late(root, self._place)

    def _is_own_name(self, target: str) -> bool:
        """Whether `target` is the name in this file that the call goes through, or its attribute."""
        for own in (OWN_MODULE, self._stem):
            before, found, rest = target.rpartition(f"{own}.{self._root}")
            if found and (not before or before.endswith(".")):
                attribute = "" if self._is_bare else "." + self._call.rpartition(".")[2]
                if rest in ("", attribute):
                    return True
        return False

    def _is_http_patch(self, target: str) -> bool:
        if any(is_name_of(target, name) for name in _SOCKET_NAMES):
            return True
        *_, last = target.split(".")
        verb = self._call.rpartition(".")[2]
        for root in _HTTP_ROOTS.get(self._operation.library, ()):
            if target.startswith(root + ".") or f".{root}." in target or target.endswith("." + root):
                is_way = last in _HTTP_NAMES or _HTTP_WAY.search(last) is not None
                return is_way or last == verb or last == root.rpartition(".")[2]
        return False


def is_name_of(target: str, name: str) -> bool:
    """Whether a patch of `target` replaces what is called `name`, wherever its module is named."""
    return target == name or target.endswith("." + name)


def _is_imported_late(function: ast.expr, place: Place) -> bool:
    """Whether a bare name is imported in the function itself, so after patches of its fixtures and
    decorators.
    """
    if not isinstance(function, ast.Name):
        return False
    found = place.scope.lookup(function.id)
    return bool(
        found
        and found[0] is not place.module.scope
        and any(binding.how is How.IMPORT for binding in found[1])
    )
