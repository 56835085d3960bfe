"""Who watches the same project is given what was made once."""

import asyncio

import pytest

from lapwing.errors import StoreError
from lapwing.serve.live_watch import LiveWatch


class Look:
    """Counts how often it was asked; answers when let go."""

    def __init__(self, error: Exception | None = None) -> None:
        self.asked: list[str | None] = []
        self.go = asyncio.Event()
        self.error = error

    async def __call__(self, project: str | None) -> str:
        self.asked.append(project)
        await self.go.wait()
        if self.error is not None:
            raise self.error
        return f"{project} {len(self.asked)}"


def test_many_watchers_cost_one_look():
    async def watch():
        look = Look()
        live = LiveWatch(look, lambda: 0.0)
        watchers = [asyncio.ensure_future(live.content("shop")) for _ in range(5)]
        await asyncio.sleep(0)
        look.go.set()
        return await asyncio.gather(*watchers), look.asked

    assert asyncio.run(watch()) == (["shop 1"] * 5, ["shop"])


def test_it_is_looked_anew_after_a_moment_and_for_another_project():
    async def watch():
        seconds = [0.0]
        look = Look()
        look.go.set()
        live = LiveWatch(look, lambda: seconds[0])
        first = await live.content("shop")
        seconds[0] = 0.5
        second = await live.content("shop")
        seconds[0] = 1.0
        return first, second, await live.content("shop"), await live.content("other")

    assert asyncio.run(watch()) == ("shop 1", "shop 1", "shop 2", "other 3")


def test_a_watcher_that_goes_takes_nothing_from_the_others():
    async def watch():
        look = Look()
        live = LiveWatch(look, lambda: 0.0)
        goes, stays = (asyncio.ensure_future(live.content("shop")) for _ in range(2))
        await asyncio.sleep(0)
        goes.cancel()
        await asyncio.sleep(0)
        look.go.set()
        return await stays

    assert asyncio.run(watch()) == "shop 1"


def test_a_store_that_fails_is_told_to_every_watcher_and_asked_again():
    async def watch():
        seconds = [0.0]
        look = Look(StoreError("away", where="there", mend="Wait."))
        look.go.set()
        live = LiveWatch(look, lambda: seconds[0])
        with pytest.raises(StoreError):
            await live.content("shop")
        look.error, seconds[0] = None, 1.0
        return await live.content("shop")

    assert asyncio.run(watch()) == "shop 2"
