"""Delivery zones of German postal codes: how far it is from the nearest depot."""

from math import asin, cos, radians, sin, sqrt

DEPOTS = ((52.5, 13.4), (48.1, 11.6))  # latitude, longitude in degrees
REGIONS = (
    (51.2, 13.2),
    (52.9, 12.8),
    (53.6, 9.6),
    (51.9, 9.9),
    (51.7, 7.2),
    (50.5, 7.1),
    (49.8, 8.3),
    (48.5, 8.9),
    (48.1, 11.4),
    (49.9, 11.1),
)  # centers of the ten regions, from 0 on
ZONE_ENDS = (120.0, 200.0, 300.0)  # kilometers
EARTH = 6371.0  # kilometers


def _distance(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Kilometers between two places, by the haversine formula."""
    (lat1, lon1), (lat2, lon2) = one, other
    up, across = radians(lat2 - lat1), radians(lon2 - lon1)
    chord = sin(up / 2) ** 2 + cos(radians(lat1)) * cos(radians(lat2)) * sin(across / 2) ** 2
    return 2 * EARTH * asin(sqrt(chord))


def _place(code: int) -> tuple[float, float]:
    """About where a postal code lies: its first digit tells the region, the others the place in it."""
    latitude, longitude = REGIONS[code // 10_000]
    return latitude + code // 1000 % 10 / 10 - 0.45, longitude + code % 1000 / 1000 - 0.5


def _zone(code: int) -> int:
    nearest = min(_distance(_place(code), depot) for depot in DEPOTS)
    return sum(nearest > end for end in ZONE_ENDS) + 1


ZONES = {f"{code:05}": _zone(code) for code in range(1_000, 100_000)}


def zone_of(postal_code: str) -> int:
    """The zone from 1 (near) to 4 (far); KeyError for what is no postal code."""
    return ZONES[postal_code.strip().removeprefix("D-")]


def surcharge(postal_code: str, weight: int) -> int:
    """Cents on top for a parcel of so many grams."""
    return (zone_of(postal_code) - 1) * (40 + 15 * (weight // 1000))
