"""How tox runs pytest in its usual environment."""

import re
import shlex
from pathlib import Path
from typing import Final

from lapwing.environment.text_files import read_ini

_PYTEST: Final = re.compile(r"(?:^|[\s/])(?:pytest|py\.test)(?=\s)")


def tox_options(root: Path) -> tuple[str, ...]:
    """The words that the one command of `[testenv]` in `root`'s tox.ini gives pytest; none where there are
    several such commands, or none.
    """
    commands = read_ini(root / "tox.ini").get("testenv", {}).get("commands") or ""
    lines = commands.replace("\\\n", " ").split("\n")
    given = [line[found.end() :] for line in lines if (found := _PYTEST.search(line))]
    if len(given) != 1:
        return ()
    try:
        return tuple(shlex.split(given[0]))
    except ValueError:  # an open quote
        return ()
