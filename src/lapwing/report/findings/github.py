"""Findings as annotations of a GitHub workflow: those that fail first."""

from collections.abc import Iterable

from lapwing.model.finding import Finding
from lapwing.report.notice import Level, Notice
from lapwing.report.render.github import github_annotations as annotations


def github_annotations(findings: Iterable[Finding]) -> str:
    """The lines; GitHub shows only so many of a step, the last says how many more there are."""
    return annotations(map(_notice, findings), where="'lapwing lint' lists them")


def _notice(finding: Finding) -> Notice:
    return Notice(
        level=Level.ERROR if finding.gate else Level.NOTICE,
        kind=finding.code,
        subject=finding.call or finding.kind,
        title=f"{finding.code} {finding.call or finding.kind}",
        message=finding.message,
        file=finding.file,
        line=finding.line,
        column=finding.col,
    )
