"""What was seen of the machine during the newest run, in a file of a checkout."""

import json
from pathlib import Path
from typing import Final

from lapwing.model.system_watch import SystemWatch
from lapwing.store.atomic_file import replace_file

FORMAT_VERSION: Final = 1
FILE_NAME: Final = "system.json"


def write_system_watch(path: Path, watch: SystemWatch) -> None:
    """Put it into the file. Raises StoreError where it cannot be written."""
    replace_file(path, [json.dumps({"format_version": FORMAT_VERSION, **watch._asdict()}), "\n"])


def read_system_watch(path: Path) -> SystemWatch | None:
    """What is in the file; None where there is none, or none of this form: the next run writes it anew."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        if found.pop("format_version") != FORMAT_VERSION:
            return None
        return SystemWatch(**found)
    except (OSError, ValueError, TypeError, AttributeError, KeyError):
        return None
