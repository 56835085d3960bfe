"""A payment gateway for tests and for trying the shop: it decides by the card's name.

`card-declined` is refused; `card-busy-2` gets 503 twice, then works; all others work.
"""

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from shop.payments import Answer


class FakeGateway:
    """Keeps its charges in memory. Also a WSGI application."""

    def __init__(self) -> None:
        self.charges: dict[str, int] = {}  # amount by key
        self.requests: Counter[str] = Counter()

    def post(self, path: str, body: Mapping[str, Any]) -> Answer:
        """Answer as the real one would."""
        if path != "/charges":
            return Answer(404, {})
        key, card = str(body["key"]), str(body["card"])
        self.requests[key] += 1
        if card == "card-declined":
            return Answer(402, {"reason": "declined by the bank"})
        if card.startswith("card-busy-") and self.requests[key] <= int(card.removeprefix("card-busy-")):
            return Answer(503, {})
        self.charges[key] = int(body["amount"])
        return Answer(201, {"reference": f"ref-{key}"})

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        """Serve one request."""
        body = json.loads(environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0)))
        answer = self.post(environ["PATH_INFO"], body)
        text = json.dumps(answer.body).encode()
        start_response(
            f"{answer.status} Fake",
            [("Content-Type", "application/json"), ("Content-Length", str(len(text)))],
        )
        return [text]
