"""How the database came to be, step by step."""

import sqlite3
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import NamedTuple

from shop.calendars import FIXED_HOLIDAYS, is_delivery_day
from shop.database import transaction

FIRST_DAY = date(2023, 1, 1)
LAST_DAY = date(2025, 12, 31)


class Migration(NamedTuple):
    """One step; applied with its record in one transaction."""

    name: str
    apply: Callable[[sqlite3.Connection], None]


def migrate(connection: sqlite3.Connection) -> list[str]:
    """Apply what is missing; the names of what was applied."""
    connection.execute("CREATE TABLE IF NOT EXISTS migrations (name TEXT PRIMARY KEY)")
    done = {row["name"] for row in connection.execute("SELECT name FROM migrations")}
    missing = [migration for migration in MIGRATIONS if migration.name not in done]
    for migration in missing:
        with transaction(connection):
            migration.apply(connection)
            connection.execute("INSERT INTO migrations VALUES (?)", (migration.name,))
    return [migration.name for migration in missing]


def _statements(*statements: str) -> Callable[[sqlite3.Connection], None]:
    def apply(connection: sqlite3.Connection) -> None:
        for statement in statements:
            connection.execute(statement)

    return apply


def _days() -> Iterator[date]:
    day = FIRST_DAY
    while day <= LAST_DAY:
        yield day
        day += timedelta(days=1)


def _fill_exchange_rates(connection: sqlite3.Connection) -> None:
    """Daily rates of the past, in ten-thousandths of a euro's worth."""
    for currency, middle, swing in (("USD", 10_850, 311), ("GBP", 8_560, 173)):
        rates = (
            (currency, day.isoformat(), middle + day.toordinal() * 37 % swing - swing // 2) for day in _days()
        )
        connection.executemany("INSERT INTO exchange_rates VALUES (?, ?, ?)", rates)


def _fill_delivery_days(connection: sqlite3.Connection) -> None:
    for country in sorted(FIXED_HOLIDAYS):
        days = ((country, day.isoformat(), is_delivery_day(country, day)) for day in _days())
        connection.executemany("INSERT INTO delivery_days VALUES (?, ?, ?)", days)


MIGRATIONS = (
    Migration(
        "0001_customers",
        _statements(
            "CREATE TABLE customers (id INTEGER PRIMARY KEY, email TEXT NOT NULL UNIQUE,"
            " password TEXT NOT NULL, pricing_group TEXT NOT NULL DEFAULT 'regular')",
            "CREATE TABLE sessions (token TEXT PRIMARY KEY,"
            " customer_id INTEGER NOT NULL REFERENCES customers)",
        ),
    ),
    Migration(
        "0002_products",
        _statements(
            "CREATE TABLE products (sku TEXT PRIMARY KEY, title TEXT NOT NULL, description TEXT NOT NULL,"
            " category TEXT NOT NULL, price INTEGER NOT NULL CHECK (price >= 0))",
        ),
    ),
    Migration(
        "0003_stock",
        _statements(
            "CREATE TABLE stock (sku TEXT PRIMARY KEY REFERENCES products, on_hand INTEGER NOT NULL"
            " CHECK (on_hand >= 0))",
        ),
    ),
    Migration(
        "0004_cart",
        _statements(
            "CREATE TABLE cart_lines (customer_id INTEGER NOT NULL REFERENCES customers,"
            " sku TEXT NOT NULL REFERENCES products, quantity INTEGER NOT NULL CHECK (quantity > 0),"
            " PRIMARY KEY (customer_id, sku))",
        ),
    ),
    Migration(
        "0005_orders",
        _statements(
            "CREATE TABLE orders (number INTEGER PRIMARY KEY AUTOINCREMENT,"
            " customer_id INTEGER NOT NULL REFERENCES customers, placed_on TEXT NOT NULL,"
            " status TEXT NOT NULL, country TEXT NOT NULL)",
            "CREATE TABLE order_lines (order_number INTEGER NOT NULL REFERENCES orders,"
            " position INTEGER NOT NULL, sku TEXT NOT NULL, quantity INTEGER NOT NULL,"
            " unit_price INTEGER NOT NULL, PRIMARY KEY (order_number, position))",
        ),
    ),
    Migration(
        "0006_exchange_rates",
        _statements(
            "CREATE TABLE exchange_rates (currency TEXT, day TEXT, rate INTEGER NOT NULL,"
            " PRIMARY KEY (currency, day))",
        ),
    ),
    Migration("0007_rates_of_the_past", _fill_exchange_rates),
    Migration(
        "0008_reservations",
        _statements(
            "CREATE TABLE reservations (order_number INTEGER NOT NULL, sku TEXT NOT NULL,"
            " quantity INTEGER NOT NULL, PRIMARY KEY (order_number, sku))",
        ),
    ),
    Migration(
        "0009_delivery_days",
        _statements(
            "CREATE TABLE delivery_days (country TEXT, day TEXT, delivers INTEGER NOT NULL,"
            " PRIMARY KEY (country, day))",
        ),
    ),
    Migration("0010_delivery_days_of_three_years", _fill_delivery_days),
    Migration(
        "0011_payments",
        _statements(
            "CREATE TABLE payments (order_number INTEGER PRIMARY KEY REFERENCES orders,"
            " amount INTEGER NOT NULL, reference TEXT NOT NULL)",
        ),
    ),
    Migration(
        "0012_indexes",
        _statements(
            "CREATE INDEX orders_of_customer ON orders (customer_id, number)",
            "CREATE INDEX products_of_category ON products (category, sku)",
            "CREATE INDEX days_of_delivery ON delivery_days (country, delivers, day)",
        ),
    ),
)
