"""An environment on top of the user's, into which a worktree may be installed without harm.

`pip install -e .` in a worktree would make the user's own environment point at a folder that
is gone a minute later. The overlay takes the installation instead, and sees all that is below.
"""

import os
import subprocess
from collections.abc import Mapping
from pathlib import Path

from lapwing.environment.worktree_imports import SITE_FOLDERS, import_facts
from lapwing.errors import ProjectError
from lapwing.model.value import Value


class Prepared(Value):
    """The interpreter of the overlay, and the environment variables to use with it."""

    python: str
    environ: Mapping[str, str]


def prepare(
    command: str, *, tree_root: Path, overlay: Path, python: str, environ: Mapping[str, str]
) -> Prepared:
    """Make an overlay of the environment of `python`, and run `command` by the shell in `tree_root`.

    Raises ProjectError where either fails.
    """
    facts = import_facts(python, tree_root, environ)
    sites = [path for path in facts.paths if path.name in SITE_FOLDERS]
    _must(
        [python, "-m", "venv", "--without-pip", str(overlay)], tree_root, environ, "the overlay environment"
    )
    folder = overlay / ("Scripts" if os.name == "nt" else "bin")
    own = folder / ("python.exe" if os.name == "nt" else "python")
    (site,) = [path for path in import_facts(str(own), tree_root, {}).paths if path.is_relative_to(overlay)]
    # `addsitedir` reads the .pth files below, too: editable installations among them.
    (site / "lapwing_below.pth").write_text(
        "".join(f"import site; site.addsitedir({str(path)!r})\n" for path in sites), encoding="utf-8"
    )
    for name in ("pip", "pip3"):
        script = folder / name
        script.write_text(f'#!/bin/sh\nexec "{own}" -m pip "$@"\n', encoding="utf-8")
        script.chmod(0o755)
    inside = {
        **environ,
        "VIRTUAL_ENV": str(overlay),
        "PATH": f"{folder}{os.pathsep}{environ.get('PATH', '')}",
        "PIP_DISABLE_PIP_VERSION_CHECK": "1",
    }
    inside.pop("PYTHONHOME", None)
    _must(command, tree_root, inside, "--prepare")
    return Prepared(python=str(own), environ=inside)


def _must(command: list[str] | str, folder: Path, environ: Mapping[str, str], what: str) -> None:
    try:
        done = subprocess.run(
            command,
            cwd=folder,
            env=dict(environ),
            shell=isinstance(command, str),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            check=False,
        )
    except OSError as error:
        raise ProjectError(f"{what} cannot be made: {error.strerror}", where=str(folder)) from error
    if done.returncode:
        words = done.stdout.decode("utf-8", "replace").strip().splitlines()
        said = next((line for line in reversed(words) if "rror" in line), words[-1] if words else "no word")
        raise ProjectError(
            f"{what} failed (exit status {done.returncode}): {said.strip()[:300]}",
            where=str(folder),
            mend="Try it by hand in a checkout of that commit.",
        )
