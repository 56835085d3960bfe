"""What to write above tests that should stay in one worker."""

from typing import Final

from lapwing.model.tests_together import SharedUse

_MOST: Final = 4


def mark_text(use: SharedUse) -> str:
    """`port:8080 is used by 2 tests: @pytest.mark.xdist_group("port-8080") above a.py::test_a, …`."""
    shared = ", ".join(use.shared[:_MOST]) + (" and more" if len(use.shared) > _MOST else "")
    named = ", ".join(use.tests[:_MOST])
    more = f" and {len(use.tests) - _MOST} more" if len(use.tests) > _MOST else ""
    verb = "is" if len(use.shared) == 1 else "are"
    return f'{shared} {verb} shared: @pytest.mark.xdist_group("{use.group}") above {named}{more}'
