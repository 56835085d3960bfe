"""Where a project configures pytest, found in pytest's own order."""

from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

from lapwing.environment.text_files import is_file, read_ini, read_toml, table_at
from lapwing.model.value import Value


class PytestConfig(Value):
    """The file that pytest takes, and what it says of where tests are."""

    place: str  # file relative to the root, with its table where it has others; "" if none
    test_paths: tuple[str, ...]
    options: tuple[str, ...] = ()  # words of `addopts`
    left_folders: tuple[str, ...] = ()  # patterns of `norecursedirs`
    marks: tuple[str, ...] = ()  # lines of `markers`, each a name and perhaps a description
    names: tuple[str, ...] = ()  # of all options that are set, in lower case


_OWN_FILES: Final = ("pytest.toml", ".pytest.toml", "pytest.ini", ".pytest.ini")  # count even if empty
_PYPROJECT_TABLES: Final = ("tool.pytest.ini_options", "tool.pytest")
_SECTIONS: Final = (("tox.ini", "pytest"), ("setup.cfg", "tool:pytest"))


def find_pytest_config(root: Path) -> PytestConfig:
    """The configuration of pytest in `root`."""
    for name in _OWN_FILES:
        if is_file(root / name):
            tables = read_toml(root / name) if name.endswith(".toml") else read_ini(root / name)
            return _config(name, table_at(tables, "pytest"))
    pyproject = read_toml(root / "pyproject.toml")
    for path in _PYPROJECT_TABLES:
        if table := table_at(pyproject, path):
            return _config(f"pyproject.toml [{path}]", table)
    for name, section in _SECTIONS:
        options = read_ini(root / name).get(section)
        if options is not None:
            return _config(f"{name} [{section}]", options)
    return PytestConfig("", ())


def _config(place: str, table: Mapping[str, Any]) -> PytestConfig:
    return PytestConfig(
        place,
        _words(table.get("testpaths")),
        _words(table.get("addopts")),
        _words(table.get("norecursedirs")),
        _lines(table.get("markers")),
        tuple(name.lower() for name in table),
    )


def _lines(value: Any) -> tuple[str, ...]:
    if isinstance(value, str):
        return tuple(line.strip() for line in value.splitlines() if line.strip())
    return _words(value)


def _words(value: Any) -> tuple[str, ...]:
    if isinstance(value, str):
        if "'" in value or '"' in value or "\\" in value:
            import shlex

            with suppress(ValueError):  # an open quote: pytest itself will refuse it
                return tuple(shlex.split(value))
        return tuple(value.split())
    return tuple(str(each) for each in value) if isinstance(value, list) else ()
