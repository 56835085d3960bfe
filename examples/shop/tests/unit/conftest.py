from contextlib import closing

import pytest
from shop.catalog import Catalog
from shop.database import open_database, transaction
from shop.inventory import Inventory
from shop.migrations import migrate
from shop.pricing import PriceBook
from shop.sample_data import sample_products


@pytest.fixture
def database(tmp_path):
    with closing(open_database(tmp_path / "shop.db", durable=False)) as connection:
        migrate(connection)
        yield connection


@pytest.fixture(scope="module")
def products():
    return sample_products(60)


@pytest.fixture
def stocked(database, products):
    """The database with products, ten of each on the shelf, and two customers, 1 and 2."""
    Catalog(database).add(products)
    with transaction(database):
        for product in products:
            Inventory(database).receive(product.sku, 10)
        for email in ("ada@example.org", "bob@example.org"):
            database.execute("INSERT INTO customers (email, password) VALUES (?, 'none')", (email,))
    return database


@pytest.fixture
def prices(products):
    return PriceBook(products)
