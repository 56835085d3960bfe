"""A gate's answer as a plain dictionary of JSON."""

from typing import Any

from lapwing.model.budget import JudgedBudget
from lapwing.model.codec import FORMAT_VERSION, run_comparison_dict
from lapwing.model.gate import Breach, GateAnswer


def gate_dict(answer: GateAnswer) -> dict[str, Any]:
    """The answer, with the keys of the comparison where there is one, as `lapwing check` prints it."""
    comparison = {} if answer.comparison is None else run_comparison_dict(answer.comparison)
    return {
        **comparison,
        "format_version": FORMAT_VERSION,
        "run_id": None if answer.run is None else answer.run.run_id,
        "tests": answer.tests,
        "passed": answer.passed,
        "severity": answer.severity.value,
        "fail_on": sorted(guard.value for guard in answer.fail_on),
        "broken": [breach_dict(each) for each in answer.breaches],
        "let_pass": [breach_dict(each) for each in answer.tolerated],
        "near": [judged_budget_dict(each) for each in answer.near],
        "cannot_tell": list(answer.unknown),
        "notes": list(answer.notes),
    }


def breach_dict(breach: Breach) -> dict[str, Any]:
    """One breach. A ratio of a limit of zero is null: JSON has no infinity."""
    fields = breach._asdict()
    fields["nodeid"] = fields.pop("subject")
    fields["guard"] = breach.guard.value
    fields["unit"] = breach.unit.value
    fields["severity"] = breach.severity.value
    fields["excess"] = None if breach.excess == float("inf") else breach.excess
    fields["percent"] = None if breach.ratio is None else round((breach.ratio - 1) * 100, 1)
    return fields


def judged_budget_dict(judged: JudgedBudget) -> dict[str, Any]:
    """One judged limit."""
    return {
        "nodeid": judged.nodeid,
        "category": judged.category,
        "metric": judged.budget.metric,
        "unit": judged.budget.unit.value,
        "limit": judged.budget.limit,
        "origin": judged.budget.origin,
        "value": judged.value,
        "verdict": judged.verdict.value,
        "is_near": judged.is_near,
        "reason": judged.reason,
    }
