"""http.client of the standard library, and what is built on it (urllib.request, xmlrpc)."""

from collections.abc import Callable
from types import ModuleType

from lapwing.measure.probes.inside import REQUESTS, Events, timed
from lapwing.measure.probes.patch import Patch


def instrument(module: ModuleType, events: Events, made: Callable[[Patch], None]) -> None:
    """Count requests; waiting for the response adds its time."""
    connection = module.HTTPConnection
    made(Patch(connection, "request", timed(connection.request, events, REQUESTS)))
    made(Patch(connection, "getresponse", timed(connection.getresponse, events, REQUESTS, count=0)))
