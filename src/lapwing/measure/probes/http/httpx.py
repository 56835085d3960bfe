"""httpx, synchronous and asynchronous, in-process transports and test clients built on it included."""

from collections.abc import Callable
from types import ModuleType

from lapwing.measure.probes.inside import REQUESTS, Events, timed, timed_async
from lapwing.measure.probes.patch import Patch


def instrument(module: ModuleType, events: Events, made: Callable[[Patch], None]) -> None:
    """Count requests; one that is redirected is one."""
    made(Patch(module.Client, "send", timed(module.Client.send, events, REQUESTS)))
    made(Patch(module.AsyncClient, "send", timed_async(module.AsyncClient.send, events, REQUESTS)))
