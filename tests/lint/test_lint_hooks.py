"""Hooks of conftest files that leave tests out by their marks and fixtures, or say that they may be slow."""

import pytest

TEST = "import time, pytest\n@pytest.mark.cluster\ndef test(grid): time.sleep(1)\n"
OPTION = "def pytest_addoption(parser): parser.addoption('--grid-engine', action='store_true')\n"
ITEMS = "import os, sys, pytest\ndef pytest_collection_modifyitems(config, items):\n"
SETUP = "import os, sys, pytest\ndef pytest_runtest_setup(item):\n"

LEFT = {
    "unless an option is given": ITEMS
    + """
    if not config.getoption("--grid-engine"):
        skip = pytest.mark.skip(reason="not asked for")
        for item in items:
            if "cluster" in item.keywords:
                item.add_marker(skip)
""",
    "after a return": ITEMS
    + """
    if config.getoption("--grid-engine"):
        return
    for item in items:
        if item.get_closest_marker("cluster"):
            item.add_marker(pytest.mark.skip)
""",
    "as a test is set up": SETUP
    + """
    if any(mark.name == "cluster" for mark in item.iter_markers()):
        if not item.config.getoption("--grid-engine"):
            pytest.skip("not asked for")
""",
    "by the environment": SETUP
    + """
    wanted = os.environ.get("GRID")
    if item.get_closest_marker("cluster") is not None and not wanted:
        pytest.skip("not asked for")
""",
    "in the other branch": SETUP
    + """
    is_of_cluster = any(item.iter_markers(name="cluster"))
    if item.config.getoption("--grid-engine") is True:
        if not is_of_cluster:
            pytest.skip("others")
    elif is_of_cluster:
        pytest.skip("not asked for")
""",
    "deselected": ITEMS
    + """
    deselected = []
    for item in items:
        if "cluster" not in item.keywords or config.option.grid_engine:
            continue
        deselected.append(item)
""",
    "by what the mark is given": SETUP
    + """
    names = [mark.args[0] for mark in item.iter_markers(name="cluster")]
    if names:
        if item.config.getoption("--grid-engine") not in names:
            pytest.skip(f"needs one of {names}")
""",
    "by a fixture that every test gets": """
import pytest
@pytest.fixture(autouse=True)
def left_out(request):
    if request.node.get_closest_marker("cluster") and not request.config.getoption("--grid-engine"):
        pytest.skip("not asked for")
""",
    "by an expression": """
def pytest_configure(config):
    if not config.option.markexpr:
        config.option.markexpr = "not cluster"
""",
    "kept out of the list": ITEMS
    + """
    if not config.getoption("--grid-engine"):
        items[:] = [item for item in items if "cluster" not in item.keywords]
""",
    "by a fixture": ITEMS
    + """
    for item in items:
        if "grid" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.network)
""",
}
KEPT = {
    "where something is missing": SETUP
    + """
    if "cluster" in item.keywords and not HAS_CLUSTER:
        pytest.skip("no cluster")
""",
    "by a mark that leaves nothing out": ITEMS
    + """
    for item in items:
        if "cluster" in item.keywords:
            item.add_marker(pytest.mark.asyncio)
""",
    "by an option that leaves them out": SETUP
    + """
    if "cluster" in item.keywords and item.config.getoption("--grid-engine"):
        pytest.skip("asked for")
""",
    "on another system": SETUP
    + """
    if "cluster" in item.keywords and sys.platform == "win32":
        pytest.skip("of others")
""",
    "of tests without the mark": SETUP
    + """
    if "cluster" not in item.keywords and not item.config.getoption("--grid-engine"):
        pytest.skip("of others")
""",
    "where the hook may be left before": ITEMS
    + """
    if len(items) > 10:
        return
    for item in items:
        if "cluster" in item.keywords:
            item.add_marker(pytest.mark.skip)
""",
    "by an expression that keeps it": """
def pytest_configure(config):
    config.option.markexpr = "cluster"
""",
    "by a fixture that tests ask for": """
import pytest
@pytest.fixture
def left_out(request):
    if request.node.get_closest_marker("cluster") and not request.config.getoption("--grid-engine"):
        pytest.skip("not asked for")
""",
    "by another fixture": ITEMS
    + """
    for item in items:
        if "other" in item.fixturenames:
            item.add_marker(pytest.mark.slow)
""",
}
GRID = "\n@pytest.fixture\ndef grid(): pass\n"


@pytest.mark.parametrize("hook", LEFT.values(), ids=LEFT)
def test_what_a_hook_leaves_out_may_be_slow(places_in, hook):
    assert places_in(TEST, {"tests/conftest.py": hook + OPTION + GRID}) == []


@pytest.mark.parametrize("hook", KEPT.values(), ids=KEPT)
def test_what_a_hook_leaves_out_elsewhere_only_counts(places_in, hook):
    assert places_in(TEST, {"tests/conftest.py": hook + OPTION + GRID}) == [("LW101", 3)]


@pytest.mark.parametrize(
    ("how", "count"), [("default=True", 1), ("default=False", 0), ("action='store_false'", 1)]
)
def test_an_option_that_is_on_by_default_leaves_nothing_out(places_in, how, count):
    option = OPTION.replace("action='store_true'", how)

    assert len(places_in(TEST, {"tests/conftest.py": LEFT["after a return"] + option + GRID})) == count
