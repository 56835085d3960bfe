"""aiohttp's client: a request until its headers are there."""

from collections.abc import Callable
from types import ModuleType

from lapwing.measure.probes.inside import REQUESTS, Events, timed_async
from lapwing.measure.probes.patch import Patch


def instrument(module: ModuleType, events: Events, made: Callable[[Patch], None]) -> None:
    """Count requests of all sessions; one that is redirected is one."""
    session = module.ClientSession
    made(Patch(session, "_request", timed_async(session._request, events, REQUESTS)))
