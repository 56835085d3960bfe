"""What the owner of the shop wants to know."""

import csv
import io
import sqlite3
from collections import Counter, defaultdict
from datetime import date
from typing import NamedTuple


class Sale(NamedTuple):
    """One line of an order that was not canceled."""

    day: date
    customer_id: int
    sku: str
    category: str
    quantity: int
    net: int  # cents


def sales(connection: sqlite3.Connection) -> list[Sale]:
    """All sales, oldest first."""
    rows = connection.execute(
        "SELECT o.placed_on, o.customer_id, l.sku, p.category, l.quantity, l.quantity * l.unit_price"
        " FROM orders o JOIN order_lines l ON l.order_number = o.number JOIN products p ON p.sku = l.sku"
        " WHERE o.status <> 'canceled' ORDER BY o.number, l.position"
    )
    return [Sale(date.fromisoformat(day), *rest) for day, *rest in rows]


def by_month(of: list[Sale]) -> dict[str, int]:
    """Net cents by month, as 2024-05."""
    months: dict[str, int] = defaultdict(int)
    for sale in of:
        months[f"{sale.day:%Y-%m}"] += sale.net
    return dict(sorted(months.items()))


def by_category(of: list[Sale]) -> dict[str, int]:
    """Net cents by category, the strongest first."""
    totals: Counter[str] = Counter()
    for sale in of:
        totals[sale.category] += sale.net
    return dict(totals.most_common())


def best_sellers(of: list[Sale], *, count: int = 10) -> list[tuple[str, int]]:
    """SKUs with pieces sold, most first, equals by SKU."""
    pieces: Counter[str] = Counter()
    for sale in of:
        pieces[sale.sku] += sale.quantity
    return sorted(pieces.items(), key=lambda item: (-item[1], item[0]))[:count]


def bought_together(of: list[Sale]) -> Counter[tuple[str, str]]:
    """How often one customer bought two categories on one day."""
    baskets: dict[tuple[date, int], set[str]] = defaultdict(set)
    for sale in of:
        baskets[sale.day, sale.customer_id].add(sale.category)
    pairs: Counter[tuple[str, str]] = Counter()
    for basket in baskets.values():
        ordered = sorted(basket)
        pairs.update((one, other) for at, one in enumerate(ordered) for other in ordered[at + 1 :])
    return pairs


def as_csv(of: list[Sale]) -> str:
    """The sales for a spreadsheet, amounts with a point."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(("day", "customer", "sku", "category", "quantity", "net"))
    for sale in of:
        writer.writerow(
            (sale.day, sale.customer_id, sale.sku, sale.category, sale.quantity, f"{sale.net / 100:.2f}")
        )
    return text.getvalue()
