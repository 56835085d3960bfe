"""How well N+1s are told: the hard cases, by our rule and by two simpler ones.

    python benchmarks/n_plus_one.py

Each case asks a small SQLite database; known is whether it has an N+1. The simpler rules are told the same
queries: "text" wants three SELECTs of one fingerprint anywhere in the test, "lines" three of one fingerprint
whose whole stacks have the same lines.
"""

import json
import sqlite3
import sys
from collections import Counter
from collections.abc import Callable

from lapwing.measure.probes.counters import Counters
from lapwing.measure.probes.library import LibraryProbe
from lapwing.measure.probes.sql.statement import statement

_LEAST = 3
_ONE = "SELECT name, parent FROM author WHERE id = ?"

Ask = Callable[..., list[tuple[str, int]]]


def loop(ask: Ask) -> None:
    for number in range(1, 6):
        ask(_ONE, number)


def comprehension(ask: Ask) -> None:
    [ask(_ONE, number) for number in range(1, 6)]


def recursion(ask: Ask, number: int = 6) -> None:
    ((_, parent),) = ask(_ONE, number)
    if parent:
        recursion(ask, parent)


def helper_on_three_lines(ask: Ask) -> None:
    ask(_ONE, 1)
    ask(_ONE, 2)
    ask(_ONE, 3)


def three_calls_on_one_line(ask: Ask) -> None:
    (ask(_ONE, 1), ask(_ONE, 2), ask(_ONE, 3))


def polling(ask: Ask) -> None:
    for _ in range(5):
        ask(_ONE, 1)


def chunks_of_in(ask: Ask) -> None:
    for first in (1, 4, 7):
        ask("SELECT name, parent FROM author WHERE id IN (?, ?, ?)", first, first + 1, first + 2)


def lazy_load(ask: Ask) -> None:
    for _, parent in ask("SELECT name, parent FROM author WHERE parent > 0"):
        ask(_ONE, parent)


def prefetch(ask: Ask) -> None:
    parents = [parent for _, parent in ask("SELECT name, parent FROM author WHERE parent > 0")]
    ask(f"SELECT name, parent FROM author WHERE id IN ({', '.join('?' * len(parents))})", *parents)


def two_short_loops(ask: Ask) -> None:
    for number in (1, 2):
        ask(_ONE, number)
    for number in (3, 4):
        ask(_ONE, number)


CASES = {
    loop: True,
    comprehension: True,
    recursion: True,
    helper_on_three_lines: False,
    three_calls_on_one_line: False,
    polling: False,
    chunks_of_in: False,
    lazy_load: True,
    prefetch: False,
    two_short_loops: False,
}


def main() -> None:
    counters = Counters()
    probe = LibraryProbe(("sql",), counters)
    probe.install()
    connection = sqlite3.connect(":memory:")
    connection.execute("CREATE TABLE author (id INTEGER PRIMARY KEY, name TEXT, parent INTEGER)")
    rows = [(number, f"author {number}", number - 1) for number in range(1, 10)]
    connection.executemany("INSERT INTO author VALUES (?, ?, ?)", rows)
    right = Counter[str]()
    print(f"{'case':<26}{'N+1':<6}{'ours':<6}{'text':<6}{'lines':<6}")
    for case, is_known in CASES.items():
        texts, lines = Counter[str](), Counter[tuple[str, tuple[int, ...]]]()

        def ask(sql: str, *values: int, texts: Counter = texts, lines: Counter = lines) -> list:  # type: ignore[type-arg]
            fingerprint, stack, frame = statement(sql).fingerprint, [], sys._getframe(1)
            while frame is not None:
                stack.append(frame.f_lineno)
                frame = frame.f_back
            texts[fingerprint] += 1
            lines[fingerprint, tuple(stack)] += 1
            return connection.execute(sql, values).fetchall()

        counters.begin()
        case(ask)
        told = {
            "ours": "sql_n_plus_one" in json.loads(counters.end()),
            "text": max(texts.values()) >= _LEAST,
            "lines": max(lines.values()) >= _LEAST,
        }
        for rule, answer in told.items():
            right[rule] += answer is is_known
        words = "".join(f"{'yes' if answer else 'no':<6}" for answer in (is_known, *told.values()))
        print(f"{case.__name__:<26}{words}")
    probe.remove()
    connection.close()
    print(f"{'right':<32}" + "".join(f"{right[rule]}/{len(CASES):<4}" for rule in ("ours", "text", "lines")))


if __name__ == "__main__":
    main()
