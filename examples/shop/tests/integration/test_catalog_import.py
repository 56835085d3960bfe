import csv
from contextlib import closing

import pytest
from shop.catalog import COLUMNS, Catalog, read_products
from shop.database import open_database
from shop.errors import InvalidInputError
from shop.sample_data import sample_products


def write_csv(path, rows):
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        writer.writerows(rows)
    return path


@pytest.fixture(scope="module")
def supplier_file(tmp_path_factory):
    """The whole assortment of a wholesaler."""
    rows = (
        (one.sku, one.title, one.description, one.category, f"{one.price / 100:.2f}")
        for one in sample_products(15_000, seed=9)
    )
    return write_csv(tmp_path_factory.mktemp("supplier") / "products.csv", rows)


@pytest.fixture
def catalog(database_file):
    with closing(open_database(database_file, durable=False)) as connection:
        yield Catalog(connection)


def test_the_whole_assortment_is_imported(catalog, supplier_file):
    assert catalog.add(read_products(supplier_file)) == 15_000

    assert len(catalog.all()) == 15_000
    assert catalog.get("P14999").title == sample_products(15_000, seed=9)[-1].title


def test_a_product_is_tidied_on_its_way_in(tmp_path):
    path = write_csv(tmp_path / "one.csv", [(" t1 ", "Round  teapot ", "Of glass. ", " Kitchen", "19.9")])

    (product,) = read_products(path)

    assert product == ("T1", "Round teapot", "Of glass.", "kitchen", 1990)


@pytest.mark.parametrize("price", ["free", "1.999"])
def test_a_bad_price_stops_the_import_at_its_line(catalog, tmp_path, price):
    rows = [("N1", "Good", "Good", "kitchen", "1.00"), ("N2", "Bad", "Bad", "kitchen", price)]

    with pytest.raises(InvalidInputError, match="line 3"):
        catalog.add(read_products(write_csv(tmp_path / "bad.csv", rows)))

    assert len(catalog.all()) == 400
