import subprocess
import sys
from pathlib import Path

import pytest

from lapwing.config.switch import is_tracking_wanted, read_flag

TRACKED = "[tool.lapwing]\ntrack = true\n"


@pytest.mark.parametrize(
    ("flag", "variable", "pyproject", "wanted"),
    [
        (False, None, None, False),
        (True, None, None, True),
        (True, "false", None, True),  # the flag is nearer than the environment
        (False, "true", None, True),
        (False, "1", None, True),
        (False, " YES ", None, True),
        (False, "on", None, True),
        (False, "false", TRACKED, False),
        (False, "0", TRACKED, False),
        (False, "", TRACKED, True),
        (False, "perhaps", TRACKED, True),  # loading the settings tells that fault
        (False, None, TRACKED, True),
        (False, None, "[tool.lapwing]\ntrack = false\n", False),
        (False, None, '[tool.lapwing]\ntrack = "true"\n', False),
        (False, None, "[tool.lapwing]\nproject = 'track'\n", False),
        (False, None, "[tool.other]\ntrack = true\n", False),
        (False, None, "[tool.lapwing]\ntrack = \n", False),
        (False, None, "tool = 3 # [tool.lapwing] track", False),
    ],
)
def test_flag_then_environment_then_file_decide(
    tmp_path: Path, flag: bool, variable: str | None, pyproject: str | None, wanted: bool
) -> None:
    if pyproject is not None:
        (tmp_path / "pyproject.toml").write_text(pyproject)
    environ = {} if variable is None else {"PERFORMANCE_MONITORING": variable}

    assert is_tracking_wanted(tmp_path, environ, flag) is wanted


def test_a_root_given_as_text_is_taken(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text(TRACKED)

    assert is_tracking_wanted(str(tmp_path), {}, False)


def test_unreadable_files_ask_for_nothing(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_bytes(b"[tool.lapwing]\ntrack = true # \xff\n")

    assert not is_tracking_wanted(tmp_path, {}, False)
    assert not is_tracking_wanted("\0", {}, False)
    assert not is_tracking_wanted(tmp_path / "pyproject.toml", {}, False)


def test_words_are_flags_or_nothing() -> None:
    assert [read_flag(word) for word in ("True", "OFF", "no", "2")] == [True, False, False, None]


def test_a_project_without_tracking_loads_no_toml_parser(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text("[tool.lapwing]\nproject = 'a'\n")
    program = (
        "import sys; from lapwing.config.switch import is_tracking_wanted; before = set(sys.modules)\n"
        f"is_tracking_wanted({str(tmp_path)!r}, {{}}, False); print(sorted(set(sys.modules) - before))"
    )

    # lapwing: allow LW103 a fresh interpreter alone can tell
    answer = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)

    assert answer.stdout.strip() == "[]"


def test_loading_settings_of_an_unconfigured_project_imports_nothing_heavy(tmp_path: Path) -> None:
    program = (
        "import sys; from pathlib import Path; from lapwing.config.load import load_settings\n"
        f"load_settings(Path({str(tmp_path)!r}), environ={{}})\n"
        "heavy = {'tomllib', 'difflib', 'argparse', 'dataclasses', 'inspect', 'subprocess', 'sqlite3'}\n"
        "print(sorted(heavy & set(sys.modules)))"
    )

    # lapwing: allow LW103 a fresh interpreter alone can tell
    answer = subprocess.run([sys.executable, "-S", "-c", program], capture_output=True, text=True, env=_env())

    assert answer.stdout.strip() == "[]", answer.stderr


def _env() -> dict[str, str]:
    # Without `site`, whose start files import what they like, the package must be found by path.
    import lapwing

    return {"PYTHONPATH": str(Path(lapwing.__file__).parent.parent)}
