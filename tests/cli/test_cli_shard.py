"""`lapwing shard` and `lapwing durations`."""

import json

import pytest


def test_every_recorded_test_is_in_one_shard_and_the_bound_is_told(with_history, name_of):
    plan = with_history.json("shard", "--shards", "4")

    names = [name for shard in plan["shards"] for name in shard["tests"]]
    assert sorted(names) == sorted(name_of(at) for at in range(40))
    assert plan["lower_bound_ns"] <= plan["makespan_ns"] <= plan["lower_bound_ns"] * 4 / 3
    assert with_history.run("shard", "--shards", "4") == 0
    assert "that no split can beat" in with_history.out


def test_only_prints_names_and_all_shards_together_are_the_suite(with_history, name_of):
    names = []
    for shard in "12":
        assert with_history.run("shard", "--shards", "2", "--only", shard) == 0
        names += with_history.out.splitlines()

    assert sorted(names) == sorted(name_of(at) for at in range(40))


def test_names_of_a_file_are_split_by_what_is_known_of_them(with_history, name_of):
    (with_history.root / "names").write_text(f"{name_of(0)}\nnever_seen\n")

    plan = with_history.json("shard", "--shards", "1", "--tests", "names")

    assert plan["shards"][0]["tests"] == [name_of(0), "never_seen"]
    assert plan["shards"][0]["unknown"] == 1


def test_a_shard_that_is_not_there_is_refused(with_history):
    assert with_history.run("shard", "--shards", "2", "--only", "3") == 2
    assert "numbered from 1 to 2" in with_history.err


def test_without_a_run_the_way_to_one_is_told(shop):
    assert shop.run("shard", "--shards", "2") == 2
    assert "pytest --track-performance" in shop.err


def test_durations_of_pytest_split_are_seconds_by_node_id_and_can_be_read_back(with_history, name_of):
    with_history.run("durations", "--format", "pytest-split", "--output", ".test_durations")

    seconds = json.loads((with_history.root / ".test_durations").read_text())
    assert seconds[name_of(7)] == pytest.approx(0.107, rel=0.02)
    plan = with_history.json("shard", "--shards", "3", "--times", ".test_durations")
    assert plan["digest"] == with_history.json("shard", "--shards", "3")["digest"]
    assert plan["times"] == ".test_durations"


def test_the_page_of_durations_has_the_longest_first(with_history, name_of):
    assert with_history.run("durations", "--limit", "3") == 0
    assert with_history.out.index(name_of(39)) < with_history.out.index(name_of(37))


@pytest.mark.parametrize(
    "content", ["[1]", '{"t": -1}', '{"t": true}', '{"t": "long"}', "{", "3", '{"t": 1e99}']
)
def test_a_file_that_holds_no_durations_is_refused(with_history, content):
    (with_history.root / "times").write_text(content)

    assert with_history.run("shard", "--shards", "2", "--times", "times") == 2
    assert "not a file of durations" in with_history.err
