"""Counting what a test does: probes of libraries, put back afterwards."""

import json

import pytest

from lapwing.measure.probes.counters import Counters
from lapwing.measure.probes.library import LibraryProbe


@pytest.fixture
def counters():
    return Counters()


@pytest.fixture
def libraries(counters):
    """The probes of all libraries, installed."""
    probe = LibraryProbe(None, counters)
    probe.install()
    yield probe
    probe.remove()


@pytest.fixture
def counted(counters, libraries):
    """(act) -> what one test that does `act` counts: events by name."""

    def count(act):
        counters.begin()
        try:
            act()
        finally:
            text = counters.end()
        return {name: events for name, (events, _) in json.loads(text).items()}

    return count
