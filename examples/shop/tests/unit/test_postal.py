from itertools import pairwise

import pytest
from shop.postal import ZONES, surcharge, zone_of


def test_the_zone_tells_how_far_the_depot_is():
    assert [zone_of(code) for code in ("10115", "D-80331", "01067", "50667")] == [1, 1, 2, 4]


def test_what_is_no_postal_code_has_no_zone():
    with pytest.raises(KeyError):
        zone_of("123")


def test_every_zone_is_used():
    assert set(ZONES.values()) == {1, 2, 3, 4}


def test_neighboring_codes_are_at_most_one_zone_apart():
    codes = [f"{code:05}" for code in range(1_000, 2_000)]

    assert all(abs(ZONES[one] - ZONES[other]) <= 1 for one, other in pairwise(codes))


def test_near_parcels_cost_nothing_more_and_heavy_ones_far_away_the_most():
    assert surcharge("10115", 9000) == 0
    assert surcharge("50667", 9000) > surcharge("50667", 900) > surcharge("01067", 900) > 0
