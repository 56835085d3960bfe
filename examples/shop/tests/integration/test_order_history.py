import shutil
from contextlib import closing
from datetime import timedelta
from random import Random

import pytest
from shop.accounts import Accounts
from shop.catalog import Catalog
from shop.database import open_database
from shop.orders import OrderBook
from shop.pricing import PriceBook
from shop.reports import sales


@pytest.fixture(scope="class")
def old_shop(template, today, tmp_path_factory):
    """A database with a good customer, who ordered 1000 times, and one who never did."""
    path = shutil.copy(template, tmp_path_factory.mktemp("history") / "shop.db")
    with closing(open_database(path, durable=False)) as connection:
        customer = Accounts(connection).register("good@example.org", "correct horse")
        book, prices, random = OrderBook(connection), PriceBook(Catalog(connection).all()), Random(5)
        for number in range(1000):
            wanted = {f"P{sku:05}": random.randrange(1, 5) for sku in random.sample(range(400), 4)}
            book.place(customer, wanted, prices, country="DE", today=today + timedelta(days=number // 10))
        yield connection


class TestOrderHistory:
    def test_it_has_every_order(self, old_shop):
        assert len(OrderBook(old_shop).history(1)) == 1000

    def test_it_is_newest_first(self, old_shop):
        numbers = [order.number for order in OrderBook(old_shop).history(1)]

        assert numbers == sorted(numbers, reverse=True)

    def test_it_has_the_lines_and_titles_of_each_order(self, old_shop):
        history = OrderBook(old_shop).history(1)

        assert all(len(order.lines) == 4 for order in history)
        assert all(line.title for order in history for line in order.lines)

    def test_it_is_the_same_as_the_orders_one_by_one(self, old_shop):
        book = OrderBook(old_shop)

        assert book.history(1) == [book.get(number) for number in range(1000, 0, -1)]

    def test_it_adds_up_to_the_sales_report(self, old_shop):
        total = sum(order.net for order in OrderBook(old_shop).history(1))

        assert total == sum(sale.net for sale in sales(old_shop))

    def test_it_is_empty_for_who_never_ordered(self, old_shop):
        assert OrderBook(old_shop).history(2) == []
