"""Reading the report of `python -X importtime`."""

import subprocess
import sys

from lapwing.analysis.import_tree import import_tree

REPORT = """\
import time: self [us] | cumulative | imported package
import time:       100 |        100 |     heavy.core
import time:        50 |        150 |   heavy
import time:         7 |          7 |   light
import time:        20 |        177 | conftest
some other line
import time:        30 |         30 | pandas
lapwing: imports of tests/test_a.py
import time:        40 |         40 | pytest_cov
lapwing: imports of
"""


def test_each_module_has_its_times_and_its_first_importer():
    tree = {each.module: each[1:] for each in import_tree(REPORT.splitlines())}

    assert tree == {
        "heavy.core": (100_000, 100_000, "heavy"),
        "heavy": (50_000, 150_000, "conftest"),
        "light": (7_000, 7_000, "conftest"),
        "conftest": (20_000, 177_000, "tests/test_a.py"),
        "pandas": (30_000, 30_000, "tests/test_a.py"),
        "pytest_cov": (40_000, 40_000, ""),
    }


def test_what_this_python_writes_is_read():
    command = [sys.executable, "-X", "importtime", "-c", "import json"]
    # lapwing: allow LW103 what this interpreter writes is what is read
    ended = subprocess.run(command, capture_output=True, text=True, check=True)

    tree = {each.module: each for each in import_tree(ended.stderr.splitlines())}

    assert tree["json.decoder"].imported_by == "json"
    assert tree["json"].cumulative_ns >= tree["json.decoder"].cumulative_ns
