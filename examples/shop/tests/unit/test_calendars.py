from datetime import date, timedelta

import pytest
from shop.calendars import FIXED_HOLIDAYS, easter, is_delivery_day


def test_easter_falls_on_the_known_day():
    known = (date(2000, 4, 23), date(2008, 3, 23), date(2019, 4, 21), date(2024, 3, 31), date(2038, 4, 25))

    assert tuple(easter(day.year) for day in known) == known


def test_easter_is_a_sunday_between_march_22_and_april_25_for_400_years():
    for year in range(1900, 2300):
        assert easter(year).weekday() == 6
        assert date(year, 3, 22) <= easter(year) <= date(year, 4, 25)


@pytest.mark.parametrize("country", sorted(FIXED_HOLIDAYS))
def test_nothing_is_delivered_on_sundays_and_easter_monday(country):
    days = [date(2015, 1, 1) + timedelta(days=count) for count in range(12 * 365)]

    delivered = {day for day in days if is_delivery_day(country, day)}

    assert not any(day.weekday() == 6 for day in delivered)
    assert not any(easter(year) + timedelta(days=1) in delivered for year in range(2015, 2027))
    assert 298 * 12 < len(delivered) < 312 * 12
