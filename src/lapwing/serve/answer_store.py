"""Answers at rest: what a server made is there after a restart, and for every server of the same store."""

import base64
import json
import zlib
from collections.abc import Mapping
from contextlib import suppress
from typing import Final, NamedTuple

from lapwing.errors import StoreError
from lapwing.serve.answer import Answer
from lapwing.store.protocol import Store
from lapwing.units import NS_PER_S

FRONT: Final[tuple[tuple[str, str], ...]] = (
    ("page", "/"),
    ("page", "/tests"),
    ("page", "/run"),
    ("page", "/compare"),
    ("page", "/inbox"),
    ("page", "/trend"),
    ("page", "/flaky"),
    ("page", "/leaks"),
    ("page", "/what-if"),
    ("page", "/why"),
    ("page", "/benchmarks"),
    ("api", "/tests"),
    ("api", "/findings"),
    ("api", "/comparisons"),
)
"""What is made before anybody asks, as soon as a project has new runs: question and path."""

OLDEST_NS: Final = 600 * NS_PER_S
"""How old a thing that was made may be to be given although runs have come since."""

_FORM: Final = 2  # of what is kept: another is of an earlier form of the same version


def is_front(question: str, path: str, parameters: Mapping[str, str]) -> bool:
    """Whether an answer is kept in the store."""
    return (question, path) in FRONT and parameters.keys() <= {"project"}


class KeptAnswer(NamedTuple):
    """An answer, and when it was made, in ns since the epoch."""

    answer: Answer
    made_at_ns: int


def put_answer(store: Store, project: str, question: str, path: str, kept: KeptAnswer, *, maker: str) -> None:
    """Keep an answer. A store that cannot be written to now does without."""
    with suppress(StoreError):
        store.put_entry(_kind(project), f"{question} {path}", packed_answer(kept, maker=maker))


def take_answer(store: Store, project: str, question: str, path: str, *, maker: str) -> KeptAnswer | None:
    """The answer that is kept, with its stamp; None where there is none, or another `maker` made it."""
    text = store.entry(_kind(project), f"{question} {path}")
    return None if text is None else unpacked_answer(text, maker=maker)


def packed_answer(kept: KeptAnswer, *, maker: str) -> str:
    """An answer as an entry of a store."""
    answer, made_at_ns = kept
    head = json.dumps([_FORM, maker, answer.stamp, answer.kind, answer.headers, made_at_ns])
    return f"{head}\n{base64.b64encode(zlib.compress(answer.body, 1)).decode()}"


def unpacked_answer(text: str, *, maker: str) -> KeptAnswer | None:
    """The answer that `packed_answer` made `text` of, None where that was another maker."""
    head, _, packed = text.partition("\n")
    parts = json.loads(head)
    if parts[:2] != [_FORM, maker]:
        return None
    _, _, stamp, kind, headers, made_at_ns = parts
    body = zlib.decompress(base64.b64decode(packed))
    answer = Answer(body, kind, headers=tuple((name, value) for name, value in headers), stamp=stamp)
    return KeptAnswer(answer, made_at_ns)


def _kind(project: str) -> str:
    return f"answer {project}"
