"""From where does an interpreter import a project? And how is it made to import another tree of it?

An editable installation names folders of the user's checkout; a worktree that is merely entered
would be tested with the checkout's code. Folders named in PYTHONPATH come first, whatever was installed.
"""

import json
import os
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from lapwing.errors import ProjectError
from lapwing.model.value import Value

SITE_FOLDERS: Final = ("site-packages", "dist-packages")
"""A folder of this name holds what is installed, not what is worked on."""

_TIMEOUT_S: Final = 60

# Besides sys.path: the finders of setuptools' and hatchling's editable installations.
_PROBE: Final = """
import json, os, sys
paths = [path for path in sys.path if path]
found = []
for name, module in list(sys.modules.items()):
    if name.startswith("__editable__"):
        found += list(getattr(module, "MAPPING", {}).items())
for finder in sys.meta_path:
    found += list((getattr(finder, "_redirections", None) or {}).items())
for name, path in found:
    place = os.path.dirname(str(path)) if str(path).endswith(".py") else str(path)
    if os.path.basename(str(path)) == "__init__.py" or not str(path).endswith(".py"):
        place = os.path.dirname(place)
    for _ in range(name.count(".")):
        place = os.path.dirname(place)
    paths.append(place)
json.dump({"paths": paths, "prefix": sys.prefix}, sys.stdout)
"""


class ImportFacts(Value):
    """What an interpreter told. Paths are absolute and without links."""

    paths: tuple[Path, ...]  # in the order searched; those of editable installations last
    prefix: Path


def import_facts(python: str, folder: Path, environ: Mapping[str, str]) -> ImportFacts:
    """Ask `python` started in `folder`. Raises ProjectError where it does not answer."""
    try:
        done = subprocess.run(
            [python, "-c", _PROBE],
            cwd=folder,
            env=dict(environ),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=_TIMEOUT_S,
            start_new_session=True,
            check=True,
        )
        told = json.loads(done.stdout)
        paths = dict.fromkeys(Path(os.path.realpath(path)) for path in told["paths"])
        return ImportFacts(paths=tuple(paths), prefix=Path(os.path.realpath(told["prefix"])))
    except (OSError, ValueError, KeyError, subprocess.SubprocessError) as error:
        raise ProjectError(
            f"the interpreter does not answer: {error}",
            where=python,
            mend="Name the interpreter that runs the project's tests with --python.",
        ) from error


def is_installed(file: Path, top: Path, prefix: Path) -> bool:
    """Whether `file` belongs to an environment and not to the project at `top` around it."""
    if any(part in SITE_FOLDERS for part in file.parts):
        return True
    return prefix != top and prefix.is_relative_to(top) and file.is_relative_to(prefix)


def import_roots(facts: ImportFacts, top: Path) -> tuple[Path, ...]:
    """The folders of the project at `top` from which is imported, relative to it."""
    return tuple(
        path.relative_to(top)
        for path in facts.paths
        if path.is_relative_to(top) and path.is_dir() and not is_installed(path, top, facts.prefix)
    )


def python_path(environ: Mapping[str, str], top: Path, tree: Path, roots: tuple[Path, ...]) -> str:
    """PYTHONPATH by which the tree at `tree` is imported where the one at `top` was."""
    own = [str(tree / root) for root in roots]
    given = [
        str(tree / Path(os.path.realpath(entry)).relative_to(top))
        if Path(os.path.realpath(entry)).is_relative_to(top) and Path(entry).is_absolute()
        else entry
        for entry in environ.get("PYTHONPATH", "").split(os.pathsep)
        if entry
    ]
    return os.pathsep.join(dict.fromkeys([*given, *own]))
