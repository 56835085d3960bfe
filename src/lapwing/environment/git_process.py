"""Asking git. An answer, or None: no git, no repository, too slow, refused."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Final

TIMEOUT_S: Final = 5.0

# What `git rev-parse --local-env-vars` lists, without the variables that only carry configuration:
# CI gives `safe.directory` in those. A hook (pre-push) sets them for its own repository, and then
# git would not look at the folder it is started in.
_LOCAL_VARIABLES: Final = frozenset(
    {
        "GIT_ALTERNATE_OBJECT_DIRECTORIES",
        "GIT_CEILING_DIRECTORIES",
        "GIT_COMMON_DIR",
        "GIT_CONFIG",
        "GIT_DIR",
        "GIT_GRAFT_FILE",
        "GIT_IMPLICIT_WORK_TREE",
        "GIT_INDEX_FILE",
        "GIT_INTERNAL_SUPER_PREFIX",
        "GIT_NAMESPACE",
        "GIT_NO_REPLACE_OBJECTS",
        "GIT_OBJECT_DIRECTORY",
        "GIT_PREFIX",
        "GIT_QUARANTINE_PATH",
        "GIT_REPLACE_REF_BASE",
        "GIT_SHALLOW_FILE",
        "GIT_WORK_TREE",
    }
)


def ask_git(folder: Path, *arguments: str) -> str | None:
    """What `git arguments` started in `folder` prints, or None if it fails or takes over 5 s."""
    import subprocess

    # File system monitors start a daemon that would outlive us.
    command = ["git", "--no-optional-locks", "-c", "core.fsmonitor=false", *arguments]
    try:
        answer = subprocess.run(
            command,
            cwd=folder,
            env=clean_environment(os.environ),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=TIMEOUT_S,
            check=True,
        )
    except (OSError, ValueError, subprocess.SubprocessError):
        return None
    return answer.stdout.decode("utf-8", "surrogateescape")


def clean_environment(environ: Mapping[str, str]) -> dict[str, str]:
    """`environ` without what points git at another repository, in plain English and off the network."""
    kept = {name: value for name, value in environ.items() if name.upper() not in _LOCAL_VARIABLES}
    return {**kept, "LC_ALL": "C", "GIT_TERMINAL_PROMPT": "0", "GIT_NO_LAZY_FETCH": "1"}
