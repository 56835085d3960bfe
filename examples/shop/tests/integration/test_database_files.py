import sqlite3
from contextlib import closing

import pytest
from shop.cart import Cart
from shop.catalog import Catalog, Product
from shop.database import open_database
from shop.orders import OrderBook
from shop.pricing import PriceBook


def test_what_one_connection_wrote_another_reads(database_file):
    with closing(open_database(database_file)) as one, closing(open_database(database_file)) as other:
        Catalog(one).add([Product("T1", "Teapot", "Of glass.", "kitchen", 1990)])

        assert Catalog(other).get("T1").title == "Teapot"


def test_an_open_transaction_is_not_seen_by_others(database_file):
    with closing(open_database(database_file)) as one, closing(open_database(database_file)) as other:
        one.execute("BEGIN IMMEDIATE")
        one.execute("UPDATE products SET price = 0")

        assert Catalog(other).get("P00001").price > 0
        assert Catalog(one).get("P00001").price == 0


def test_the_file_is_sound_after_a_day_of_orders(database_file, today):
    with closing(open_database(database_file, durable=False)) as connection:
        connection.execute("INSERT INTO customers (email, password) VALUES ('ada@example.org', 'none')")
        book, prices = OrderBook(connection), PriceBook(Catalog(connection).all())
        for number in range(200):
            wanted = {f"P{number:05}": 1, f"P{number + 1:05}": 2}
            order = book.place(1, wanted, prices, country="DE", today=today)
            book.advance(order.number, "paid" if number % 3 else "canceled")

    with closing(sqlite3.connect(database_file)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []


def test_a_cart_line_needs_a_customer(database_file):
    with closing(open_database(database_file)) as connection, pytest.raises(sqlite3.IntegrityError):
        Cart(connection, 99).put("P00001")
