"""Answers at rest: what a server made is there after a restart, and for every server of the same store."""

import base64
import json
import zlib
from collections.abc import Mapping
from contextlib import suppress
from typing import Final

from lapwing.errors import StoreError
from lapwing.serve.answer import Answer
from lapwing.store.protocol import Store

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


def is_front(question: str, path: str, parameters: Mapping[str, str]) -> bool:
    """Whether an answer is kept in the store."""
    return (question, path) in FRONT and parameters.keys() <= {"project"}


def put_answer(store: Store, project: str, question: str, path: str, answer: Answer, *, maker: str) -> None:
    """Keep an answer. A store that cannot be written to now does without."""
    head = json.dumps([maker, answer.stamp, answer.kind, answer.headers])
    packed = base64.b85encode(zlib.compress(answer.body, 1)).decode()
    with suppress(StoreError):
        store.put_entry(_kind(project), f"{question} {path}", f"{head}\n{packed}")


def take_answer(store: Store, project: str, question: str, path: str, *, maker: str) -> Answer | None:
    """The answer that is kept, with its stamp; None where there is none, or another `maker` made it."""
    text = store.entry(_kind(project), f"{question} {path}")
    if text is None:
        return None
    head, _, packed = text.partition("\n")
    made_by, stamp, kind, headers = json.loads(head)
    if made_by != maker:
        return None
    body = zlib.decompress(base64.b85decode(packed))
    return Answer(body, kind, headers=tuple((name, value) for name, value in headers), stamp=stamp)


def _kind(project: str) -> str:
    return f"answer {project}"
