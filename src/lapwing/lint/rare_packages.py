"""Packages by which few tests wait or start processes: what is looked for only where one of them is imported.
Looking for a word in every file costs more than it finds.
"""

from collections.abc import Collection, Iterator
from typing import Final

_QT: Final = ("qWait(", "qtbot.wait(", "msleep(")
_WORDS: Final = {
    "sh": (),
    "plumbum": (),
    "select": ("select([], [], []", "poll().poll("),
    **dict.fromkeys(("PyQt5", "PyQt6", "PySide2", "PySide6", "qtpy", "pytestqt"), _QT),
}
"""Package -> one of these stands where it is waited by; sh and plumbum have a name for each program."""


RARE: Final = frozenset({*_WORDS, "threading"})
"""The packages that `words_of` has something for."""


def waits_by(packages: Collection[str], text: str) -> bool:
    """Whether a file that imports `packages` may wait by one of these."""
    return any(
        not words or any(word in text for word in words)
        for package, words in _WORDS.items()
        if package in packages
    )


def words_of(name: str, dotted: str, text: str) -> Iterator[str]:
    """What is looked for in a file with `text` that imports `dotted` as `name`."""
    yield from _WORDS.get(dotted.partition(".")[0], ())
    if dotted == "sh":
        yield name + "."
    elif dotted.startswith(("sh.", "plumbum.cmd")):
        yield name
    elif dotted.startswith("threading") and has_event_nobody_sets(text):
        yield ".wait("


def has_event_nobody_sets(text: str) -> bool:
    """Whether a file waits for events and sets none: it sleeps by them."""
    return "Event()" in text and ".wait(" in text and ".set" not in text
