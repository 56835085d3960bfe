"""Findings as the JSON document of `lapwing lint --format json`: a stable contract, see
docs/reference/json.md.
"""

from collections.abc import Iterable
from typing import Any, Final

from lapwing.model.finding import Finding

FORMAT_VERSION: Final = 1


def findings_dict(findings: Iterable[Finding]) -> dict[str, Any]:
    """The document. `lost_ns` stands only where recorded runs were looked at."""
    return {"format_version": FORMAT_VERSION, "findings": [_row(each) for each in findings]}


def _row(finding: Finding) -> dict[str, Any]:
    row: dict[str, Any] = {
        "code": finding.code,
        "file": finding.file,
        "line": finding.line,
        "col": finding.col,
        "call": finding.call,
        "kind": finding.kind,
        "confidence": finding.confidence.value,
        "gate": finding.gate,
        "message": finding.message,
    }
    if finding.lost_ns is not None:
        row["lost_ns"] = finding.lost_ns
    return row
