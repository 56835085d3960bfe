"""Findings as annotations of a GitHub workflow: one command per line."""

from collections.abc import Iterable

from lapwing.model.finding import Finding


def github_annotations(findings: Iterable[Finding]) -> str:
    """The lines. What a workflow command would obey is escaped as GitHub asks for."""
    return "".join(_line(each) for each in findings)


def _line(finding: Finding) -> str:
    level = "error" if finding.gate else "notice"
    place = f"file={_property(finding.file)},line={finding.line},col={finding.col}"
    title = _property(f"{finding.code} {finding.call or finding.kind}")
    return f"::{level} {place},title={title}::{_data(finding.message)}\n"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
