"""A plugin of pytest that notes the N+1s of each test, by one of three tools; of `n_plus_one_suites.py`.

N_PLUS_ONE_BY says whose rule is asked, N_PLUS_ONE_TO is the file that gets one JSON line per test in which
something was found: `{"test": ..., "found": [place, ...]}`. A place is `file:line model.field` or
`file:line fingerprint`, as far as the tool tells it.
"""

import json
import os
import re
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

_BY = os.environ["N_PLUS_ONE_BY"]
_PROJECT = Path(os.environ["N_PLUS_ONE_ROOT"])
_OF_TESTS = re.compile(r"(^|/)(tests?|conftest)[/_.]")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Iterator[None]:
    found: list[str] = []
    with WATCHES[_BY](found):
        yield
    if found:
        with Path(os.environ["N_PLUS_ONE_TO"]).open("a") as file:
            file.write(json.dumps({"test": item.nodeid, "found": sorted(set(found))}) + "\n")


@contextmanager
def by_lapwing(found: list[str]) -> Iterator[None]:
    from lapwing.model.query import Asked
    from lapwing.perftest.queries import watched_queries

    def take(asked: Asked) -> None:
        rows = [each for each in asked.patterns if each.is_n_plus_one]
        found.extend(f"{_first_of_the_application(each.path)} {each.fingerprint}" for each in rows)

    with watched_queries(take):
        yield


@contextmanager
def by_zeal(found: list[str]) -> Iterator[None]:
    import zeal
    from zeal.listeners import n_plus_one_listener
    from zeal.patch import patch

    if not getattr(by_zeal, "is_patched", False):
        patch()
        by_zeal.is_patched = True  # type: ignore[attr-defined]

    def alert(model: Any, field: str, message: str, calls: list[Any]) -> bool:
        found.append(f"{_calling()} {model.__name__}.{field}")
        return True

    n_plus_one_listener._alert = alert
    token = zeal.setup()
    try:
        yield
    finally:
        zeal.teardown(token)


@contextmanager
def by_nplusone(found: list[str]) -> Iterator[None]:
    import nplusone.ext.django.patch  # noqa: F401, which changes Django
    from nplusone.core import listeners, profiler

    class Noting(profiler.Profiler):  # type: ignore[misc]
        def notify(self, message: Any) -> None:
            if isinstance(message, listeners.LazyLoadMessage):
                found.append(f"{_calling()} {message.model.__name__}.{message.field}")

    with Noting():
        yield


WATCHES: dict[str, Any] = {"lapwing": by_lapwing, "django-zeal": by_zeal, "nplusone": by_nplusone}


def _calling() -> str:
    """The innermost line of the application that is on its way."""
    frames = traceback.extract_stack(sys._getframe(1))
    return _first_of_the_application([f"{each.filename}:{each.lineno}" for each in reversed(frames)])


def _first_of_the_application(path: Any) -> str:
    for place in path:
        file = Path(place.rpartition(":")[0])
        at = file if file.is_absolute() else _PROJECT / file
        if at.is_relative_to(_PROJECT) and not re.search(
            r"(^|/)(tests?|conftest)[/_.]", str(at.relative_to(_PROJECT))
        ):
            return f"{at.relative_to(_PROJECT)}:{place.rpartition(':')[2]}"
    return path[0] if path else "?"
