import pytest
from shop.cart import MOST_PIECES, Cart
from shop.errors import InvalidInputError, NotFoundError


def test_pieces_of_one_product_add_up(stocked):
    cart = Cart(stocked, 1)

    cart.put("P00003")
    cart.put("P00003", 4)

    assert cart.lines() == {"P00003": 5}


def test_lines_come_by_sku(stocked):
    cart = Cart(stocked, 1)

    for sku in ("P00020", "P00002", "P00011"):
        cart.put(sku)

    assert list(cart.lines()) == ["P00002", "P00011", "P00020"]


def test_carts_of_two_customers_are_apart(stocked):
    Cart(stocked, 1).put("P00001")

    assert Cart(stocked, 2).lines() == {}


def test_a_product_that_is_not_sold_cannot_be_put_in(stocked):
    with pytest.raises(NotFoundError):
        Cart(stocked, 1).put("X99999")


@pytest.mark.parametrize("quantity", [0, MOST_PIECES + 1])
def test_a_senseless_quantity_is_refused(stocked, quantity):
    with pytest.raises(InvalidInputError):
        Cart(stocked, 1).put("P00001", quantity)


def test_the_limit_holds_for_the_sum_of_pieces(stocked):
    cart = Cart(stocked, 1)
    cart.put("P00001", MOST_PIECES)

    with pytest.raises(InvalidInputError):
        cart.put("P00001")

    assert cart.lines() == {"P00001": MOST_PIECES}


def test_a_line_can_be_removed_and_removed_again(stocked):
    cart = Cart(stocked, 1)
    cart.put("P00001", 2)
    cart.put("P00002", 1)

    cart.remove("P00001")
    cart.remove("P00001")

    assert cart.lines() == {"P00002": 1}


def test_the_total_is_the_sum_of_its_lines(stocked, prices):
    cart = Cart(stocked, 1)
    cart.put("P00001", 2)
    cart.put("P00002", 30)

    expected = prices.quote("P00001", 2, country="NL").gross + prices.quote("P00002", 30, country="NL").gross

    assert cart.total(prices, country="NL") == expected


def test_clearing_leaves_the_carts_of_others(stocked):
    Cart(stocked, 1).put("P00001")
    Cart(stocked, 2).put("P00002")

    Cart(stocked, 1).clear()

    assert Cart(stocked, 1).lines() == {}
    assert Cart(stocked, 2).lines() == {"P00002": 1}
