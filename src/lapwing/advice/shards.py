"""Splitting units of tests into shards: by time alone, or so that little moves when times change a little."""

from collections.abc import Sequence
from hashlib import blake2b
from typing import Final

from lapwing.advice.least_makespan import least_makespan
from lapwing.model.shards import Unit

_ROOM: Final = 0.1
"""How far over the lower bound a stable split may fill a shard before a unit goes to its next choice."""


def longest_first(units: Sequence[Unit], shards: int) -> list[int]:
    """The shard of each unit, from 0: the longest unit first, each into the emptiest shard (Graham 1969).

    Equal times go by name, equal shards by number, so that the same units give the same split in any order.
    """
    loads = [0] * shards
    placed = [0] * len(units)
    for at in _by_time(units):
        _place(at, loads.index(min(loads)), units, loads, placed)
    return placed


def stable_split(units: Sequence[Unit], shards: int) -> list[int]:
    """The shard of each unit, from 0, so that a unit moves only if its shard is full.

    Units longer than a third of the lower bound are placed as `longest_first` does. Each other unit has an
    order of shards that follows from names alone (rendezvous hashing, Thaler and Ravishankar 1998), and
    takes the first shard that it would not fill beyond the lower bound and a tenth; failing that, the
    emptiest. No shard exceeds 4/3 of the lower bound.
    """
    bound = least_makespan([unit.time_ns for unit in units], shards)
    limit = bound * (1 + _ROOM)
    loads = [0] * shards
    placed = [0] * len(units)
    small = []
    for at in _by_time(units):
        if 3 * units[at].time_ns > bound:
            _place(at, loads.index(min(loads)), units, loads, placed)
        else:
            small.append(at)
    # By size, coarsely: the order of like units must not hang on their last microsecond.
    small.sort(key=lambda at: (-units[at].time_ns.bit_length(), _hash(units[at].name)))
    for at in small:
        name, time_ns = units[at].name, units[at].time_ns
        wanted = sorted(range(shards), key=lambda shard: _hash(f"{shard}\0{name}"))
        shard = next((each for each in wanted if loads[each] + time_ns <= limit), loads.index(min(loads)))
        _place(at, shard, units, loads, placed)
    return placed


def _by_time(units: Sequence[Unit]) -> list[int]:
    return sorted(range(len(units)), key=lambda at: (-units[at].time_ns, units[at].name))


def _place(at: int, shard: int, units: Sequence[Unit], loads: list[int], placed: list[int]) -> None:
    loads[shard] += units[at].time_ns
    placed[at] = shard


def _hash(text: str) -> bytes:
    """The same in every process and on every system."""
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest()
