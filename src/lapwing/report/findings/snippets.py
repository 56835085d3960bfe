"""Findings for people: place, message, the line itself with an arrow, what to do."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from lapwing.model.finding import Finding, RuleFacts
from lapwing.report.harmless import harmless
from lapwing.units import format_count, format_duration

_WIDEST: Final = 400  # characters of a source line that are looked at


def snippets(findings: Iterable[Finding], rules: Mapping[str, RuleFacts], width: int) -> Iterator[str]:
    """Lines of text for findings; source lines are cut to `width` around the place."""
    for finding in findings:
        yield from _snippet(finding, rules.get(finding.code), width)


def verdict_line(findings: Iterable[Finding], files: int, waived: int = 0) -> str:
    """The last line: how many findings fail, how many inform, in how many files looked at."""
    counted = [*findings]
    failing = sum(each.gate for each in counted)
    told = f"{format_count(failing, 'finding')} to mend" if failing else "nothing to mend"
    if len(counted) > failing:
        told += f", {len(counted) - failing} for information"
    if waived:
        told += f", {waived} known from the baseline"
    return f"{told} in {format_count(files, 'file')}"


def _snippet(finding: Finding, rule: RuleFacts | None, width: int) -> Iterator[str]:
    name = f" {rule.name}" if rule else ""
    weight = "" if finding.gate else " (information)"
    yield harmless(
        f"{finding.file}:{finding.line}:{finding.col}: {finding.code}{name}{weight}: {finding.message}"
    )
    if finding.source.strip():
        text, start = _cut(finding, width - 8)
        number = str(finding.line)
        yield f"  {number:>5} | {text}"
        yield f"        | {' ' * start}{'^' * max(1, min(finding.length, len(text) - start))}"
    if finding.lost_ns is not None:
        yield f"        = {format_duration(finding.lost_ns)} of every recorded run"
    if rule is not None and rule.advice:
        yield f"        = {rule.advice}"
    yield ""


def _cut(finding: Finding, width: int) -> tuple[str, int]:
    """The line without its indentation, cut to `width`, and where in it the place begins."""
    source = finding.source.expandtabs(1)
    indent = len(source) - len(source.lstrip())
    start = max(0, finding.col - 1 - indent)
    text = source[indent : indent + _WIDEST + start]
    if start > width - 10:
        text, start = text[start - 4 :], 4
    return harmless(text[: max(10, width)]), start
