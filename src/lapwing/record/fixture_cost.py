"""What each fixture's set-up and tear-down cost, apart from the test that happened to pay.

Three facts of pytest shape this file. `pytest_fixture_setup` runs after the fixture's
dependencies are ready, so its time is the fixture's own, save for what it asks of
`request.getfixturevalue` while running: a stack takes that out. There is no hook at the start
of a tear-down: its time is the difference between the last event and the moment its finalizers
are through. And the old value of a parametrized fixture is torn down inside the *next* test's
set-up, so no phase is assumed.
"""

from __future__ import annotations

from collections.abc import Callable

from lapwing.measure.clock import CLOCKS, Clock
from lapwing.store.run_files import line


class FixtureCost:
    """Fixture events of one process. Hands them out as text of a spool line, test by test."""

    __slots__ = (
        "_children",
        "_clock",
        "_definitions",
        "_next",
        "_open",
        "_write",
        "last_event",
        "setups",
        "teardowns",
    )

    def __init__(self, write: Callable[[bytes], None], clock: Clock = CLOCKS.wall) -> None:
        self._write = write
        self._clock = clock
        self._definitions: dict[int, tuple[object, int]] = {}  # id(definition) -> itself, its number
        self._open: dict[int, int] = {}  # id(definition) -> number of its set-up not yet torn down
        self._children: list[int] = []  # per set-up now running: time of those it asked for
        self._next = 0
        self.last_event = 0  # moment at which a phase began, or something of a fixture began or ended
        self.setups: list[str] = []
        self.teardowns: list[str] = []

    def begin_setup(self) -> int:
        """A fixture's set-up begins; returns the moment."""
        self._children.append(0)
        return self._clock()

    def end_setup(
        self,
        definition: object,
        started: int,
        describe: Callable[[object], tuple[str, str, str]],
        param: str | None,
        failed: bool,
    ) -> None:
        """The set-up of `definition` that began at `started` has ended.

        `describe` gives name, scope and location of a definition not met before.
        """
        now = self._clock()
        whole = now - started
        own = whole - self._children.pop()
        if self._children:
            self._children[-1] += whole
        key = id(definition)
        known = self._definitions.get(key)
        described = ""
        if known is None:
            # The definition is kept alive with its number, so that no other can take its id.
            known = self._definitions[key] = (definition, len(self._definitions))
            name, scope, location = describe(definition)
            described = f",{line.quoted(name)},{line.quoted(scope)},{line.quoted(location)}"
        number = self._next
        self._next = number + 1
        self._open[key] = number
        param_text = "null" if param is None else line.quoted(param)
        self.setups.append(
            f"[{number},{known[1]},{started},{own},{param_text},{'true' if failed else 'false'}{described}]"
        )
        self.last_event = now

    def end_teardown(self, definition: object) -> None:
        """The finalizers of `definition` are through. Called more than once by some pytests."""
        number = self._open.pop(id(definition), None)
        now = self._clock()
        if number is not None:
            self.teardowns.append(f"[{number},{now - self.last_event}]")
        self.last_event = now

    def write_rest(self, nodeid: str) -> None:
        """Write what no test's line carries; `nodeid` is that of the last test.

        Session fixtures of an interrupted run are torn down after its last test, and an
        interrupted test has no line for the fixtures it set up. Raises OSError.
        """
        if self.setups or self.teardowns:
            self._write(line.late_fixtures_line(nodeid, self.setups, self.teardowns))
            self.setups.clear()
            self.teardowns.clear()
