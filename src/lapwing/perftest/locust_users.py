"""Which users Locust plays: those of a locustfile, or one that asks an endpoint. For its processes only."""

from typing import Any

from lapwing.perftest.locust_worker import EndpointUser


class NoUsersError(Exception):
    """A locustfile has nobody to play."""


def user_classes(locustfile: str) -> list[Any]:
    """The user classes of the file `locustfile`; for an empty name the endpoint's.

    Raises NoUsersError for a file without any.
    """
    if not locustfile:
        return [EndpointUser]
    from locust.util.load_locustfile import load_locustfile

    classes, _ = load_locustfile(locustfile)
    if not classes:
        raise NoUsersError(f"{locustfile} has no user class of Locust")
    return list(classes.values())
