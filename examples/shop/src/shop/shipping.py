"""Asking carriers what a parcel costs."""

import asyncio
import json
from collections.abc import Sequence
from typing import NamedTuple

from shop.errors import NotFoundError


class Carrier(NamedTuple):
    """Where a carrier listens."""

    name: str
    port: int
    host: str = "127.0.0.1"


class Offer(NamedTuple):
    """What a carrier asks for a parcel."""

    carrier: str
    price: int  # cents
    days: int


async def ask(carrier: Carrier, weight: int, *, timeout: float) -> Offer | None:
    """The offer of one carrier, or None if it is away, late or confused."""
    try:
        async with asyncio.timeout(timeout):
            reader, writer = await asyncio.open_connection(carrier.host, carrier.port)
            try:
                writer.write(json.dumps({"weight": weight}).encode() + b"\n")
                answer = json.loads(await reader.readline())
            finally:
                writer.close()
        return Offer(carrier.name, int(answer["price"]), int(answer["days"]))
    except (OSError, TimeoutError, ValueError, KeyError):
        return None


async def offers(carriers: Sequence[Carrier], weight: int, *, patience: float = 0.25) -> list[Offer]:
    """The offers of all that answer, cheapest first."""
    answers = [await ask(carrier, weight, timeout=patience) for carrier in carriers]
    return sorted(
        (offer for offer in answers if offer is not None), key=lambda offer: (offer.price, offer.days)
    )


async def best_offer(carriers: Sequence[Carrier], weight: int, *, within_days: int) -> Offer:
    """The cheapest that is fast enough, or NotFoundError."""
    for offer in await offers(carriers, weight):
        if offer.days <= within_days:
            return offer
    raise NotFoundError(f"nobody delivers within {within_days} days")
