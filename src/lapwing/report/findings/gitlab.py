"""Findings as GitLab's code quality report."""

import json
from collections.abc import Iterable

from lapwing.model.finding import Finding
from lapwing.report.harmless import harmless


def gitlab_quality(findings: Iterable[Finding]) -> str:
    """The report: a list, one entry per finding."""
    rows = [
        {
            "description": harmless(f"{finding.code}: {finding.message}"),
            "check_name": finding.code,
            "fingerprint": finding.fingerprint,
            "severity": "major" if finding.gate else "info",
            "location": {"path": finding.file, "lines": {"begin": finding.line}},
        }
        for finding in findings
    ]
    return json.dumps(rows, indent=1) + "\n"
