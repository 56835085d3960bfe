import pytest
from shop.errors import InvalidInputError, OutOfStockError
from shop.inventory import Inventory
from shop.orders import OrderBook


@pytest.fixture
def book(stocked):
    return OrderBook(stocked)


@pytest.fixture
def order(book, prices, today):
    return book.place(1, {"P00001": 2, "P00002": 6}, prices, country="DE", today=today)


def test_an_order_keeps_what_was_wanted(order):
    assert [(line.sku, line.quantity) for line in order.lines] == [("P00001", 2), ("P00002", 6)]
    assert order.status == "placed"


def test_an_order_keeps_its_prices_when_the_catalog_changes(stocked, book, order):
    stocked.execute("UPDATE products SET price = 1")

    assert book.get(order.number).net == order.net


def test_an_order_reserves_its_goods(stocked, order):
    assert Inventory(stocked).available("P00002") == 4


def test_an_order_that_cannot_be_filled_leaves_no_trace(stocked, book, prices, today):
    with pytest.raises(OutOfStockError):
        book.place(1, {"P00001": 1, "P00002": 11}, prices, country="DE", today=today)

    assert book.history(1) == []
    assert Inventory(stocked).available("P00001") == 10


def test_an_empty_order_is_refused(book, prices, today):
    with pytest.raises(InvalidInputError):
        book.place(1, {}, prices, country="DE", today=today)


def test_gross_is_net_with_the_tax_of_the_country(order):
    assert abs(order.gross * 100 - order.net * 119) <= 100


def test_a_canceled_order_gives_its_goods_back(stocked, book, order):
    book.advance(order.number, "canceled")

    assert Inventory(stocked).available("P00002") == 10


def test_a_shipped_order_takes_its_goods_along(stocked, book, order):
    book.record_payment(order.number, order.gross, "ref-1")

    shipped = book.advance(order.number, "shipped")

    assert shipped.status == "shipped"
    assert Inventory(stocked).available("P00001") == 8


@pytest.mark.parametrize(("first", "then"), [("canceled", "shipped"), ("paid", "placed")])
def test_an_order_never_goes_back(book, order, first, then):
    book.advance(order.number, first)

    with pytest.raises(InvalidInputError, match=f"is {first} and cannot become {then}"):
        book.advance(order.number, then)


def test_a_product_that_is_gone_keeps_its_line(stocked, book, order):
    stocked.execute("PRAGMA foreign_keys = OFF")
    stocked.execute("DELETE FROM products WHERE sku = 'P00001'")

    assert book.get(order.number).lines[0].title == "(no longer sold)"
