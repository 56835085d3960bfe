"""The group of pytest-xdist that a test is in. PYTEST_DONT_REWRITE"""

from typing import Any

from lapwing.model.xdist_group import GROUP_MARK


def group_name(item: Any) -> str:
    """The group as pytest-xdist names it; "" for none. Marks of several groups make one of them all."""
    names = {
        str(mark.args[0] if mark.args else mark.kwargs.get("name", "default"))
        for mark in item.iter_markers(GROUP_MARK)
    }
    return "_".join(sorted(names))
