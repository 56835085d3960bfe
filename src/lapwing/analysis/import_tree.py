"""The report of `python -X importtime` as a list of modules with their importers."""

import re
from collections.abc import Iterable
from typing import Final

from lapwing.model.import_cost import ImportCost
from lapwing.units import NS_PER_US

_LINE: Final = re.compile(r"import time:\s+(\d+) \|\s+(\d+) \| ( *)(\S.*)$")
_INDENT: Final = 2
_MARK: Final = re.compile(r"lapwing: imports of ?(.*)$")
"""As `lapwing.plugin.import_marks` writes it."""


def import_tree(lines: Iterable[str]) -> list[ImportCost]:
    """Every import that `lines` tell of, in the order in which it ended; other lines are passed over.

    Python writes a module after those that it imported, indented by two spaces per level: its importer is the
    next module that stands one level further out. It tells of a module once, however often that is imported.
    A line of ours names the file that asked for the outermost modules before it.
    """
    found: list[ImportCost] = []
    waiting: dict[int, list[int]] = {}  # level -> places in `found` whose importer is still to come
    for line in lines:
        match = _LINE.search(line)
        if match is None:
            mark = _MARK.search(line)
            if mark is not None:
                for place in waiting.pop(0, ()):
                    found[place] = found[place]._replace(imported_by=mark.group(1))
            continue
        own, cumulative, indent, module = match.groups()
        level = len(indent) // _INDENT
        for place in waiting.pop(level + 1, ()):
            found[place] = found[place]._replace(imported_by=module)
        waiting.setdefault(level, []).append(len(found))
        found.append(ImportCost(module, int(own) * NS_PER_US, int(cumulative) * NS_PER_US))
    return found
