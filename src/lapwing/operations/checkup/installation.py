"""Is Lapwing installed beside pytest, and will pytest load it?"""

import platform
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from importlib.metadata import entry_points
from pathlib import Path
from typing import Final

from lapwing._version import __version__
from lapwing.environment.packages import installed_versions
from lapwing.environment.pytest_config import find_pytest_config
from lapwing.environment.text_files import read_ini, read_toml, table_at
from lapwing.model.health import HealthFinding, HealthLevel

_LEAST_PYTEST: Final = (8,)
_LEAST_XDIST: Final = (3, 5)
_ENTRY_GROUP: Final = "pytest11"
_NO_AUTOLOAD: Final = "PYTEST_DISABLE_PLUGIN_AUTOLOAD"
_INSTALL: Final = "Install it beside the tests: python -m pip install lapwing"


def check_versions(packages: Mapping[str, str]) -> Iterator[HealthFinding]:
    """Lapwing, Python, pytest and the helpers of `packages` (normalized name -> version)."""
    yield HealthFinding(
        slug="lapwing",
        level=HealthLevel.OK,
        what=f"Lapwing {__version__} on {platform.python_implementation()} {platform.python_version()}, "
        f"{sys.executable}",
    )
    pytest = packages.get("pytest")
    if pytest is None or _numbers(pytest) < _LEAST_PYTEST:
        yield HealthFinding(
            slug="pytest",
            level=HealthLevel.PROBLEM,
            what=f"pytest {pytest} is too old" if pytest else "pytest is not installed here",
            meaning="Lapwing records runs of pytest 8 and newer.",
            mend="python -m pip install --upgrade pytest",
        )
    else:
        helpers = [
            f"{name} {packages[name]}" for name in ("pytest-xdist", "pytest-timeout") if name in packages
        ]
        yield HealthFinding(slug="pytest", level=HealthLevel.OK, what=f"pytest {pytest}{_with(helpers)}")
    xdist = packages.get("pytest-xdist")
    if xdist is not None and _numbers(xdist) < _LEAST_XDIST:
        yield HealthFinding(
            slug="pytest-xdist",
            level=HealthLevel.NOTE,
            what=f"pytest-xdist {xdist} is older than 3.5",
            meaning="Lapwing is not tried with it.",
            mend="python -m pip install --upgrade 'lapwing[parallel]'",
        )


def check_plugin(root: Path, environ: Mapping[str, str]) -> HealthFinding:
    """Whether pytest will load the plugin in `root`, as far as its settings tell."""
    if not any(each.name == "lapwing" for each in entry_points(group=_ENTRY_GROUP)):
        return _plugin_off("pytest does not know the plugin: Lapwing is not installed as a package", _INSTALL)
    arguments = [*_configured_arguments(root), *environ.get("PYTEST_ADDOPTS", "").split()]
    if re.search(r"-p\s*no:lapwing\b", " ".join(arguments)):
        return _plugin_off("the plugin is switched off with -p no:lapwing", "Take it out of addopts.")
    named = re.search(r"-p\s*lapwing\b", " ".join(arguments))
    alone = [
        name
        for name, is_set in (
            (_NO_AUTOLOAD, bool(environ.get(_NO_AUTOLOAD))),
            ("--disable-plugin-autoload", "--disable-plugin-autoload" in arguments),
        )
        if is_set
    ]
    if alone and not named:
        return _plugin_off(
            f"{alone[0]} keeps pytest from loading plugins by itself",
            "Name the plugin: pytest -p lapwing.plugin --track-performance",
        )
    return HealthFinding(slug="plugin", level=HealthLevel.OK, what="pytest will load the plugin")


def check_other_environment(root: Path, environ: Mapping[str, str]) -> Iterator[HealthFinding]:
    """Whether the project's tests run in another environment than this command."""
    active = environ.get("VIRTUAL_ENV")
    for folder in [Path(active)] if active else [root / ".venv", root / "venv"]:
        if not (folder / "pyvenv.cfg").is_file() or folder.resolve() == Path(sys.prefix).resolve():
            continue
        packages = installed_versions([str(each) for each in folder.glob("lib/python*/site-packages")])
        if "pytest" in packages and "lapwing" not in packages:
            yield HealthFinding(
                slug="environment",
                level=HealthLevel.PROBLEM,
                what=f"this command runs from {sys.prefix}, and {folder} has pytest without Lapwing",
                meaning="Tests that run there are not recorded.",
                mend=f"{folder / 'bin/python'} -m pip install lapwing",
            )


def check_tracing(root: Path, environ: Mapping[str, str]) -> Iterator[HealthFinding]:
    """Whether every run also measures coverage, which takes time of its own."""
    arguments = [*_configured_arguments(root), *environ.get("PYTEST_ADDOPTS", "").split()]
    if any(each == "--cov" or each.startswith("--cov=") for each in arguments):
        yield HealthFinding(
            slug="coverage",
            level=HealthLevel.NOTE,
            what="addopts measures coverage in every run",
            meaning="Tracing is part of every time then; runs with and without it do not compare.",
            mend="For measurements: pytest --track-performance --no-cov",
        )


def _plugin_off(what: str, mend: str) -> HealthFinding:
    return HealthFinding(
        slug="plugin", level=HealthLevel.PROBLEM, what=what, meaning="No run is recorded.", mend=mend
    )


def _configured_arguments(root: Path) -> Sequence[str]:
    """The words of `addopts` in the configuration that pytest takes in `root`."""
    file, _, section = find_pytest_config(root).place.partition(" ")
    if not file:
        return ()
    tables = read_toml(root / file) if file.endswith(".toml") else read_ini(root / file)
    name = section.strip("[]") or "pytest"
    # The name of an ini section may hold a dot or a colon, that of a table is a path of names.
    options = table_at(tables, name) if file.endswith(".toml") else tables.get(name, {})
    written = options.get("addopts")
    words = written.split() if isinstance(written, str) else written
    return [str(each) for each in words] if isinstance(words, list) else ()


def _with(helpers: Sequence[str]) -> str:
    return f" with {' and '.join(helpers)}" if helpers else ""


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(each) for each in re.findall(r"\d+", version)[:2])
