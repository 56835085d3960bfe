"""Queries of the test that is running: how many, how long, and which of them repeat.

Rows asked for one by one are an N+1: a SELECT asked at least three times along one path of calls,
with different parameters. Asked with the same parameters each time it is a duplicate query. Left
out is what asks for many at once (executemany, IN with several values) and what is marked with
`lapwing: allow n-plus-one` in a comment of the query or of a line of its path.
"""

import linecache
import sys
from collections.abc import Collection, Iterator
from typing import Any, Final, NamedTuple

from lapwing.measure.clock import CLOCKS
from lapwing.measure.probes.counters import Counters
from lapwing.measure.probes.inside import Events
from lapwing.measure.probes.sql.call_path import Place, Trail, call_path, line_of, trail
from lapwing.measure.probes.sql.statement import ALLOW, statement
from lapwing.model.query import Asked, QueryPattern

QUERIES: Final = "sql_queries"
N_PLUS_ONE: Final = "sql_n_plus_one"
DUPLICATES: Final = "sql_duplicates"

_LEAST: Final = 3
_NEVER: Final = 1 << 62  # longer than any test
_MOST_PATTERNS: Final = 20_000  # of one test; what comes after them is counted only
_MOST_TRAILS: Final = 20_000  # remembered at a time: a recursion has one for each depth


class _Group:
    """Queries of one fingerprint along one path."""

    __slots__ = ("count", "differs", "duration_ns", "first", "last_ns", "places", "round_ns")

    def __init__(self, places: list[Place]) -> None:
        self.places = places  # keeps the code objects, whose identities are in the key and in trails
        self.first = 0  # what `_hash` says of the parameters of the first
        self.differs = False
        self.count = 0
        self.duration_ns = 0
        self.last_ns = 0  # when the last of them had been answered
        self.round_ns = _NEVER  # the shortest time from one answer to the next


class Window(NamedTuple):
    """How things were before a part of a test that is looked at by itself."""

    groups: dict[tuple[Any, ...], _Group]
    was_on: bool
    events: int
    duration_ns: int


