"""Sets of words behave as enumerations of texts do."""

import copy
import json
import pickle

import pytest

from lapwing.model.record import Outcome


def test_a_text_finds_its_member() -> None:
    assert Outcome("passed") is Outcome.PASSED


def test_a_member_finds_itself() -> None:
    assert Outcome(Outcome.FAILED) is Outcome.FAILED


def test_an_unknown_text_is_refused_by_name() -> None:
    with pytest.raises(ValueError, match="'splendid' is not a valid Outcome"):
        Outcome("splendid")


def test_members_are_told_in_the_order_written() -> None:
    assert list(Outcome)[:3] == [Outcome.PASSED, Outcome.FAILED, Outcome.ERROR]


def test_a_member_is_its_text() -> None:
    assert Outcome.PASSED == "passed"
    assert {"passed": 1}[Outcome.PASSED] == 1
    assert json.dumps([Outcome.PASSED]) == '["passed"]'
    assert f"{Outcome.PASSED}" == "passed"


def test_name_and_value() -> None:
    assert (Outcome.PASSED.name, Outcome.PASSED.value) == ("PASSED", "passed")
    assert type(Outcome.PASSED.value) is str


@pytest.mark.parametrize("copied", [copy.copy, copy.deepcopy, lambda each: pickle.loads(pickle.dumps(each))])
def test_a_copy_is_the_member(copied) -> None:
    assert copied(Outcome.ERROR) is Outcome.ERROR


def test_a_word_is_told_from_a_plain_text() -> None:
    assert repr(Outcome.PASSED) == "<Outcome.PASSED: 'passed'>"
    assert isinstance(Outcome.PASSED, Outcome)
    assert not isinstance("passed", Outcome)


def test_no_word_can_be_added() -> None:
    with pytest.raises(AttributeError, match="no new words"):
        Outcome.SPLENDID = "splendid"  # type: ignore[misc,assignment]
