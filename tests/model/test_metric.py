"""Metrics by name."""

import pytest

from lapwing.model.metric import METRICS, Unit, metric_named


@pytest.mark.parametrize("name", METRICS)
def test_a_metric_is_found_by_its_name(name):
    assert metric_named(name).name == name


def test_a_counter_of_a_probe_is_a_metric_of_counts():
    metric = metric_named("counter:sql")

    assert (metric.name, metric.unit, metric.is_time) == ("counter:sql", Unit.COUNT, False)


def test_an_unknown_metric_is_refused():
    with pytest.raises(KeyError):
        metric_named("nonsense")
