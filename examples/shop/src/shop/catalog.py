"""The products on offer."""

import csv
import sqlite3
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from shop.database import transaction
from shop.errors import InvalidInputError, NotFoundError

COLUMNS = ("sku", "title", "description", "category", "price")


class Product(NamedTuple):
    """Something to buy."""

    sku: str
    title: str
    description: str
    category: str
    price: int  # net, euro cents


class Catalog:
    """Products in the database."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def add(self, products: Iterable[Product]) -> int:
        """Add or renew products; how many."""
        count = 0
        with transaction(self._connection):
            for product in products:
                self._connection.execute(
                    "INSERT INTO products VALUES (?, ?, ?, ?, ?) ON CONFLICT (sku) DO UPDATE SET"
                    " title = excluded.title, description = excluded.description,"
                    " category = excluded.category, price = excluded.price",
                    product,
                )
                count += 1
        return count

    def get(self, sku: str) -> Product:
        """One product, or NotFoundError."""
        row = self._connection.execute("SELECT * FROM products WHERE sku = ?", (sku,)).fetchone()
        if row is None:
            raise NotFoundError(f"no product {sku}")
        return Product(*row)

    def all(self) -> list[Product]:
        """Every product, by SKU."""
        return [Product(*row) for row in self._connection.execute("SELECT * FROM products ORDER BY sku")]

    def page(self, category: str, *, number: int = 1, size: int = 20) -> list[Product]:
        """One page of a category, by SKU; pages count from one."""
        rows = self._connection.execute(
            "SELECT * FROM products WHERE category = ? ORDER BY sku LIMIT ? OFFSET ?",
            (category, size, (number - 1) * size),
        )
        return [Product(*row) for row in rows]

    def categories(self) -> dict[str, int]:
        """Categories with their number of products."""
        rows = self._connection.execute("SELECT category, count(*) FROM products GROUP BY 1 ORDER BY 1")
        return dict(rows.fetchall())


def read_products(path: Path) -> Iterator[Product]:
    """The products of a supplier's CSV file; the first bad line stops it."""
    with path.open(newline="", encoding="utf-8") as file:
        for number, row in enumerate(csv.DictReader(file), start=2):
            if any(not row.get(column) for column in COLUMNS):
                raise InvalidInputError(f"line {number}: a field is missing")
            yield Product(
                sku=row["sku"].strip().upper(),
                title=" ".join(row["title"].split()),
                description=" ".join(row["description"].split()),
                category=row["category"].strip().lower(),
                price=_cents(row["price"], number),
            )


def _cents(text: str, line: int) -> int:
    whole, _, rest = text.strip().partition(".")
    if not whole.isdigit() or len(rest) > 2 or (rest and not rest.isdigit()):
        raise InvalidInputError(f"line {line}: {text!r} is no price")
    return int(whole) * 100 + int(rest.ljust(2, "0"))
