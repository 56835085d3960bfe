"""How a run stands to its limits, counted."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from lapwing.model.value import Value

if TYPE_CHECKING:
    from lapwing.model.budget import JudgedBudget


class KeptLimits(Value):
    """How a run stands to its limits. Empty where none could be judged."""

    broken: tuple[JudgedBudget, ...] = ()  # worst first; the suite's has an empty node id
    tests: Mapping[str, int] = {}  # category -> tests with a limit that could be judged
    within: Mapping[str, int] = {}  # category -> those of them that keep all of theirs
