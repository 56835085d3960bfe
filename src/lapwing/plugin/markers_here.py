"""The markers with the limits that the project sets, for who asks for them. PYTEST_DONT_REWRITE"""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from lapwing.config.load import load_settings
from lapwing.config.root import find_root
from lapwing.errors import LapwingError
from lapwing.plugin.markers import MARKERS
from lapwing.units import format_duration

_LIMIT: Final = re.compile(r"(?<=limit for it is )\S+ \S+$")


def markers_here(folder: Path, environ: Mapping[str, str]) -> Iterator[str]:
    """`MARKERS` of the project around `folder`; as they are where its configuration cannot be read."""
    try:
        categories = load_settings(find_root(folder), environ=environ).categories
    except LapwingError:
        yield from MARKERS
        return
    for marker in MARKERS:
        category = categories.get(marker.partition(":")[0])
        yield marker if category is None else _LIMIT.sub(format_duration(category.limit_ns), marker)
