import pytest
from shop.catalog import Catalog, Product
from shop.errors import NotFoundError
from shop.sample_data import sample_products

TEAPOT = Product("T1", "Round teapot", "A teapot of glass.", "kitchen", 1990)


def test_an_added_product_can_be_had_back(database):
    Catalog(database).add([TEAPOT])

    assert Catalog(database).get("T1") == TEAPOT


def test_an_unknown_product_is_not_found(database):
    with pytest.raises(NotFoundError, match="no product T2"):
        Catalog(database).get("T2")


def test_adding_a_product_again_renews_it(database):
    catalog = Catalog(database)
    catalog.add([TEAPOT])

    catalog.add([TEAPOT._replace(price=2490)])

    assert catalog.get("T1").price == 2490
    assert len(catalog.all()) == 1


def test_a_bad_product_keeps_the_whole_delivery_out(database):
    catalog = Catalog(database)

    with pytest.raises(Exception, match="CHECK constraint"):
        catalog.add([TEAPOT, TEAPOT._replace(sku="T2", price=-1)])

    assert catalog.all() == []


def test_pages_cover_a_category_without_gap_or_overlap(database):
    catalog = Catalog(database)
    catalog.add(sample_products(200))

    pages = [catalog.page("garden", number=number, size=7) for number in range(1, 12)]

    skus = [product.sku for page in pages for product in page]
    assert skus == [product.sku for product in catalog.all() if product.category == "garden"]


def test_categories_are_counted(database):
    catalog = Catalog(database)
    catalog.add(sample_products(500))

    counts = catalog.categories()

    assert list(counts) == ["garden", "kitchen", "living", "office"]
    assert sum(counts.values()) == 500


def test_sample_products_are_the_same_for_the_same_seed():
    assert sample_products(2000, seed=7) == sample_products(2000, seed=7)
    assert sample_products(2000, seed=7) != sample_products(2000, seed=8)
