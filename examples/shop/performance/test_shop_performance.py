"""How fast the shop is: one test of each kind that Lapwing measures.

cd examples/shop && lapwing run -- performance

Journeys in a browser, and load on the shop as a server, stand apart: `journeys` and `load`.
"""

import functools
from contextlib import closing
from datetime import date

import pytest
from shop.cart import Cart
from shop.catalog import Catalog
from shop.database import open_database, transaction
from shop.fake_gateway import FakeGateway
from shop.inventory import Inventory
from shop.mail import MailQueue
from shop.migrations import migrate
from shop.money import share
from shop.orders import OrderBook
from shop.payments import HttpTransport, PaymentClient
from shop.pricing import PriceBook
from shop.sample_data import sample_products
from shop.search import SearchIndex
from shop.server import serving
from shop.web import Shop

from lapwing import (
    PerformanceRegressionTester,
    database_performance_test,
    load_test_endpoint,
    memory_leak_test,
    performance_test,
    start_test_monitoring,
    stop_test_monitoring,
    stress_test,
)

CUSTOMER = 1


@pytest.fixture(scope="module")
def products():
    return sample_products(400)


@pytest.fixture
def database(products, tmp_path):
    with closing(open_database(tmp_path / "shop.db", durable=False)) as connection:
        migrate(connection)
        Catalog(connection).add(products)
        connection.execute(
            "INSERT INTO customers (id, email, password) VALUES (?, 'ada@example.org', '')", (CUSTOMER,)
        )
        with transaction(connection):
            for product in products:
                Inventory(connection).receive(product.sku, 10_000)
        yield connection


def test_search_performance(perf, products):
    index = SearchIndex(products)

    result = perf.benchmark(
        index.search, "oak", name="search", max_avg_time="50ms", metadata={"products": 400}
    )

    assert result.duration.p95 < 1


@performance_test(iterations=5, budget="5s", metadata={"products": 400})
def test_price_book_performance(products):
    assert PriceBook(products).quote("P00001", 5, country="AT").gross > 0


def test_tax_performance():
    result = PerformanceRegressionTester().benchmark(lambda: share(19_999, 200), "tax")

    assert result.regressions == ()


@pytest.mark.slow
def test_prices_are_looked_up_faster_than_made(perf, products):
    book = PriceBook(products)

    compared = perf.compare(
        lambda: PriceBook(products[:20]), lambda: book.quote("P00001", 5, country="AT"), pairs=10
    )

    assert compared.judged.verdict == "improved"


@pytest.mark.slow
def test_search_keeps_no_memory(products):
    index = SearchIndex(products)

    result = memory_leak_test(index.search, "oak", iterations=40)

    assert not result.leak_detected, result.evidence


def test_cart_database_performance(database, perf):
    cart = Cart(database, CUSTOMER)
    for number in range(5):
        cart.put(f"P{number:05}")

    with perf.queries(max=1, n_plus_one="fail"):
        cart.lines()

    assert database_performance_test(cart.lines, iterations=20, max_avg_time="500ms").performance_ok


def test_the_history_asks_for_the_lines_of_each_order(database, products):
    orders, prices = OrderBook(database), PriceBook(products)
    for _ in range(4):
        orders.place(CUSTOMER, {"P00001": 1}, prices, country="AT", today=date(2026, 1, 1))

    result = database_performance_test(functools.partial(orders.history, CUSTOMER), iterations=5)

    assert result.n_plus_one_detected  # known, and worth mending: one query could bring all lines
    assert result.queries == 1 + 2 * 4


def test_import_of_the_catalog(database, perf):
    ref = start_test_monitoring("import", "integration")
    Catalog(database).add(sample_products(100, seed=2)[:0])
    metrics = stop_test_monitoring(ref)

    perf.record("products", len(sample_products(100)), unit="products", budget=100, higher_is_better=True)
    assert metrics.within_budget


@pytest.fixture
def shop(database, tmp_path):
    mail = MailQueue(lambda message: None)
    mail.start()
    with serving(FakeGateway()) as port:
        payments = PaymentClient(HttpTransport("127.0.0.1", port))
        yield Shop(tmp_path / "shop.db", payments, mail, durable=False)
    mail.stop()


@pytest.mark.slow
def test_product_page_load(shop):
    result = load_test_endpoint(
        {"method": "GET", "path": "/products/P00001", "app": shop},
        {"concurrent_users": 2, "duration_seconds": 3, "ramp_up_seconds": 0},
    )

    assert result.performance_summary.can_handle_load


@pytest.mark.slow
def test_prices_under_stress(products):
    book = PriceBook(products)

    result = stress_test(
        lambda: book.quote("P00001", 5, country="AT"),
        {"initial_load": 1, "max_load": 2, "step_size": 1, "step_duration": 1},
    )

    assert result.steps
