import pytest

pytestmark = pytest.mark.api


def test_categories_are_listed_with_their_counts(visitor):
    status, answer = visitor.ask("GET", "/products")

    assert status == 200
    assert sum(answer["categories"].values()) == 400


def test_a_category_comes_in_pages_of_twenty(visitor):
    first = visitor.ask("GET", "/products?category=garden")[1]["products"]
    second = visitor.ask("GET", "/products?category=garden&page=2")[1]["products"]

    assert len(first) == len(second) == 20
    assert first[-1]["sku"] < second[0]["sku"]


def test_all_pages_of_all_categories_show_the_whole_catalog(visitor):
    skus = set()
    for category in visitor.ask("GET", "/products")[1]["categories"]:
        for page in range(1, 8):
            answer = visitor.ask("GET", f"/products?category={category}&page={page}")[1]
            skus.update(product["sku"] for product in answer["products"])

    assert len(skus) == 400


def test_a_product_has_a_page(visitor):
    status, answer = visitor.ask("GET", "/products/P00042")

    assert status == 200
    assert answer["sku"] == "P00042"


@pytest.mark.parametrize("path", ["/products/X1", "/products/P00042/reviews"])
def test_what_does_not_exist_is_not_found(visitor, path):
    assert visitor.ask("GET", path)[0] == 404


def test_search_gives_titles_that_fit(visitor):
    status, answer = visitor.ask("GET", "/search?q=copper+kettle")

    assert status == 200
    assert "kettle" in answer["hits"][0]["title"]
