import pytest
from shop.money import display, share, split


def test_amounts_are_shown_with_sign_and_two_digits():
    assert display(0) == "€0.00"
    assert display(100_000_000, "USD") == "$1,000,000.00"
    assert display(-250, "GBP") == "-£2.50"


def test_an_unknown_currency_is_not_shown():
    with pytest.raises(KeyError):
        display(100, "XYZ")


def test_parts_add_up_and_differ_by_a_cent_at_most():
    for parts in range(1, 200):
        amounts = split(100_003, parts)
        assert sum(amounts) == 100_003
        assert max(amounts) - min(amounts) <= 1


def test_a_share_is_never_off_by_more_than_half_a_cent():
    for cents in range(20_000):
        assert abs(share(cents, 190) * 1000 - cents * 190) <= 500
