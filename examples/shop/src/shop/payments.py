"""Taking money through a payment gateway that is sometimes away."""

import http.client
import json
import time
from collections.abc import Mapping
from typing import Any, NamedTuple, Protocol

from shop.errors import PaymentDeclinedError, PaymentUnavailableError


class Answer(NamedTuple):
    """What the gateway said."""

    status: int
    body: Mapping[str, Any]


class Transport(Protocol):
    """How a request gets to the gateway."""

    def post(self, path: str, body: Mapping[str, Any]) -> Answer:
        """Send and wait for the answer; OSError if there is none."""


class HttpTransport:
    """A new connection for each request."""

    def __init__(self, host: str, port: int, *, timeout: float = 2.0) -> None:
        self._host, self._port, self._timeout = host, port, timeout

    def post(self, path: str, body: Mapping[str, Any]) -> Answer:
        """Send and wait for the answer, for `timeout` seconds at most."""
        connection = http.client.HTTPConnection(self._host, self._port, timeout=self._timeout)
        try:
            connection.request("POST", path, json.dumps(body), {"Content-Type": "application/json"})
            response = connection.getresponse()
            return Answer(response.status, json.loads(response.read()))
        finally:
            connection.close()


class PaymentClient:
    """Charges cards, and tries again where that is safe."""

    def __init__(self, transport: Transport, *, attempts: int = 4, first_pause: float = 0.08) -> None:
        self._transport = transport
        self._attempts = attempts
        self._first_pause = first_pause  # seconds, doubled after each attempt

    def charge(self, order_number: int, amount: int, card: str) -> str:
        """The gateway's reference. The order's number keeps a second attempt from charging twice."""
        body = {"key": f"order-{order_number}", "amount": amount, "card": card}
        pause = self._first_pause
        for attempt in range(1, self._attempts + 1):
            answer = self._try("/charges", body)
            if answer is not None and answer.status == 402:
                raise PaymentDeclinedError(str(answer.body["reason"]))
            if answer is not None and answer.status < 400:
                return str(answer.body["reference"])
            if attempt < self._attempts:
                time.sleep(pause)
                pause *= 2
        raise PaymentUnavailableError(f"no answer in {self._attempts} attempts")

    def _try(self, path: str, body: Mapping[str, Any]) -> Answer | None:
        try:
            return self._transport.post(path, body)
        except OSError:
            return None
