"""Metrics of one's own: what is refused."""

import pytest

from lapwing.api.record import record_metric


@pytest.mark.parametrize("value", ["x", None, -1, float("nan")])
def test_what_is_no_number_is_refused_by_its_name(value):
    with pytest.raises(ValueError, match=f"rows: {value!r} is not a number of 0 or more"):
        record_metric("rows", value)
