"""Comments that let a finding through."""

import pytest

HEAD = "import time\n"
LET_THROUGH = {
    "same line": "def test():\n    time.sleep(1)  # lapwing: allow LW101 the device is slow\n",
    "by name": "def test():\n    time.sleep(1)  # lapwing: allow real-sleep the device is slow\n",
    "several rules": "def test():\n    time.sleep(1)  # lapwing: allow LW103, LW101 both\n",
    "noqa": "def test():\n    time.sleep(1)  # noqa: LW101\n",
    "noqa among others": "def test():\n    time.sleep(1)  # noqa: E501, LW101\n",
    "line above": "def test():\n    # lapwing: allow LW101 the device is slow\n    time.sleep(1)\n",
    "def": "def test():  # lapwing: allow LW101 the device is slow\n    pass\n    time.sleep(1)\n",
    "class": "class Test:  # lapwing: allow LW101 slow\n    def test(self):\n        time.sleep(1)\n",
    "file": "# lapwing: allow-file LW101 the device is slow\ndef test():\n    time.sleep(1)\n",
    "last line of a call": "def test():\n    time.sleep(\n        1\n    )  # lapwing: allow LW101 slow\n",
}
NOT = {
    "another rule": "def test():\n    time.sleep(1)  # lapwing: allow LW103 x\n",
    "another line": "def test():\n    pass  # lapwing: allow LW101 x\n    time.sleep(1)\n",
    "text": "def test():\n    time.sleep(1), '# lapwing: allow LW101 x'\n",
}


@pytest.mark.parametrize("source", LET_THROUGH.values(), ids=LET_THROUGH)
def test_a_comment_lets_through_what_it_names(places_in, source):
    assert [code for code, _ in places_in(HEAD + source) if code != "LW114"] == []


@pytest.mark.parametrize("source", NOT.values(), ids=NOT)
def test_a_comment_about_something_else_lets_nothing_through(places_in, source):
    assert "LW101" in [code for code, _ in places_in(HEAD + source)]


def test_a_comment_for_a_rule_that_was_left_out_is_not_called_unused(places_in):
    source = HEAD + "def test():\n    time.sleep(1)  # lapwing: allow LW101 x\n"

    assert places_in(source, ignore=("LW101",)) == []


def test_codes_of_other_tools_are_not_ours(places_in):
    assert places_in("import time  # noqa: F401, E402\n# time.sleep\n") == []


def test_a_comment_for_what_recorded_runs_find_is_not_called_unused(places_in):
    source = "def test(db):\n    db.execute(LOCK)  # lapwing: allow n-plus-one rows are locked in turn\n"

    assert places_in(source) == []
