"""Findings as SARIF 2.1.0, for code scanning. Waived findings are left out: several readers show them as
open.
"""

import json
from collections.abc import Iterable, Mapping
from typing import Any, Final
from urllib.parse import quote

from lapwing._version import __version__
from lapwing.model.finding import Finding, RuleFacts
from lapwing.report.harmless import harmless

_SCHEMA: Final = "https://json.schemastore.org/sarif-2.1.0.json"


def sarif(findings: Iterable[Finding], rules: Mapping[str, RuleFacts]) -> str:
    """The document. All rules are declared, also those that found nothing."""
    index = {code: at for at, code in enumerate(rules)}
    document = {
        "$schema": _SCHEMA,
        "version": "2.1.0",
        "runs": [
            {
                "tool": {
                    "driver": {
                        "name": "lapwing",
                        "semanticVersion": __version__,
                        "rules": [_rule(each) for each in rules.values()],
                    }
                },
                "columnKind": "unicodeCodePoints",
                "results": [_result(each, index) for each in findings],
            }
        ],
    }
    return json.dumps(document, indent=1) + "\n"


def _rule(rule: RuleFacts) -> dict[str, Any]:
    return {
        "id": rule.code,
        "name": "".join(part.capitalize() for part in rule.name.split("-")),
        "shortDescription": {"text": rule.summary},
        "help": {"text": rule.advice or rule.summary, "markdown": rule.page},
        "properties": {"tags": ["performance", "tests"]},
    }


def _result(finding: Finding, index: Mapping[str, int]) -> dict[str, Any]:
    result: dict[str, Any] = {
        "ruleId": finding.code,
        "level": "error" if finding.gate else "note",
        "message": {"text": harmless(finding.message)},
        "locations": [
            {
                "physicalLocation": {
                    "artifactLocation": {"uri": quote(finding.file), "uriBaseId": "%SRCROOT%"},
                    "region": {
                        "startLine": finding.line,
                        "startColumn": finding.col,
                        "endColumn": finding.col + finding.length,
                        "snippet": {"text": finding.source},
                    },
                }
            }
        ],
        "partialFingerprints": {"lapwing/v1": finding.fingerprint},
        "properties": {"confidence": finding.confidence.value, "kind": finding.kind},
    }
    if finding.code in index:
        result["ruleIndex"] = index[finding.code]
    return result
