"""Values: frozen, named, and made like calls of functions."""

import copy
import pickle

import pytest

from lapwing.model.value import Value


class Point(Value):
    x: int
    y: int = 0
    name: str = "origin"


class Empty(Value):
    pass


@pytest.mark.parametrize(
    "point", [Point(1, 2, "a"), Point(1, 2, name="a"), Point(name="a", y=2, x=1), Point._make([1, 2, "a"])]
)
def test_a_value_is_made_by_place_by_name_or_both(point):
    assert (point.x, point.y, point.name) == (1, 2, "a")


def test_what_is_not_given_has_its_default():
    assert Point(x=1) == Point(1, 0, "origin")


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Point(), "Point needs a value for 'x'"),
        (lambda: Point(y=1), "Point needs a value for 'x'"),
        (lambda: Point(1, 2, "a", 4), "Point takes 3 values, got 4"),
        (lambda: Point(1, z=2), "Point has no field 'z' to give"),
        (lambda: Point(1, x=2), "Point has no field 'x' to give"),
        (lambda: Empty(1), "Empty takes 0 values, got 1"),
    ],
)
def test_a_wrong_call_is_told_like_that_of_a_function(make, message):
    with pytest.raises(TypeError, match=message):
        make()


def test_a_value_cannot_be_changed():
    with pytest.raises(AttributeError, match=r"Point is frozen; use _replace\(x=...\)"):
        Point(1).x = 2


def test_a_changed_value_is_a_new_value():
    point = Point(1, 2)

    assert point._replace(y=5) == Point(1, 5)
    assert point == Point(1, 2)


def test_a_change_of_no_field_is_refused():
    with pytest.raises(ValueError, match="Point has no field 'z'"):
        Point(1)._replace(z=5)


def test_values_are_equal_and_hashed_by_their_content():
    assert Point(1, 2) == Point(1, 2) == (1, 2, "origin")
    assert len({Point(1), Point(1), Point(2)}) == 2


def test_a_value_is_shown_as_it_could_be_written():
    assert repr(Point(1)) == "Point(x=1, y=0, name='origin')"
    assert repr(Empty()) == "Empty()"


def test_a_value_becomes_a_dictionary_in_the_order_of_its_fields():
    assert list(Point(1)._asdict().items()) == [("x", 1), ("y", 0), ("name", "origin")]


@pytest.mark.parametrize("again", [copy.copy, copy.deepcopy, lambda value: pickle.loads(pickle.dumps(value))])
def test_a_copy_is_equal_and_of_the_same_class(again):
    point = Point(1, 2, "a")

    assert again(point) == point
    assert type(again(point)) is Point


def test_a_value_can_be_taken_apart():
    x, y, name = Point(1, 2, "a")

    assert (x, y, name) == (1, 2, "a")


def test_all_values_of_the_model_have_fields_in_an_order_that_a_call_allows():
    from lapwing.model import baseline, comparison, measurement, record, run, series, thresholds

    modules = (baseline, comparison, measurement, record, run, series, thresholds)
    values = {
        each
        for module in modules
        for each in vars(module).values()
        if isinstance(each, type) and issubclass(each, Value) and each is not Value
    }
    assert len(values) > 10
    for value in values:
        has_default = [name in value._defaults for name in value._fields]
        assert has_default == sorted(has_default), value
