"""What a customer pays: price groups, quantity tiers, currencies, tax and coupons."""

import sqlite3
from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from shop.catalog import Product
from shop.errors import InvalidInputError, NotFoundError
from shop.money import share

GROUP_REBATE = {"regular": 0, "trade": 120, "staff": 250}  # thousandths
TIERS = ((1, 0), (5, 20), (10, 40), (25, 70), (50, 100))  # from this quantity, thousandths off
VAT = {"AT": 200, "DE": 190, "FR": 200, "NL": 210}  # thousandths
ONE = 10_000  # the euro's own exchange rate


class Quote(NamedTuple):
    """The price of one position, in cents of its currency."""

    unit: int
    net: int
    vat: int

    @property
    def gross(self) -> int:
        """What is to be paid."""
        return self.net + self.vat


class PriceBook:
    """Unit prices of one customer group in one currency, for every product and tier."""

    def __init__(self, products: Iterable[Product], *, group: str = "regular", rate: int = ONE) -> None:
        rebate = GROUP_REBATE[group]
        self._units = {
            (product.sku, tier): share(share(product.price * rate // ONE, 1000 - rebate), 1000 - tier_rebate)
            for product in products
            for tier, tier_rebate in TIERS
        }

    def quote(self, sku: str, quantity: int, *, country: str) -> Quote:
        """The price of so many pieces."""
        if quantity < 1:
            raise InvalidInputError("quantity must be 1 or more")
        if (sku, 1) not in self._units:
            raise NotFoundError(f"no price for {sku}")
        tier = max(start for start, _ in TIERS if start <= quantity)
        unit = self._units[sku, tier]
        return Quote(unit=unit, net=unit * quantity, vat=share(unit * quantity, VAT[country]))


class Coupon(NamedTuple):
    """A rebate on a whole cart."""

    code: str
    per_mille: int
    minimum: int = 0  # cents
    valid_until: date | None = None

    def rebate_on(self, total: int, *, today: date) -> int:
        """Cents off; zero if the cart is too small or the coupon is over."""
        if total < self.minimum or (self.valid_until is not None and today > self.valid_until):
            return 0
        return share(total, self.per_mille)


def exchange_rate(connection: sqlite3.Connection, currency: str, day: date) -> int:
    """Ten-thousandths of a unit for one euro on that day."""
    if currency == "EUR":
        return ONE
    row = connection.execute(
        "SELECT rate FROM exchange_rates WHERE currency = ? AND day <= ? ORDER BY day DESC LIMIT 1",
        (currency, day.isoformat()),
    ).fetchone()
    if row is None:
        raise NotFoundError(f"no rate of {currency} on {day}")
    return int(row["rate"])
