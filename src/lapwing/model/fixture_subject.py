"""What a fixture is called where its runs are compared."""

from collections.abc import Iterable, Iterator
from typing import Final

from lapwing.model.record import FixtureRecord

_NARROW: Final = "function"


def fixture_subject(name: str, location: str) -> str:
    """`name (file)`: the line of a definition moves with every edit above it."""
    file, colon, line = location.rpartition(":")
    return f"{name} ({file if colon and line.isdigit() else location})"


def wide_set_ups(fixtures: Iterable[FixtureRecord]) -> Iterator[tuple[str, int]]:
    """Of each that is wider than a test its `fixture_subject` and what its set-up took, in nanoseconds."""
    for fixture in fixtures:
        if fixture.scope != _NARROW:
            yield fixture_subject(fixture.name, fixture.location), fixture.setup_ns
