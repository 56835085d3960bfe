"""Libraries and transports that answer HTTP in place of the network, as they show in code."""

import ast
import re
from collections.abc import Iterable, Iterator
from typing import Final

from lapwing.lint.chains import chain, last_name
from lapwing.lint.module import Module
from lapwing.lint.scope import FUNCTIONS, How

FIXTURES: Final = frozenset(
    [
        "requests_mock",
        "requests_mocker",
        "responses",
        "mocked_responses",
        "respx_mock",
        "respx_router",
        "httpx_mock",
        "aioresponses",
        "mock_aioresponse",
        "mock_aioresponses",
        "vcr",
        "vcr_cassette",
        "vcr_config",
        "betamax_session",
        "betamax_recorder",
        "betamax_parametrized_session",
        "pook",
        "httpretty",
        "fake_http",
        "mock_http",
        "aioclient_mock",
        "rsps",
        "aresponses",
        "requests_mock_fixture",
        "urlopen_mock",
        "mock_urlopen",
        "mock_requests",
        "mocked_requests",
    ]
)
"""Names of fixtures that replace HTTP, of plugins or usual in projects."""

_NAMES: Final = frozenset(
    [
        "responses",
        "respx",
        "requests_mock",
        "requests_mocker",
        "httpretty",
        "vcr",
        "betamax",
        "aioresponses",
        "pook",
        "mocket",
        "Mocketizer",
        "mocketize",
        "wsgi_intercept",
        "use_cassette",
        "httmock",
        "HTTMock",
        "urlmatch",
        "all_requests",
        "MockTransport",
        "ASGITransport",
        "WSGITransport",
        "BaseHTTPMiddleware",
        "TestAdapter",
        "my_vcr",
        "record_cassette",
        "cassette",
        "default_cassette",
        "nock",
        "requests_testadapter",
        "aresponses",
        "ResponsesMockServer",
        "block_network",
        "use_respx",
        "mock_aws",
    ]
)

_LIBRARIES: Final = frozenset(
    {
        *("responses", "respx", "requests_mock", "httpretty", "vcr", "betamax", "aioresponses", "pook"),
        *("httmock", "mocket", "moto"),
    }
)
"""Packages that replace HTTP, whatever is imported from them."""


_TRANSPORTS: Final = frozenset({"transport", "app", "mounts", "connector"})
_IN_MEMORY: Final = "in-memory://"
"""Begins a resolver that leads names to addresses which stand in the test."""

_ANSWERING: Final = re.compile(r"(?i)mock|stub|fake|cassette|intercept|recorded|vcr")


def fixture_replaces_http(name: str) -> bool:
    """Whether a fixture of this name, whose definition is not here, replaces HTTP."""
    words = name.lower()
    return name in FIXTURES or (
        "mock" in words and any(each in words for each in ("http", "request", "url", "api"))
    )


def replaces_http(nodes: Iterable[ast.AST], module: Module) -> bool:
    """Whether a decorator, `with` item or call below one of `nodes` sets up a library that replaces HTTP."""
    for root in nodes:
        for expression in _expressions(root):
            for name in chain(expression).split("."):
                if name in _NAMES and _is_meant(name, expression, module):
                    return True
            if isinstance(expression, ast.Call) and chain(expression.func).endswith(".mount"):
                return True
            if _imported_from(chain(expression).partition(".")[0], module) in _LIBRARIES:
                return True
    return False


def has_transport(client: ast.Call) -> bool:
    """Whether a client is made with what asks others than the network."""
    return any(each.arg in _TRANSPORTS or _is_in_memory(each) for each in client.keywords)


def _is_in_memory(given: ast.keyword) -> bool:
    value = given.value.value if isinstance(given.value, ast.Constant) else None
    return given.arg == "resolver" and isinstance(value, str) and value.startswith(_IN_MEMORY)


def decorator_replaces_http(decorator: ast.expr) -> bool:
    """Whether a decorator says by its name that it answers, as `@mock_links` and `@with_cassette("x")` do."""
    return _ANSWERING.search(last_name(decorator)) is not None


def derives_from_mock(owner: ast.ClassDef, module: Module) -> bool:
    """Whether a class of tests derives from one of a library that replaces HTTP, as from `VCRTestCase`."""
    return any(_imported_from(chain(base).partition(".")[0], module) in _LIBRARIES for base in owner.bases)


def _imported_from(name: str, module: Module) -> str:
    """The package that the file imports `name` from, or an empty text."""
    for binding in module.scope.bindings.get(name, ()):
        if binding.how is How.IMPORT:
            return binding.dotted.partition(".")[0]
    return ""


def _is_meant(name: str, expression: ast.AST, module: Module) -> bool:
    """Whether `name` is a library here and no variable that is only called so."""
    first = chain(expression).partition(".")[0]
    if first != name:
        return True
    found = module.scope.bindings.get(name)
    return bool(found) or any(keyword in name for keyword in ("vcr", "cassette", "mock"))


def _expressions(root: ast.AST) -> Iterator[ast.AST]:
    if isinstance(root, ast.expr):  # a decorator, or marks
        yield from root.elts if isinstance(root, ast.List | ast.Tuple) else [root]
    for node in ast.walk(root):
        if isinstance(node, ast.Call):
            yield node
        elif isinstance(node, (*FUNCTIONS, ast.ClassDef)):
            yield from node.decorator_list
        elif isinstance(node, ast.With | ast.AsyncWith):
            for item in node.items:
                yield item.context_expr
