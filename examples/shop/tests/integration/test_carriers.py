import asyncio
import json

import pytest
from shop.errors import NotFoundError
from shop.shipping import Carrier, Offer, best_offer, offers

pytestmark = pytest.mark.anyio


@pytest.fixture(scope="module")
def anyio_backend():
    return "asyncio"


class Depot:
    """A carrier's server on loopback."""

    def __init__(self, name, price, days, *, delay=0.03):
        self.name, self.price, self.days, self.delay = name, price, days, delay
        self.weights = []
        self.calls = set()

    async def answer(self, reader, writer):
        self.calls.add(asyncio.current_task())
        try:
            self.weights.append(json.loads(await reader.readline())["weight"])
            await asyncio.sleep(self.delay)
            writer.write(json.dumps({"price": self.price, "days": self.days}).encode() + b"\n")
            await writer.drain()
        finally:
            writer.close()


@pytest.fixture
async def open_depots():
    opened = []

    async def open_all(*depots):
        carriers = []
        for depot in depots:
            server = await asyncio.start_server(depot.answer, "127.0.0.1", 0)
            opened.append((server, depot))
            carriers.append(Carrier(depot.name, server.sockets[0].getsockname()[1]))
        return carriers

    yield open_all
    calls = [call for _, depot in opened for call in depot.calls]
    for call in calls:
        call.cancel()
    await asyncio.gather(*calls, return_exceptions=True)
    for server, _ in opened:
        server.close()
        await server.wait_closed()


async def test_offers_come_cheapest_first(open_depots):
    carriers = await open_depots(
        Depot("swift", 990, 1), Depot("snail", 290, 6), Depot("post", 490, 3), Depot("bike", 590, 1)
    )

    assert [offer.carrier for offer in await offers(carriers, 1000)] == ["snail", "post", "bike", "swift"]


async def test_of_equal_prices_the_faster_comes_first(open_depots):
    carriers = await open_depots(Depot("slow", 490, 5), Depot("fast", 490, 2))

    assert [offer.carrier for offer in await offers(carriers, 1000)] == ["fast", "slow"]


async def test_every_carrier_is_told_the_weight(open_depots):
    depots = [Depot("one", 1, 1), Depot("two", 2, 2)]

    await offers(await open_depots(*depots), 1234)

    assert [depot.weights for depot in depots] == [[1234], [1234]]


@pytest.mark.parametrize(("days", "carrier"), [(1, "swift"), (3, "post")])
async def test_the_cheapest_that_is_fast_enough_wins(open_depots, days, carrier):
    carriers = await open_depots(Depot("swift", 990, 1), Depot("snail", 290, 6), Depot("post", 490, 3))

    assert (await best_offer(carriers, 1000, within_days=days)).carrier == carrier


async def test_nobody_is_fast_enough(open_depots):
    with pytest.raises(NotFoundError, match="within 2 days"):
        await best_offer(await open_depots(Depot("snail", 290, 6)), 1000, within_days=2)


async def test_a_carrier_that_dawdles_is_left_out(open_depots):
    carriers = await open_depots(Depot("asleep", 100, 1, delay=5), Depot("post", 490, 3))

    assert await offers(carriers, 1000) == [Offer("post", 490, 3)]


async def test_a_carrier_that_is_closed_is_left_out(open_depots, unused_port):
    carriers = await open_depots(Depot("post", 490, 3))

    found = await offers([Carrier("closed", unused_port), *carriers], 1000)

    assert found == [Offer("post", 490, 3)]


async def test_no_carriers_give_no_offers():
    assert await offers([], 1000) == []
