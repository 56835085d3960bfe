"""Pages of runs at rest: a project's last hundred or so that took long to make.

They lie in numbered places, of which the one written longest ago is taken for the next: so they take no more
room than that, and what two servers of one store write at the same moment costs one of them its page.
"""

import json
from collections.abc import Mapping
from contextlib import suppress
from typing import Final

from lapwing.errors import StoreError
from lapwing.serve.answer_store import KeptAnswer, packed_answer, unpacked_answer
from lapwing.store.protocol import Store

_PLACES: Final = 128
_INDEX: Final = "index"


def put_run_answer(
    store: Store, path: str, parameters: Mapping[str, str], kept: KeptAnswer, *, maker: str
) -> None:
    """Keep the page at `path` of the runs that `parameters` name. A store that cannot be written to does
    without."""
    project, name = _named(path, parameters)
    with suppress(StoreError):
        places = _places(store, project)
        # The newest last.
        place = places.pop(name) if name in places else _free_place(places)
        store.put_entry(_kind(project), str(place), f"{name}\n{packed_answer(kept, maker=maker)}")
        store.put_entry(_kind(project), _INDEX, json.dumps({**places, name: place}))


def take_run_answer(
    store: Store, path: str, parameters: Mapping[str, str], stamp: str, *, maker: str
) -> KeptAnswer | None:
    """The page that is kept, None where there is none of that `stamp` by this `maker`. Raises StoreError."""
    project, name = _named(path, parameters)
    place = _places(store, project).get(name)
    text = None if place is None else store.entry(_kind(project), str(place))
    if text is None:
        return None
    of, _, packed = text.partition("\n")
    found = unpacked_answer(packed, maker=maker) if of == name else None
    return found if found is not None and found.answer.stamp == stamp else None


def _places(store: Store, project: str) -> dict[str, int]:
    found: dict[str, int] = json.loads(store.entry(_kind(project), _INDEX) or "{}")
    return found


def _free_place(places: dict[str, int]) -> int:
    """A place that nothing lies in, or that of the oldest, which loses it."""
    if len(places) < _PLACES:
        return min(set(range(_PLACES)) - set(places.values()))
    return places.pop(next(iter(places)))


def _named(path: str, parameters: Mapping[str, str]) -> tuple[str, str]:
    rest = {name: value for name, value in parameters.items() if name != "project"}
    return parameters["project"], json.dumps([path, sorted(rest.items())])


def _kind(project: str) -> str:
    return f"run answer {project}"
