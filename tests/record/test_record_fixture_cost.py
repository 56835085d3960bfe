"""Times of fixtures, event by event."""

import json

import pytest

from lapwing.record.fixture_cost import FixtureCost


class Costs:
    """A `FixtureCost` with a clock moved by hand, and what it wrote."""

    def __init__(self):
        self.now = 100
        self.written = []
        self.cost = FixtureCost(self.written.append, lambda: self.now)

    def set_up(self, name, takes, *, inside=(), scope="function", param=None, failed=False):
        began = self.cost.begin_setup()
        for inner in inside:
            self.set_up(*inner)
        self.now += takes
        definition = self.definitions.setdefault(name, object())
        self.cost.end_setup(definition, began, lambda _: (name, scope, "a.py:1"), param, failed)

    def tear_down(self, name, takes=0):
        self.now += takes
        self.cost.end_teardown(self.definitions[name])

    @property
    def setups(self):
        return [json.loads(text) for text in self.cost.setups]

    @property
    def teardowns(self):
        return [json.loads(text) for text in self.cost.teardowns]


@pytest.fixture
def costs():
    made = Costs()
    made.definitions = {}
    return made


def test_a_definition_is_described_with_its_first_set_up_only(costs):
    costs.set_up("db", 5, scope="session", param="p", failed=True)
    costs.set_up("db", 6)

    assert costs.setups == [
        [0, 0, 100, 5, "p", True, "db", "session", "a.py:1"],
        [1, 0, 105, 6, None, False],
    ]


def test_time_of_fixtures_asked_for_inside_is_taken_out(costs):
    costs.set_up("outer", 1, inside=[("one", 10), ("two", 20)])

    assert [(each[6], each[3]) for each in costs.setups] == [("one", 10), ("two", 20), ("outer", 1)]


def test_a_tear_down_lasts_from_the_event_before_it(costs):
    costs.set_up("one", 1)
    costs.set_up("two", 1)
    costs.now += 1000  # the test
    costs.cost.last_event = costs.now

    costs.tear_down("two", 7)
    costs.tear_down("one", 4)

    assert costs.teardowns == [[1, 7], [0, 4]]


def test_a_tear_down_told_twice_counts_once_and_keeps_the_clock(costs):
    costs.set_up("one", 1)
    costs.set_up("two", 1)

    costs.tear_down("two", 7)
    costs.tear_down("two", 100)
    costs.tear_down("one", 4)

    assert costs.teardowns == [[1, 7], [0, 4]]


def test_the_rest_is_written_once(costs):
    costs.set_up("db", 5)
    costs.tear_down("db", 2)

    costs.cost.write_rest("a.py::t")
    costs.cost.write_rest("a.py::t")

    assert [json.loads(each) for each in costs.written] == [
        ["z", "a.py::t", [[0, 0, 100, 5, None, False, "db", "function", "a.py:1"]], [[0, 2]]]
    ]
