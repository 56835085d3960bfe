from datetime import date

import pytest
from shop.errors import NotFoundError, OutOfStockError
from shop.inventory import Inventory, arrival


def test_goods_that_came_in_are_available(stocked):
    inventory = Inventory(stocked)

    inventory.receive("P00001", 5)

    assert inventory.available("P00001") == 15


def test_reserved_goods_are_not_available(stocked):
    inventory = Inventory(stocked)

    inventory.reserve(1, {"P00001": 4, "P00002": 10})

    assert inventory.available("P00001") == 6
    assert inventory.available("P00002") == 0


def test_more_than_there_is_cannot_be_reserved(stocked):
    inventory = Inventory(stocked)
    inventory.reserve(1, {"P00001": 7})

    with pytest.raises(OutOfStockError, match="only 3 of P00001 left"):
        inventory.reserve(2, {"P00001": 4})


def test_released_goods_are_available_again(stocked):
    inventory = Inventory(stocked)
    inventory.reserve(1, {"P00001": 4})
    inventory.reserve(2, {"P00001": 1})

    inventory.release(1)

    assert inventory.available("P00001") == 9


def test_shipped_goods_leave_the_shelf_and_the_promise(stocked):
    inventory = Inventory(stocked)
    inventory.reserve(1, {"P00001": 4})

    inventory.ship(1)

    assert inventory.available("P00001") == 6
    assert stocked.execute("SELECT count(*) FROM reservations").fetchone()[0] == 0


@pytest.mark.parametrize(
    ("country", "sent_on", "days", "expected"),
    [
        ("DE", date(2024, 5, 17), 1, date(2024, 5, 18)),
        ("DE", date(2024, 4, 30), 1, date(2024, 5, 2)),
        ("AT", date(2024, 12, 24), 1, date(2024, 12, 27)),
    ],
)
def test_a_parcel_arrives_after_days_of_delivery(database, country, sent_on, days, expected):
    assert arrival(database, country, sent_on, working_days=days) == expected


def test_after_the_calendar_nobody_knows_the_day(database):
    with pytest.raises(NotFoundError):
        arrival(database, "DE", date(2025, 12, 30), working_days=5)
