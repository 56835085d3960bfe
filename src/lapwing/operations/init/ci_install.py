"""How a CI job installs a project's test requirements, and on which versions of Python it runs. Pure."""

import re
import shlex
from collections.abc import Mapping, Sequence
from typing import Any, Final

from lapwing.environment.project import RequirementsPlace
from lapwing.operations.init.settings_table import PYPROJECT

_LEAST: Final = 11  # of Python 3: what Lapwing runs on
_NEWEST: Final = 14


def python_versions(pyproject: Mapping[str, Any]) -> tuple[str, ...]:
    """The versions that the project and Lapwing both run on, oldest first."""
    project = pyproject.get("project")
    wanted = str(project.get("requires-python", "")) if isinstance(project, dict) else ""
    least = re.search(r">=\s*3\.(\d+)", wanted)
    below = re.search(r"<\s*3\.(\d+)", wanted)
    first = max(_LEAST, int(least[1]) if least else _LEAST)
    last = min(_NEWEST, int(below[1]) - 1 if below else _NEWEST)
    return tuple(f"3.{minor}" for minor in range(first, last + 1)) or (f"3.{_NEWEST}",)


def install_lines(places: Sequence[RequirementsPlace], pyproject: Mapping[str, Any]) -> tuple[str, ...]:
    """The shell commands; names of the project's files and extras are quoted."""
    lines = ["python -m pip install --upgrade pip"]
    place = places[0] if places else None
    is_package = "build-system" in pyproject or "project" in pyproject
    group = place.table.rpartition(".")[2] if place is not None else ""
    if place is not None and place.table.startswith("dependency-groups."):
        lines.append(f"python -m pip install --group {shlex.quote(group)}")
    elif place is not None and not place.table:
        lines.append(f"python -m pip install -r {shlex.quote(place.file)}")
    if place is not None and place.file == PYPROJECT and "optional-dependencies" in place.table:
        lines.append(f"python -m pip install -e {shlex.quote(f'.[{group}]')}")
    elif is_package:
        lines.append("python -m pip install -e .")
    return (*lines, "python -m pip install 'lapwing[parallel,timeouts,remote]'")
