"""What was computed of a project's runs and is kept in the store: pages need it, and it takes seconds.

Whoever makes pages that somebody waits for takes what is kept, be it of the runs of a minute ago; the
process in the background makes it anew as soon as runs have come. It is there after a restart, and for
every server of the store.
"""

import json
from collections.abc import Callable
from contextlib import suppress
from typing import Any, Final, NamedTuple, TypeVar

from lapwing.errors import StoreError
from lapwing.model.inbox import InboxItem, Regressions
from lapwing.model.overview import NewestFacts
from lapwing.model.test_board import TestBoard, TestStanding
from lapwing.store.protocol import Store

_T = TypeVar("_T")


class Derived(NamedTuple):
    """One kind of it: how it is written and read."""

    name: str
    written: Callable[[Any], Any]  # as what JSON can hold
    read: Callable[[Any], Any]


def _board_written(board: TestBoard) -> Any:
    return [list(map(list, board.standings)), board.runs, board.machine_class]


def _board_read(document: Any) -> TestBoard:
    rows, runs, machine_class = document
    return TestBoard(tuple(TestStanding._make(row) for row in rows), tuple(runs), machine_class)


def _regressions_written(found: Regressions) -> Any:
    return [found.run_id, [list(item[:-1]) for item in found.items]]


def _regressions_read(document: Any) -> Regressions:
    run_id, rows = document
    return Regressions(run_id, tuple(InboxItem(*row) for row in rows))


def _newest_read(document: Any) -> NewestFacts:
    phases, limits = document
    return NewestFacts(tuple((name, ns) for name, ns in phases), tuple((a, b, c) for a, b, c in limits))


BOARD: Final = Derived("board", _board_written, _board_read)
REGRESSIONS: Final = Derived("regressions", _regressions_written, _regressions_read)
NEWEST: Final = Derived("newest", list, _newest_read)


class Kept(NamedTuple):
    """A value, the state of the runs that it was made of, and when that was asked for."""

    value: Any
    stamp: str
    made_at_ns: int = 0  # since the epoch


def take(store: Store, project: str, kind: Derived, *, maker: str, known: Kept | None) -> Kept | None:
    """What is kept, or None where nothing is, or another `maker` (version and settings) made it.

    `known` is given back where nothing newer is there, without reading it again.
    """
    text = store.entry(_kind(project), kind.name)
    if text is None:
        return None
    made_by, stamp, made_at, document = _parts(text)
    if made_by != maker or not made_at.isdigit():
        return None
    if known is not None and known.stamp == stamp:
        return known
    return Kept(kind.read(json.loads(document)), stamp, int(made_at))


def put(store: Store, project: str, kind: Derived, kept: Kept, *, maker: str) -> None:
    """Keep it, unless what is kept was begun later. A store that cannot be written to now does without."""
    document = json.dumps(kind.written(kept.value), separators=(",", ":"))
    with suppress(StoreError):
        made_by, _, made_at, _ = _parts(store.entry(_kind(project), kind.name) or "")
        if made_by == maker and made_at.isdigit() and int(made_at) > kept.made_at_ns:
            return  # who is of low priority may come minutes after who could not wait
        store.put_entry(_kind(project), kind.name, f"{maker}\n{kept.stamp}\n{kept.made_at_ns}\n{document}")


def _parts(text: str) -> list[str]:
    """By whom it was made, of which state, when, and the value as JSON."""
    return [*text.split("\n", 3), "", "", ""][:4]


def _kind(project: str) -> str:
    return f"derived {project}"
