"""What one running server holds: its processes, what they answered, permits, and runs elsewhere."""

import time
from typing import Final

from starlette.datastructures import Headers

from lapwing.model.access import Scope, Token
from lapwing.serve import work
from lapwing.serve.access import Visitor, visitor_of
from lapwing.serve.answer import Answer, error_answer
from lapwing.serve.answers import Answers
from lapwing.serve.config import ServeConfig
from lapwing.serve.held_bytes import HeldBytes
from lapwing.serve.limits import Buckets
from lapwing.serve.live_watch import LiveWatch
from lapwing.serve.processes import Processes
from lapwing.serve.readiness import Readiness
from lapwing.serve.seats import Seats
from lapwing.serve.token_check import TokenCheck
from lapwing.serve.told_runs import ToldRuns
from lapwing.serve.turns import asking

PROJECT_FOR_S: Final = 5.0
"""So long the project shown by default is not asked for anew."""

_MOST_TOLD: Final = 200  # runs that go on elsewhere


class RefusedError(Exception):
    """A request that gets this answer instead of what it asked for."""

    def __init__(self, answer: Answer) -> None:
        super().__init__()
        self.answer = answer


class Server:
    """State of one running server: its processes, permits, and runs that are told of from elsewhere."""

    def __init__(self, config: ServeConfig) -> None:
        self.config = config
        self.readers = Processes(config, config.page_processes)
        self.intake = Processes(config, config.intake_processes)
        self.makers = Processes(config, 1, niceness=15, makes_anew=True)
        self.answers = Answers(self.readers, self.makers, time.monotonic)
        self.readiness = Readiness(self.answers, self.makers, time.monotonic)
        self._project = ("", -PROJECT_FOR_S)  # that is shown where none is named, and since when it is
        self.asked = Buckets(config.requests_a_minute, time.monotonic)
        self._tokens = TokenCheck(self._look_up, config.failures_a_minute, time.monotonic)
        self.told = ToldRuns(_MOST_TOLD, time.monotonic)
        self.held = HeldBytes(config.most_held_bytes)  # of runs that are sent and not taken in yet
        self.seats = Seats(config.most_watching)
        self.watched = LiveWatch(self._live_markup, time.monotonic)

    async def visitor(self, headers: Headers, address: str, wanted: Scope, project: str | None) -> Visitor:
        """Who asks. Raises RefusedError for nobody that is known, and for who may not.

        From here on the task works for them.
        """
        asking.set(address)
        found = await visitor_of(
            headers.get("authorization", ""),
            headers.get("cookie", ""),
            host=headers.get("host", ""),
            session_key=self.config.session_key,
            token=lambda text: self.token(text, address),
        )
        if found is None:
            raise RefusedError(
                error_answer(401, "this needs a token", "Open the printed URL, or send a token.")
            )
        asking.set((found.name, found.project, address))
        wait = self.asked.wait_s(f"{found.name} {found.project}")
        if wait:
            raise RefusedError(too_often(wait))
        if not found.may(wanted, project):
            said = f"this token does not allow {wanted.value} in that project"
            raise RefusedError(error_answer(403, said))
        return found

    async def token(self, text: str, address: str) -> Token | None:
        """The token that somebody at `address` brings. Raises RefusedError for who guesses, StoreError."""
        wait = self._tokens.wait_s(text, address)
        if wait:
            raise RefusedError(too_often(wait))
        return await self._tokens.token(text, address)

    async def _look_up(self, text: str) -> Token | None:
        return await self.readers.do(work.token, text)

    async def project(self) -> str:
        """The project that is shown where none is named. Raises StoreError."""
        name, since_s = self._project
        if time.monotonic() - since_s > PROJECT_FOR_S:
            name = await self.readers.do(work.project)
            self._project = name, time.monotonic()
        return name

    async def live(self, project: str | None) -> tuple[str, str]:
        """What is running in a project, as markup and as JSON. Raises StoreError."""
        name = await self.project() if project is None else project
        return await self.readers.do(work.live, name, self.told.of(name))

    async def _live_markup(self, project: str | None) -> str:
        content, _ = await self.live(project)
        return content


def too_often(wait_s: float) -> Answer:
    """The answer to who has asked too often."""
    answer = error_answer(429, "too many requests", f"Wait {wait_s:.0f} seconds.")
    return answer._replace(headers=(("Retry-After", str(max(1, round(wait_s)))),))
