"""The cart of a customer."""

import sqlite3

from shop.catalog import Catalog
from shop.errors import InvalidInputError
from shop.pricing import PriceBook

MOST_PIECES = 500


class Cart:
    """Cart lines in the database."""

    def __init__(self, connection: sqlite3.Connection, customer_id: int) -> None:
        self._connection = connection
        self._customer_id = customer_id

    def put(self, sku: str, quantity: int = 1) -> None:
        """So many more of a product."""
        Catalog(self._connection).get(sku)
        if not 1 <= quantity + self.lines().get(sku, 0) <= MOST_PIECES or quantity < 1:
            raise InvalidInputError(f"a cart holds 1 to {MOST_PIECES} pieces of a product")
        self._connection.execute(
            "INSERT INTO cart_lines VALUES (?, ?, ?)"
            " ON CONFLICT (customer_id, sku) DO UPDATE SET quantity = quantity + excluded.quantity",
            (self._customer_id, sku, quantity),
        )

    def remove(self, sku: str) -> None:
        """None of a product, whether or not it was there."""
        self._connection.execute(
            "DELETE FROM cart_lines WHERE customer_id = ? AND sku = ?", (self._customer_id, sku)
        )

    def clear(self) -> None:
        """Everything out."""
        self._connection.execute("DELETE FROM cart_lines WHERE customer_id = ?", (self._customer_id,))

    def lines(self) -> dict[str, int]:
        """Quantities by SKU, in the order of SKUs."""
        rows = self._connection.execute(
            "SELECT sku, quantity FROM cart_lines WHERE customer_id = ? ORDER BY sku", (self._customer_id,)
        )
        return {row["sku"]: row["quantity"] for row in rows}

    def total(self, prices: PriceBook, *, country: str) -> int:
        """Gross cents of all lines."""
        return sum(prices.quote(sku, count, country=country).gross for sku, count in self.lines().items())
