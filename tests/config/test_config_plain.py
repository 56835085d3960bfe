"""A project that sets nothing gets what the option table says, without reading it."""

import subprocess
import sys

import pytest

from lapwing.config.load import load_settings
from lapwing.config.pyproject import ToolTables
from lapwing.config.written import written_settings


@pytest.mark.parametrize("has_tests", [True, False])
def test_plain_settings_are_those_of_the_option_table(tmp_path, has_tests):
    if has_tests:
        (tmp_path / "tests").mkdir()

    plain = load_settings(tmp_path, environ={})

    assert plain == written_settings(tmp_path, ToolTables(), flags={}, environ={})


@pytest.mark.parametrize(
    ("variable", "text"), [("LAPWING_STORE", "elsewhere.sqlite"), ("UNIT_TEST_THRESHOLD", "3")]
)
def test_a_variable_is_heard_where_nothing_else_is_set(tmp_path, variable, text):
    settings = load_settings(tmp_path, environ={variable: text})

    assert settings != load_settings(tmp_path, environ={})


def test_nothing_of_the_option_table_is_loaded_for_it(tmp_path):
    script = (
        "import sys; from pathlib import Path; from lapwing.config.load import load_settings\n"
        "load_settings(Path(sys.argv[1]), environ={})\n"
        "assert 'lapwing.config.options' not in sys.modules"
    )

    # lapwing: allow LW103 a fresh interpreter alone can tell
    subprocess.run([sys.executable, "-c", script, str(tmp_path)], check=True, timeout=60)
