"""urllib3, and what sends through it (requests, botocore): a request until its headers are there."""

from collections.abc import Callable
from types import ModuleType

from lapwing.measure.probes.inside import REQUESTS, Events, timed
from lapwing.measure.probes.patch import Patch


def instrument(module: ModuleType, events: Events, made: Callable[[Patch], None]) -> None:
    """Count requests; one that urllib3 tries again is one."""
    pool = module.HTTPConnectionPool
    made(Patch(pool, "urlopen", timed(pool.urlopen, events, REQUESTS)))