class Queries(Events):
    """What every driver tells its queries to."""

    def __init__(self, counters: Counters, names: Collection[str]) -> None:
        super().__init__(counters, names)
        self._groups: dict[tuple[Any, ...], _Group] = {}
        self._clock = CLOCKS.wall
        self._trails: dict[Trail, _Group | None] = {}  # None: of nobody in this project, or one too many

    def begin(self, wanted: Collection[str] | None, serial: int) -> None:
        """A test begins with no queries."""
        super().begin(wanted, serial)
        self._forget()

    def add(self, sql: object, parameters: Any, duration_ns: int, many: bool = False, skip: int = 0) -> None:
        """A query was asked by the caller's caller; `many`: one text with several sets of parameters.

        The nearest `skip` callers of the caller are no code of the project: looking at a frame costs.

        Never raises: a driver's call goes on in any case.
        """
        try:
            text = sql if type(sql) is str else _text(sql)
            fingerprint, is_control, is_watched, may_have_many = statement(text)
        except Exception:
            text, fingerprint, is_control, is_watched, may_have_many = "", "", False, False, False
        if is_control:
            return
        self.counters.add(QUERIES, duration_ns)
        if many or not is_watched:
            return
        try:
            if may_have_many and _has_list(parameters):
                return
            frame = sys._getframe(2 + skip)
            way = trail(frame, fingerprint)
            trails = self._trails
            group = trails[way] if way in trails else self._group(way, frame)
            if group is None:
                return
            if not group.differs:
                asked = _hash(text, parameters)
                if not group.count:
                    group.first = asked
                elif asked != group.first:
                    group.differs = True
            now = self._clock()
            if group.count and now - group.last_ns < group.round_ns:
                group.round_ns = now - group.last_ns
            group.last_ns = now
            group.count += 1
            group.duration_ns += duration_ns
        except Exception:
            return

    def _group(self, way: Trail, frame: Any) -> _Group | None:
        """The group of queries that come this way for the first time."""
        places = call_path(frame)
        group = None
        if places:
            key = (way[0], *[(id(code), offset) for code, offset in places])
            group = self._groups.get(key)
            if group is None and len(self._groups) < _MOST_PATTERNS:
                group = self._groups[key] = _Group(places)
        if len(self._trails) >= _MOST_TRAILS:
            self._trails.clear()
        self._trails[way] = group
        return group

    def end(self) -> None:
        """The test is over: count its patterns."""
        for pattern in self.patterns():
            if pattern.is_n_plus_one:
                self.counters.add(N_PLUS_ONE, pattern.rounds_ns)
            else:  # rounds of a poll have its pauses in them
                self.counters.add(DUPLICATES, pattern.duration_ns)
        self._forget()
        super().end()

    def _forget(self) -> None:
        self._groups, self._trails = {}, {}

    def open_window(self) -> "Window":
        """From now on queries are patterns of their own, until `close_window`; they count in any case."""
        window = Window(self._groups, self.is_on, *self.counters.counted().get(QUERIES, (0, 0)))
        self._forget()
        self.is_on = True
        return window

    def close_window(self, window: "Window") -> Asked:
        """What was asked since `window` was opened; it counts for the test as if there had been none."""
        events, spent = self.counters.counted().get(QUERIES, (0, 0))
        asked = Asked(events - window.events, spent - window.duration_ns, tuple(self.patterns()))
        groups, self._groups, self._trails, self.is_on = self._groups, window.groups, {}, window.was_on
        for key, group in groups.items():
            known = self._groups.setdefault(key, group)
            if known is not group:
                known.differs = known.differs or group.differs or known.first != group.first
                known.count += group.count
                known.duration_ns += group.duration_ns
                known.round_ns = min(known.round_ns, group.round_ns)
                known.last_ns = group.last_ns
        return asked

    def patterns(self) -> Iterator[QueryPattern]:
        """What repeats so far, in the order in which it was first asked."""
        for key, group in tuple(self._groups.items()):
            if group.count >= _LEAST:
                lines = [(code.co_filename, line_of((code, at))) for code, at in group.places]
                if not any(ALLOW in linecache.getline(path, line).lower() for path, line in lines):
                    yield QueryPattern(
                        fingerprint=key[0],
                        count=group.count,
                        duration_ns=group.duration_ns,
                        rounds_ns=max(group.duration_ns, group.count * group.round_ns),
                        is_n_plus_one=group.differs,
                        path=tuple(f"{path}:{line}" for path, line in lines),
                    )


def _text(sql: object) -> str:
    return bytes(sql).decode("utf-8", "replace") if isinstance(sql, (bytes, bytearray)) else str(sql)


def _has_list(parameters: Any) -> bool:
    values = parameters.values() if isinstance(parameters, dict) else parameters
    return any(isinstance(value, (list, tuple)) and len(value) > 1 for value in values or ())


def _hash(text: str, parameters: Any) -> int:
    """Equal for equal parameters of one text; keeps nothing of them alive."""
    try:
        kind = type(parameters)
        if kind is tuple:
            return hash((text, parameters))
        if kind is dict:
            return hash((text, *parameters.items()))
        if kind is list:
            return hash((text, *parameters))
    except Exception:
        return hash((text, _frozen(parameters)))
    return hash((text, _frozen(parameters)))


def _frozen(value: Any) -> Any:
    """A hashable picture of `value`: containers by content, what cannot be hashed by identity."""
    if isinstance(value, dict):
        return tuple((key, _frozen(each)) for key, each in value.items())
    if isinstance(value, (list, tuple)):
        return tuple(_frozen(each) for each in value)
    try:
        hash(value)
    except Exception:
        return id(value)
    return value
