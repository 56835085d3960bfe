from datetime import date, timedelta

import pytest
from shop.errors import NotFoundError
from shop.pricing import GROUP_REBATE, ONE, VAT, Coupon, PriceBook, exchange_rate
from shop.sample_data import sample_products

RATES = {"EUR": ONE, "USD": 10_850, "GBP": 8_560}


@pytest.fixture
def assortment():
    return sample_products(900)


@pytest.mark.parametrize("country", sorted(VAT))
@pytest.mark.parametrize("group", sorted(GROUP_REBATE))
@pytest.mark.parametrize("currency", sorted(RATES))
def test_every_kind_of_customer_pays_list_price_less_rebate_plus_tax(assortment, currency, group, country):
    book = PriceBook(assortment, group=group, rate=RATES[currency])

    quote = book.quote("P00007", 1, country=country)

    exact = assortment[7].price * RATES[currency] / ONE * (1 - GROUP_REBATE[group] / 1000)
    assert quote.net == pytest.approx(exact, abs=1)
    assert quote.vat == pytest.approx(quote.net * VAT[country] / 1000, abs=0.5)


def test_more_pieces_never_cost_more_each(assortment):
    book = PriceBook(assortment)

    for product in assortment[:200]:
        units = [book.quote(product.sku, quantity, country="DE").unit for quantity in range(1, 60)]
        assert units == sorted(units, reverse=True)


def test_a_tier_begins_at_its_quantity(assortment):
    book = PriceBook(assortment)

    for quantity, rebate in ((4, 0), (5, 0.02), (24, 0.04), (25, 0.07), (50, 0.1)):
        quote = book.quote("P00000", quantity, country="DE")
        assert quote.unit == pytest.approx(assortment[0].price * (1 - rebate), abs=0.51)


def test_staff_pays_less_than_trade_and_trade_less_than_regular(assortment):
    staff, trade, regular = (PriceBook(assortment, group=group) for group in ("staff", "trade", "regular"))

    for product in assortment:
        prices = [book.quote(product.sku, 1, country="FR").gross for book in (staff, trade, regular)]
        assert prices == sorted(prices)


def test_no_price_for_an_unknown_product(assortment):
    with pytest.raises(NotFoundError):
        PriceBook(assortment).quote("X1", 1, country="DE")


class TestCoupons:
    SPRING = Coupon("SPRING", per_mille=100, minimum=5000, valid_until=date(2024, 5, 31))

    def test_a_coupon_takes_its_share_off(self, today):
        assert self.SPRING.rebate_on(10_000, today=today) == 1000

    def test_a_small_cart_gets_nothing(self, today):
        assert self.SPRING.rebate_on(4999, today=today) == 0

    @pytest.mark.parametrize(("days", "rebate"), [(14, 500), (15, 0)])
    def test_a_coupon_ends_after_its_last_day(self, today, days, rebate):
        assert self.SPRING.rebate_on(5000, today=today + timedelta(days=days)) == rebate

    @pytest.mark.xfail(reason="a coupon cannot be limited to one use for each customer yet", raises=TypeError)
    def test_a_coupon_can_be_used_once(self, today):
        assert Coupon("ONCE", per_mille=100, uses=1).rebate_on(5000, today=today) == 500


class TestExchangeRates:
    @pytest.mark.parametrize(("currency", "low", "high"), [("USD", 10_600, 11_100), ("GBP", 8_400, 8_700)])
    def test_every_day_has_a_plausible_rate(self, database, currency, low, high):
        days = [date(2023, 1, 1) + timedelta(days=count) for count in range(0, 1090, 7)]

        assert all(low < exchange_rate(database, currency, day) < high for day in days)

    def test_before_the_first_day_there_is_no_rate(self, database):
        with pytest.raises(NotFoundError):
            exchange_rate(database, "USD", date(1999, 12, 31))
