"""Which tests are meant? The query bar: `dur:>2s owner:payments change:>20% status:regressed cart`."""

import operator
import re
from collections.abc import Callable, Collection
from typing import Final

from lapwing.config.settings import Settings
from lapwing.errors import ConfigurationError
from lapwing.model.owners import Owners
from lapwing.model.test_board import TestStanding
from lapwing.operations.project.inbox import find_regressions
from lapwing.operations.project.owners import read_owners
from lapwing.store.protocol import Store
from lapwing.units import parse_duration, parse_percent, parse_size

_Test = Callable[[TestStanding], bool]
Regressed = Callable[[], Collection[str]]
"""Tells the tests that are surely slower, where that is asked for."""

_COMPARED: Final = re.compile(r"(<=|>=|<|>)?(.+)")
_OPERATORS: Final = {
    "<": operator.lt,
    ">": operator.gt,
    "<=": operator.le,
    ">=": operator.ge,
    "": operator.ge,
}
_VALUES: Final[dict[str, Callable[[TestStanding], float | None]]] = {
    "dur": lambda each: each.p50_ns,
    "p95": lambda each: each.p95_ns,
    "p99": lambda each: each.p99_ns,
    "total": lambda each: each.total_ns,
    "cpu": lambda each: each.cpu_ns,
    "memory": lambda each: each.peak_bytes,
    "change": lambda each: None if each.change is None else each.change - 1,
    "spread": lambda each: each.spread,
}
_PARSED: Final[dict[str, Callable[[str], float]]] = {
    "memory": lambda text: parse_size(text, where="memory:"),
    "change": lambda text: parse_percent(text, where="change:"),
    "spread": lambda text: parse_percent(text, where="spread:"),
}


def checkout_query(settings: Settings, store: Store, text: str) -> _Test:
    """`parse_query` with the owners of the checkout and the regressions of its project."""

    def regressed() -> set[str]:
        return {item.nodeid for item in find_regressions(settings, store).items}

    return parse_query(text, read_owners(settings.root), regressed)


def parse_query(text: str, owners: Owners, regressed: Regressed) -> _Test:
    """Whether a test is meant by all words of `text`. Raises ConfigurationError for a wrong word."""
    wanted = [_word(word, owners, regressed) for word in text.split()]
    if len(wanted) == 1:  # as most are, and ten thousand tests are asked
        return wanted[0]
    return lambda each: all(fits(each) for fits in wanted)


def _word(word: str, owners: Owners, regressed: Regressed) -> _Test:
    key, colon, rest = word.partition(":")
    if not colon or key not in (*_VALUES, "category", "owner", "status") or rest.startswith(":"):
        part = word.lower()
        return lambda each: part in each.nodeid.lower()
    if key == "owner":
        return lambda each: any(rest.lower() in name.lower() for name in owners.of(each.nodeid))
    if key == "category":
        return lambda each: each.category == rest
    if key == "status":
        return _status(rest, regressed)
    match = _COMPARED.fullmatch(rest)
    if match is None:
        raise ConfigurationError(f"{word} has no value", where="query", mend=f"Write for example {key}:>2s")
    compare = _OPERATORS[match[1] or ""]
    parse = _PARSED.get(key, parse_duration)
    limit, value_of = parse(match[2]), _VALUES[key]

    def fits(each: TestStanding) -> bool:
        value = value_of(each)
        return value is not None and compare(value, limit)

    return fits


def _status(word: str, regressed: Regressed) -> _Test:
    if word == "regressed":
        names = frozenset(regressed())
        return lambda each: each.nodeid in names
    # The limits of the columns, not a verdict: a look that costs nothing.
    if word == "slower":
        return lambda each: each.change is not None and each.change > 1.2
    if word == "faster":
        return lambda each: each.change is not None and each.change < 1 / 1.2
    if word == "unsteady":
        return lambda each: each.spread > 0.5
    raise ConfigurationError(
        f"there is no status {word}",
        where="query",
        mend="Write status:regressed, slower, faster or unsteady.",
    )
