"""What probes count into: events and nanoseconds by name, emptied after each test."""

from json.encoder import encode_basestring_ascii as quoted


class Counters:
    """Counts of the test that is running. Probes of any thread add to it."""

    __slots__ = ("_counts", "is_on")

    def __init__(self) -> None:
        self._counts: dict[str, list[int]] = {}
        self.is_on = False  # probes count while a test runs, not between tests

    def add(self, name: str, duration_ns: int = 0, events: int = 1) -> None:
        """Count `events` of `name` that took `duration_ns` together."""
        if not self.is_on:
            return
        entry = self._counts.get(name)
        if entry is None:
            self._counts[name] = [events, duration_ns]
        else:
            entry[0] += events
            entry[1] += duration_ns

    def begin(self) -> None:
        """A test begins with nothing counted."""
        if self._counts:
            self._counts = {}
        self.is_on = True

    def end(self) -> str:
        """The test's counts as JSON text, `{name: [events, ns]}`; counting stops."""
        self.is_on = False
        if not self._counts:
            return "{}"
        counts, self._counts = self._counts, {}
        items = sorted(counts.items())
        return "{" + ",".join(f"{quoted(name)}:[{n},{ns}]" for name, (n, ns) in items) + "}"
