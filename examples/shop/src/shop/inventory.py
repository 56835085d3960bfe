"""What lies on the shelf, what is promised to whom, and when it arrives."""

import sqlite3
from collections.abc import Mapping
from datetime import date

from shop.errors import InvalidInputError, NotFoundError, OutOfStockError


class Inventory:
    """Stock in the database. The caller opens the transaction."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def receive(self, sku: str, quantity: int) -> None:
        """Goods came in."""
        if quantity < 1:
            raise InvalidInputError("quantity must be 1 or more")
        self._connection.execute(
            "INSERT INTO stock VALUES (?, ?) ON CONFLICT (sku) DO UPDATE SET on_hand = on_hand + ?",
            (sku, quantity, quantity),
        )

    def available(self, sku: str) -> int:
        """On hand and promised to nobody."""
        on_hand = self._number("SELECT on_hand FROM stock WHERE sku = ?", sku)
        return on_hand - self._number("SELECT sum(quantity) FROM reservations WHERE sku = ?", sku)

    def reserve(self, order_number: int, wanted: Mapping[str, int]) -> None:
        """Promise goods to an order; OutOfStockError if any is short."""
        for sku, quantity in wanted.items():
            if self.available(sku) < quantity:
                raise OutOfStockError(f"only {self.available(sku)} of {sku} left")
            self._connection.execute(
                "INSERT INTO reservations VALUES (?, ?, ?)", (order_number, sku, quantity)
            )

    def release(self, order_number: int) -> None:
        """The order will not be sent."""
        self._connection.execute("DELETE FROM reservations WHERE order_number = ?", (order_number,))

    def ship(self, order_number: int) -> None:
        """The goods have left."""
        rows = self._connection.execute(
            "SELECT sku, quantity FROM reservations WHERE order_number = ?", (order_number,)
        ).fetchall()
        for row in rows:
            self._connection.execute(
                "UPDATE stock SET on_hand = on_hand - ? WHERE sku = ?", (row["quantity"], row["sku"])
            )
        self.release(order_number)

    def _number(self, query: str, sku: str) -> int:
        row = self._connection.execute(query, (sku,)).fetchone()
        return 0 if row is None or row[0] is None else int(row[0])


def arrival(connection: sqlite3.Connection, country: str, sent_on: date, *, working_days: int) -> date:
    """The day on which a parcel arrives that takes so many days of delivery."""
    row = connection.execute(
        "SELECT day FROM delivery_days WHERE country = ? AND delivers AND day > ?"
        " ORDER BY day LIMIT 1 OFFSET ?",
        (country, sent_on.isoformat(), working_days - 1),
    ).fetchone()
    if row is None:
        raise NotFoundError(f"no calendar for {country} after {sent_on}")
    return date.fromisoformat(row["day"])
