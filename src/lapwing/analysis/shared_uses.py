"""Which tests should stay in one worker, because they use the same port, file or database."""

import re
from collections.abc import Iterable
from typing import Final

from lapwing.model.record import TestRecord
from lapwing.model.shared_use import is_shared
from lapwing.model.tests_together import SharedUse
from lapwing.model.xdist_group import group_of

_LONGEST_NAME: Final = 40


def shared_uses(tests: Iterable[TestRecord]) -> tuple[SharedUse, ...]:
    """Groups of functions whose tests meet, the largest first; not those that all carry one group's mark.

    Tests of one function with other parameters count as one, as the mark stands over them all. Two that share
    nothing are in one group where a third shares something with each.
    """
    users: dict[str, dict[str, None]] = {}
    marked: dict[str, set[str]] = {}
    for record in tests:
        function = record.nodeid.partition("[")[0]
        marked.setdefault(function, set()).add(group_of(record.markers))
        for counter in record.counters:
            if is_shared(counter):
                users.setdefault(counter, {})[function] = None
    places = {function: at for at, function in enumerate(marked)}
    leader = {function: function for function in marked}

    def lead(function: str) -> str:
        while leader[function] != function:
            leader[function] = function = leader[leader[function]]
        return function

    shared = {counter: list(functions) for counter, functions in users.items() if len(functions) > 1}
    for functions in shared.values():
        first = lead(functions[0])
        for other in functions[1:]:
            leader[lead(other)] = first
    groups: dict[str, list[str]] = {}
    for counter, functions in shared.items():
        groups.setdefault(lead(functions[0]), []).append(counter)
    found = []
    for counters in groups.values():
        members = sorted(
            {function for counter in counters for function in shared[counter]}, key=places.__getitem__
        )
        marks = {mark for function in members for mark in marked[function]}
        if len(marks) > 1 or "" in marks:
            found.append(SharedUse(_name(counters[0]), tuple(sorted(counters)), tuple(members)))
    return tuple(sorted(found, key=lambda each: (-len(each.tests), each.group)))


def _name(counter: str) -> str:
    """`port-8080`, `data-out`: what can stand in a mark."""
    kind, _, what = counter.partition(":")
    plain = re.sub(r"[^A-Za-z0-9]+", "-", what).strip("-").lower()[:_LONGEST_NAME].strip("-")
    return f"{kind}-{plain}" if kind == "port" or not plain else plain
