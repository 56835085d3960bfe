"""Does the shop hold its load? Run apart: `pytest load -p no:locust`, with lapwing[load] installed."""

from contextlib import closing

import pytest
from shop.catalog import Catalog
from shop.database import open_database
from shop.fake_gateway import FakeGateway
from shop.mail import MailQueue
from shop.migrations import migrate
from shop.payments import HttpTransport, PaymentClient
from shop.sample_data import sample_products
from shop.search import SearchIndex
from shop.server import serving
from shop.web import Shop

from lapwing import load_test_endpoint, stress_test


@pytest.fixture(scope="module")
def database(tmp_path_factory):
    """A database file with 400 products."""
    path = tmp_path_factory.mktemp("shop") / "shop.db"
    with closing(open_database(path, durable=False)) as connection:
        migrate(connection)
        Catalog(connection).add(sample_products(400))
    return path


@pytest.fixture(scope="module")
def shop(database):
    """The shop as a WSGI application."""
    with serving(FakeGateway()) as port:
        yield Shop(
            database, PaymentClient(HttpTransport("127.0.0.1", port)), MailQueue([].append), durable=False
        )


def test_catalog_load_performance(shop):
    """Twenty visitors a second see the catalog, none of them after more than two seconds."""
    endpoint = {"path": "/products", "app": shop}

    result = load_test_endpoint(
        endpoint, {"arrival_rate": 20, "duration_seconds": 3, "ramp_up_seconds": 1, "max_p95": "2s"}
    )

    assert result.performance_summary.can_handle_load, result.steps


def test_search_stress_performance(database):
    """Four threads that search at once fail nowhere."""
    with closing(open_database(database, durable=False)) as connection:
        index = SearchIndex(Catalog(connection).all())

    result = stress_test(
        lambda: index.search("lamp"),
        {"initial_load": 1, "max_load": 4, "step_size": 3, "step_duration": 1, "max_p95": "2s"},
    )

    assert result.performance_summary.can_handle_load, result.steps
