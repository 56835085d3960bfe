"""What probes count into: events and nanoseconds by name, emptied after each test."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Collection, Mapping
from json.encoder import encode_basestring_ascii as quoted
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lapwing.measure.probes.part import Part


def _nothing() -> list[int]:
    return [0, 0]


class Counters:
    """Counts of the test that is running. Probes of any thread add to it."""

    __slots__ = (
        "_by_category",
        "_meta",
        "_parts",
        "_wanted",
        "_wanted_by_meta",
        "counts",
        "is_on",
        "on_wanted",
        "serial",
    )

    def __init__(self, by_category: Mapping[str, Collection[str]] | None = None) -> None:
        """`by_category` has the names of the probes that count in tests of each category.

        Without it every probe counts in every test.
        """
        # Events and nanoseconds by name. What wraps a call adds here by itself: a call of `add` is a
        # seventh of what the whole wrap takes, counted in instructions.
        self.counts: defaultdict[str, list[int]] = defaultdict(_nothing)
        self._by_category = by_category
        self._parts: list[Part] = []  # of libraries that have been imported
        self.serial = 0  # of the test, from 1
        self._wanted: Collection[str] | None = None
        self._wanted_by_meta: dict[str, Collection[str] | None] = {}
        self._meta: str | None = None  # of the last test
        self.on_wanted: Callable[[Collection[str] | None], None] | None = None
        """Told what a test wants where the test before it was of another kind, or there was none."""
        self.is_on = False  # probes count while a test runs, not between tests

    def add(self, name: str, duration_ns: int = 0, events: int = 1) -> None:
        """Count `events` of `name` that took `duration_ns` together."""
        if not self.is_on:
            return
        entry = self.counts[name]
        entry[0] += events
        entry[1] += duration_ns

    def counted(self) -> dict[str, tuple[int, int]]:
        """What has been counted so far: events and nanoseconds by name."""
        return {name: (entry[0], entry[1]) for name, entry in tuple(self.counts.items())}

    def join(self, part: Part) -> None:
        """Tell `part` of every test from now on, of the one that is running first."""
        self._parts.append(part)
        if self.is_on:
            part.begin(self._wanted, self.serial)

    def leave(self, part: Part) -> None:
        """Tell `part` no more."""
        if part in self._parts:
            self._parts.remove(part)

    def begin(self, meta: str = "") -> None:
        """A test begins with nothing counted; `meta` is `line.markers_text` of it."""
        if self.counts:
            self.counts = defaultdict(_nothing)
        self.serial += 1
        if meta is not self._meta:
            self._choose(meta)
        self.is_on = True
        if self._parts:
            for part in tuple(self._parts):  # which may bring another, that is told when it joins
                part.begin(self._wanted, self.serial)

    def _choose(self, meta: str) -> None:
        """A test of another kind than the one before it."""
        self._meta = meta
        if self._by_category is not None:
            try:
                self._wanted = self._wanted_by_meta[meta]
            except KeyError:
                category = json.loads(f"[{meta}]")[0] if meta else ""
                self._wanted = self._wanted_by_meta[meta] = self._by_category.get(category, ())
        if self.on_wanted is not None:
            self.on_wanted(self._wanted)

    def end(self) -> str:
        """The test's counts as JSON text, `{name: [events, ns]}`; counting stops."""
        if self._parts:
            for part in tuple(self._parts):  # one may leave
                part.end()
        self.is_on = False
        if not self.counts:
            return "{}"
        counts, self.counts = self.counts, defaultdict(_nothing)
        items = sorted(counts.items())
        return "{" + ",".join(f"{quoted(name)}:[{n},{ns}]" for name, (n, ns) in items) + "}"
