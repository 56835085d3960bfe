"""The tables `[tool.lapwing.thresholds.NAME]` -> rules of thresholds."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from lapwing.config.entries import read_tables
from lapwing.config.faults import left_out, wrong_value
from lapwing.config.options import THRESHOLD_OPTIONS
from lapwing.errors import ConfigurationError
from lapwing.model.metric import COUNTER_PREFIX, METRICS
from lapwing.model.thresholds import ThresholdRule


def read_threshold_rules(
    tables: Mapping[str, Any], *, where: str, root: Path, faults: list[ConfigurationError]
) -> tuple[ThresholdRule, ...]:
    """The rules in the order written. `where` names the file; what is wrong is appended to `faults`."""
    rules = []

    def place_of(name: str) -> str:
        return f"{where} [tool.lapwing.thresholds.{name}]"

    for name, place, entries in read_tables(
        tables, THRESHOLD_OPTIONS, place_of=place_of, root=root, faults=faults
    ):
        named = entries.get("metrics", ())
        unknown = [each for each in named if each not in METRICS and not each.startswith(COUNTER_PREFIX)]
        if unknown:
            # A rule for a metric misspelled must not become one for all metrics.
            known = f"one of {', '.join(METRICS)}, {COUNTER_PREFIX}NAME"
            faults.append(left_out(wrong_value(unknown[0], known, f"{place} metrics")))
            continue
        rules.append(ThresholdRule(name, **entries))
    return tuple(rules)
