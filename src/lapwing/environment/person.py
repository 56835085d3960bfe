"""Who is at the keyboard, as far as the machine knows. Nothing here raises."""

import getpass
from pathlib import Path

from lapwing.environment.git_process import ask_git


def who(folder: Path) -> str:
    """The name that git signs commits with in `folder`, else that of the login, else ""."""
    name = (ask_git(folder, "config", "user.name") or "").strip()
    if name:
        return name
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return ""
