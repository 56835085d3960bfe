"""Orders, from the cart to the parcel."""

import sqlite3
from collections.abc import Mapping
from datetime import date
from typing import NamedTuple

from shop.database import transaction
from shop.errors import InvalidInputError, NotFoundError
from shop.inventory import Inventory
from shop.money import share
from shop.pricing import VAT, PriceBook

NEXT_STATUS = {
    "placed": {"paid", "canceled"},
    "paid": {"shipped", "canceled"},
    "shipped": set(),
    "canceled": set(),
}


class OrderLine(NamedTuple):
    """One position of an order."""

    sku: str
    title: str
    quantity: int
    unit_price: int  # net cents when it was ordered


class Order(NamedTuple):
    """What was ordered, and how far it got."""

    number: int
    customer_id: int
    placed_on: date
    status: str
    country: str
    lines: tuple[OrderLine, ...]

    @property
    def net(self) -> int:
        """Cents without tax."""
        return sum(line.quantity * line.unit_price for line in self.lines)

    @property
    def gross(self) -> int:
        """Cents with tax, each line rounded by itself as on the invoice."""
        rate = VAT[self.country]
        return sum(
            line.quantity * line.unit_price + share(line.quantity * line.unit_price, rate)
            for line in self.lines
        )


class OrderBook:
    """Orders in the database."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def place(
        self, customer_id: int, wanted: Mapping[str, int], prices: PriceBook, *, country: str, today: date
    ) -> Order:
        """Order and reserve goods, or neither."""
        if not wanted:
            raise InvalidInputError("the cart is empty")
        with transaction(self._connection):
            cursor = self._connection.execute(
                "INSERT INTO orders (customer_id, placed_on, status, country) VALUES (?, ?, 'placed', ?)",
                (customer_id, today.isoformat(), country),
            )
            number = int(cursor.lastrowid or 0)
            Inventory(self._connection).reserve(number, wanted)
            for position, (sku, quantity) in enumerate(wanted.items(), start=1):
                unit = prices.quote(sku, quantity, country=country).unit
                self._connection.execute(
                    "INSERT INTO order_lines VALUES (?, ?, ?, ?, ?)", (number, position, sku, quantity, unit)
                )
        return self.get(number)

    def get(self, number: int) -> Order:
        """One order, or NotFoundError."""
        row = self._connection.execute("SELECT * FROM orders WHERE number = ?", (number,)).fetchone()
        if row is None:
            raise NotFoundError(f"no order {number}")
        return self._order(row)

    def history(self, customer_id: int) -> list[Order]:
        """All orders of a customer, newest first."""
        rows = self._connection.execute(
            "SELECT * FROM orders WHERE customer_id = ? ORDER BY number DESC", (customer_id,)
        )
        return [self._order(row) for row in rows.fetchall()]

    def advance(self, number: int, status: str) -> Order:
        """The order with its next status; stock follows."""
        order = self.get(number)
        if status not in NEXT_STATUS[order.status]:
            raise InvalidInputError(f"order {number} is {order.status} and cannot become {status}")
        with transaction(self._connection):
            self._connection.execute("UPDATE orders SET status = ? WHERE number = ?", (status, number))
            if status == "canceled":
                Inventory(self._connection).release(number)
            if status == "shipped":
                Inventory(self._connection).ship(number)
        return order._replace(status=status)

    def record_payment(self, number: int, amount: int, reference: str) -> Order:
        """The gateway took the money."""
        self._connection.execute("INSERT INTO payments VALUES (?, ?, ?)", (number, amount, reference))
        return self.advance(number, "paid")

    def _order(self, row: sqlite3.Row) -> Order:
        lines = self._connection.execute(
            "SELECT * FROM order_lines WHERE order_number = ? ORDER BY position", (row["number"],)
        )
        return Order(
            number=row["number"],
            customer_id=row["customer_id"],
            placed_on=date.fromisoformat(row["placed_on"]),
            status=row["status"],
            country=row["country"],
            lines=tuple(self._line(line) for line in lines.fetchall()),
        )

    def _line(self, row: sqlite3.Row) -> OrderLine:
        product = self._connection.execute(
            "SELECT title FROM products WHERE sku = ?", (row["sku"],)
        ).fetchone()
        title = "(no longer sold)" if product is None else product["title"]
        return OrderLine(row["sku"], title, row["quantity"], row["unit_price"])
