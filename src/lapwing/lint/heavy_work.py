"""What a fixture does that takes long: the sites in it, and loading of data."""

from collections.abc import Iterator
from typing import Final

from lapwing.lint.calls import Kind
from lapwing.lint.fixtures import Fixture
from lapwing.lint.hosts import Reach
from lapwing.lint.site import Site
from lapwing.lint.view import View

WORDS: Final = (
    *("docker", "testcontainers"),
    *("read_csv", "read_parquet", "read_sql", "read_excel", "read_table", "open_dataset"),
    *("np.load", "numpy.load", "np.genfromtxt"),
    *("create_all", "Server(", "make_server", "start_server"),
)
"""One of these, or a known call, stands in every fixture that is heavy, but for names that are imported from
`_CONTAINERS`.
"""

_CONTAINERS: Final = ("docker", "testcontainers")

_SERVERS: Final = (
    *("http.server.HTTPServer", "http.server.ThreadingHTTPServer"),
    *(f"socketserver.{kind}Server" for kind in ("TCP", "UDP", "ThreadingTCP", "ThreadingUDP")),
    *("wsgiref.simple_server.make_server", "werkzeug.serving.make_server"),
    *("asyncio.start_server", "asyncio.start_unix_server"),
    *("xmlrpc.server.SimpleXMLRPCServer", "uvicorn.Server", "grpc.server"),
)
_LOADS: Final = {
    **{f"pandas.read_{kind}": "loads a table" for kind in ("csv", "parquet", "sql", "excel", "json", "hdf")},
    **{f"polars.read_{kind}": "loads a table" for kind in ("csv", "parquet", "excel", "json")},
    **{f"numpy.{name}": "loads an array" for name in ("load", "loadtxt", "genfromtxt")},
    "pyarrow.parquet.read_table": "loads a table",
    "xarray.open_dataset": "loads a data set",
    **dict.fromkeys(_SERVERS, "starts a server"),
    "docker.from_env": "talks to containers",
    "docker.DockerClient": "talks to containers",
}
_SAID: Final = {Kind.SLEEP: "sleeps", Kind.PROCESS: "starts a process"}


def heavy_work(view: View) -> list[tuple[Fixture, str]]:
    """The fixtures of a file that do something heavy, and what, each once. Two rules ask."""
    if view.heavy_work is None:
        view.heavy_work = [*_heavy_work(view)]
    return view.heavy_work


def _heavy_work(view: View) -> Iterator[tuple[Fixture, str]]:
    told: set[str] = set()
    for site in view.sites:
        if site.fixture is not None and site.fixture.name not in told and _counts(site, view):
            told.add(site.fixture.name)
            yield site.fixture, _SAID.get(site.operation.kind, "reaches a host outside")
    fixtures = {fixture.node: fixture for fixture in view.fixtures.own()}
    containers = (
        name
        for name, bound in view.module.scope.bindings.items()
        if bound[0].dotted.partition(".")[0] in _CONTAINERS
    )
    for definition, body in view.bodies_with((*WORDS, *containers)) if fixtures else ():
        fixture = fixtures.get(definition.node) if definition else None
        if fixture is None or fixture.name in told:
            continue
        for call in body.calls:
            name = view.place_of(call, body).dotted(call.func) or ""
            said = _LOADS.get(name) or ("starts a container" if name.startswith("testcontainers.") else None)
            said = said or ("makes a database" if name.endswith(".metadata.create_all") else None)
            if said is not None:
                yield fixture, said
                break


def _counts(site: Site, view: View) -> bool:
    if site.wait is not None:
        seconds = site.wait.seconds
        return seconds is None or seconds * site.wait.rounds >= max(view.options.threshold_s, 0.01)
    return site.reach is None or site.reach is Reach.OUTSIDE
