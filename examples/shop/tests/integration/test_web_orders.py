import os

import pytest

pytestmark = pytest.mark.api


def order(browser, card="card-ok", **wanted):
    for sku, quantity in wanted.items():
        browser.ask("POST", "/cart", {"sku": sku, "quantity": quantity})
    return browser.ask("POST", "/orders", {"card": card, "country": "DE"})


class TestOrdering:
    def test_an_order_is_paid_at_once(self, customer, gateway):
        status, answer = order(customer, P00010=2)

        assert status == 200
        assert answer["status"] == "paid"
        assert gateway.charges[f"order-{answer['number']}"] == answer["gross"]

    def test_an_order_empties_the_cart(self, customer):
        order(customer, P00010=1)

        assert customer.ask("GET", "/cart")[1]["lines"] == {}

    def test_an_empty_cart_cannot_be_ordered(self, customer):
        assert order(customer) == (400, {"error": "the cart is empty"})

    def test_a_declined_card_leaves_the_cart_and_cancels_the_order(self, customer):
        assert order(customer, "card-declined", P00011=3)[0] == 402

        assert customer.ask("GET", "/cart")[1]["lines"] == {"P00011": 3}
        assert customer.ask("GET", "/orders")[1]["orders"][0]["status"] == "canceled"
        customer.ask("DELETE", "/cart/P00011")

    def test_a_busy_gateway_delays_the_order_only(self, customer):
        assert order(customer, "card-busy-2", P00012=1)[1]["status"] == "paid"

    def test_an_order_shows_its_titles(self, customer):
        number = order(customer, P00013=1, P00014=2)[1]["number"]

        lines = customer.ask("GET", f"/orders/{number}")[1]["lines"]

        assert [line["title"] for line in lines] == [
            customer.ask("GET", f"/products/{sku}")[1]["title"] for sku in ("P00013", "P00014")
        ]

    def test_an_invoice_is_a_pdf(self, customer):
        number = order(customer, P00015=1)[1]["number"]

        status, pdf = customer.ask("GET", f"/orders/{number}/invoice")

        assert status == 200
        assert pdf.startswith(b"%PDF")

    def test_orders_come_newest_first(self, customer):
        numbers = [order(customer, P00016=1)[1]["number"] for _ in range(5)]

        shown = [one["number"] for one in customer.ask("GET", "/orders")[1]["orders"]]

        assert shown[:5] == numbers[::-1]

    @pytest.mark.skipif("SHOP_BANK_SANDBOX" not in os.environ, reason="needs the bank's sandbox")
    def test_the_bank_takes_its_own_test_card(self, customer):
        assert order(customer, os.environ["SHOP_BANK_SANDBOX"], P00010=1)[0] == 200


class TestPrivacy:
    def test_the_order_of_another_is_not_found(self, customer, visitor, new_email):
        number = order(customer, P00017=1)[1]["number"]
        visitor.log_in(new_email())

        assert visitor.ask("GET", f"/orders/{number}")[0] == 404
        assert visitor.ask("GET", f"/orders/{number}/invoice")[0] == 404
        assert visitor.ask("GET", "/orders")[1]["orders"] == []
