import csv
import io
from datetime import date, timedelta
from random import Random

import pytest
from shop.reports import Sale, as_csv, best_sellers, bought_together, by_category, by_month
from shop.sample_data import sample_products


@pytest.fixture(scope="module")
def year():
    """A year of sales in a shop with 300 products and 500 customers."""
    random, products = Random(3), sample_products(300)
    found = []
    for number in range(20_000):
        product = random.choice(products)
        quantity = random.randrange(1, 5)
        day = date(2023, 1, 1) + timedelta(days=number * 365 // 20_000)
        customer = random.randrange(1, 501)
        found.append(Sale(day, customer, product.sku, product.category, quantity, quantity * product.price))
    return found


def test_months_add_up_to_the_year(year):
    months = by_month(year)

    assert list(months) == [f"2023-{month:02}" for month in range(1, 13)]
    assert sum(months.values()) == sum(sale.net for sale in year)


def test_categories_come_strongest_first(year):
    totals = list(by_category(year).values())

    assert totals == sorted(totals, reverse=True)
    assert len(totals) == 4


def test_the_best_seller_sold_most(year):
    (sku, pieces), *_ = best_sellers(year, count=3)

    assert pieces == sum(sale.quantity for sale in year if sale.sku == sku)
    assert pieces >= max(count for _, count in best_sellers(year, count=300))


def test_no_more_best_sellers_than_asked_for(year):
    assert [len(best_sellers(year, count=count)) for count in (1, 10, 1000)] == [1, 10, 300]


def test_pairs_are_the_same_in_any_order_of_sales(year):
    assert bought_together(year) == bought_together(year[::-1])


def test_a_pair_needs_two_categories(year):
    assert all(one < other for one, other in bought_together(year))


def test_a_spreadsheet_has_every_sale(year):
    rows = list(csv.DictReader(io.StringIO(as_csv(year[:4000]))))

    assert len(rows) == 4000
    assert rows[0]["net"] == f"{year[0].net / 100:.2f}"


def test_no_sales_give_empty_reports():
    assert by_month([]) == {}
    assert by_category([]) == {}
    assert best_sellers([]) == []
    assert as_csv([]) == "day,customer,sku,category,quantity,net\n"
