"""Tests that Django's own runner starts: who names their settings, and whether pytest is told of them."""

import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final

from lapwing.environment.pytest_config import PytestConfig
from lapwing.environment.text_files import read_text
from lapwing.model.value import Value

VARIABLE: Final = "DJANGO_SETTINGS_MODULE"

_NAMED: Final = re.compile(rf"""["']{VARIABLE}["']\]?\s*[,=]\s*["']([A-Za-z_][\w.]*)["']""")
_SET_UP: Final = re.compile(rf"{VARIABLE}|\bsettings\.configure\(|\bdjango\.setup\(")
_MOST_SCRIPTS: Final = 50
_MOST_BYTES: Final = 200_000  # of one file


class DjangoTests(Value):
    """What pytest must be told to run them."""

    settings: str  # the module that `manage.py` or a script beside it names
    has_tests_modules: bool  # whether there are files `tests.py`, which pytest leaves out by itself


def untold_tests(
    root: Path, config: PytestConfig, test_paths: Iterable[str], environ: Mapping[str, str]
) -> DjangoTests | None:
    """The tests of Django in `root` of whose settings pytest is not told; None where there are none.

    It knows the settings from its configuration, from the environment, or from a conftest file that sets
    them up.
    """
    is_told = VARIABLE.lower() in config.names or any(each.startswith("--ds") for each in config.options)
    if is_told or environ.get(VARIABLE):
        return None
    folders = dict.fromkeys([root, *(root / each for each in test_paths)])
    if any(_SET_UP.search(_text(folder / "conftest.py")) for folder in folders):
        return None
    settings = next(filter(None, map(_named_in, _scripts(root))), "")
    if not settings:
        return None
    return DjangoTests(settings, "python_files" not in config.names and _has_tests_modules(root))


def _scripts(root: Path) -> list[Path]:
    """`manage.py` first, then what else lies beside it."""
    try:
        found = sorted(root.glob("*.py"), key=lambda path: (path.name != "manage.py", path.name))
    except OSError:
        return []
    return found[:_MOST_SCRIPTS]


def _has_tests_modules(root: Path) -> bool:
    try:
        return any(any(root.glob(pattern)) for pattern in ("*/tests.py", "*/*/tests.py"))
    except OSError:
        return False


def _named_in(script: Path) -> str:
    found = _NAMED.search(_text(script))
    return found[1] if found else ""


def _text(path: Path) -> str:
    return read_text(path, most_bytes=_MOST_BYTES)
