"""Mail to customers, sent by a thread of its own so that nobody waits for it."""

import threading
from collections import deque
from collections.abc import Callable
from typing import NamedTuple


class Mail(NamedTuple):
    """One letter."""

    to: str
    subject: str
    text: str


class MailQueue:
    """Letters to be sent. The worker looks every `interval` seconds."""

    def __init__(self, deliver: Callable[[Mail], None], *, interval: float = 0.18, attempts: int = 2) -> None:
        self._deliver = deliver
        self._interval = interval
        self._attempts = attempts
        self._waiting: deque[tuple[Mail, int]] = deque()
        self._stopping = threading.Event()
        self._worker = threading.Thread(target=self._work, name="mail", daemon=True)
        self.lost: list[Mail] = []

    def start(self) -> None:
        """Begin to send."""
        self._worker.start()

    def stop(self) -> None:
        """End after the letter in hand."""
        self._stopping.set()
        self._worker.join(timeout=5)

    def put(self, mail: Mail) -> None:
        """Send it soon."""
        self._waiting.append((mail, 1))

    def __len__(self) -> int:
        return len(self._waiting)

    def _work(self) -> None:
        while not self._stopping.wait(self._interval):
            for _ in range(len(self._waiting)):
                self._send(*self._waiting.popleft())

    def _send(self, mail: Mail, attempt: int) -> None:
        try:
            self._deliver(mail)
        except OSError:
            if attempt < self._attempts:
                self._waiting.append((mail, attempt + 1))
            else:
                self.lost.append(mail)


def order_mail(to: str, order_number: int, total: str) -> Mail:
    """The letter that confirms an order."""
    return Mail(
        to, f"Your order {order_number}", f"Thank you. Your order {order_number} over {total} is on its way."
    )
