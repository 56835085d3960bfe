"""On which days parcels are delivered."""

from datetime import date, timedelta

FIXED_HOLIDAYS = {
    "AT": {(1, 1), (1, 6), (5, 1), (8, 15), (10, 26), (11, 1), (12, 8), (12, 25), (12, 26)},
    "DE": {(1, 1), (5, 1), (10, 3), (12, 25), (12, 26)},
    "FR": {(1, 1), (5, 1), (5, 8), (7, 14), (8, 15), (11, 1), (11, 11), (12, 25)},
    "NL": {(1, 1), (4, 27), (12, 25), (12, 26)},
}


def easter(year: int) -> date:
    """Easter Sunday in the Gregorian calendar (Gauss, in the form of Butcher)."""
    a, b, c = year % 19, year // 100, year % 100
    d, e = divmod(b, 4)
    g = (8 * b + 13) // 25
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    m = (32 + 2 * e + 2 * i - h - k) % 7
    n = (a + 11 * h + 22 * m) // 451
    month, day = divmod(h + m - 7 * n + 114, 31)
    return date(year, month, day + 1)


def is_delivery_day(country: str, day: date) -> bool:
    """Whether the carrier of that country delivers on `day`."""
    if day.weekday() == 6 or (day.month, day.day) in FIXED_HOLIDAYS[country]:
        return False
    return day != easter(day.year) + timedelta(days=1)
