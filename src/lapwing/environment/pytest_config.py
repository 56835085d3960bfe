"""Where a project configures pytest, found in pytest's own order."""

from pathlib import Path
from typing import Any, Final

from lapwing.environment.text_files import is_file, read_ini, read_toml, table_at
from lapwing.model.value import Value


class PytestConfig(Value):
    """The file that pytest takes, and what it says of where tests are."""

    place: str  # file relative to the root, with its table where it has others; "" if none
    test_paths: tuple[str, ...]


_OWN_FILES: Final = ("pytest.toml", ".pytest.toml", "pytest.ini", ".pytest.ini")  # count even if empty
_PYPROJECT_TABLES: Final = ("tool.pytest.ini_options", "tool.pytest")
_SECTIONS: Final = (("tox.ini", "pytest"), ("setup.cfg", "tool:pytest"))


def find_pytest_config(root: Path) -> PytestConfig:
    """The configuration of pytest in `root`."""
    for name in _OWN_FILES:
        if is_file(root / name):
            tables = read_toml(root / name) if name.endswith(".toml") else read_ini(root / name)
            return PytestConfig(name, _words(table_at(tables, "pytest").get("testpaths")))
    pyproject = read_toml(root / "pyproject.toml")
    for path in _PYPROJECT_TABLES:
        if table := table_at(pyproject, path):
            return PytestConfig(f"pyproject.toml [{path}]", _words(table.get("testpaths")))
    for name, section in _SECTIONS:
        options = read_ini(root / name).get(section)
        if options is not None:
            return PytestConfig(f"{name} [{section}]", _words(options.get("testpaths")))
    return PytestConfig("", ())


def _words(value: Any) -> tuple[str, ...]:
    if isinstance(value, str):
        return tuple(value.split())
    return tuple(str(each) for each in value) if isinstance(value, list) else ()
