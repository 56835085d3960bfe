import pytest

pytestmark = pytest.mark.api


@pytest.fixture(autouse=True)
def empty_cart(customer):
    for sku in customer.ask("GET", "/cart")[1]["lines"]:
        customer.ask("DELETE", f"/cart/{sku}")


class TestCart:
    def test_what_was_put_in_is_there(self, customer):
        customer.ask("POST", "/cart", {"sku": "P00005", "quantity": 2})

        assert customer.ask("GET", "/cart")[1]["lines"] == {"P00005": 2}

    def test_one_piece_is_put_in_if_no_number_is_given(self, customer):
        assert customer.ask("POST", "/cart", {"sku": "P00005"}) == (200, {"lines": {"P00005": 1}})

    def test_what_was_taken_out_is_gone(self, customer):
        customer.ask("POST", "/cart", {"sku": "P00005"})

        assert customer.ask("DELETE", "/cart/P00005") == (200, {"lines": {}})

    def test_too_many_pieces_are_refused(self, customer):
        assert customer.ask("POST", "/cart", {"sku": "P00005", "quantity": 501})[0] == 400

    def test_the_total_grows_with_the_tax_of_the_country(self, customer):
        customer.ask("POST", "/cart", {"sku": "P00005", "quantity": 10})

        answers = [customer.ask("GET", f"/cart?country={country}")[1] for country in ("DE", "FR", "NL")]
        totals = [answer["total"] for answer in answers]

        assert totals == sorted(totals)
        assert len(set(totals)) == 3

    def test_a_country_without_delivery_is_refused(self, customer):
        assert customer.ask("GET", "/cart?country=XX") == (400, {"error": "we do not deliver to XX"})

    def test_a_cart_of_thirty_products_has_thirty_lines(self, customer):
        for number in range(30):
            customer.ask("POST", "/cart", {"sku": f"P{number:05}"})

        assert len(customer.ask("GET", "/cart")[1]["lines"]) == 30
