"""A report as JUnit XML: the tests as they ran, and a suite of their own for what became slower.

The outcome of a test is never changed: a slowdown is a failed case of the suite `lapwing`. Times are seconds.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from typing import Final
from xml.sax.saxutils import escape

from lapwing.model.last_attempt import last_attempts
from lapwing.model.record import FAILURES, NEVER_RAN, Outcome, TestRecord
from lapwing.model.report import Report
from lapwing.report.harmless import harmless
from lapwing.report.notice import Level, Notice
from lapwing.units import NS_PER_S

_QUOTED: Final = {'"': "&quot;", "'": "&apos;"}
_NO_CHARACTER: Final = re.compile("[\ufffe\uffff]")  # forbidden in XML 1.0, as what `harmless` writes out
_SKIPPED: Final = frozenset({*NEVER_RAN, Outcome.XFAILED})
_BROKEN: Final = frozenset({Outcome.ERROR, Outcome.CRASHED, Outcome.TIMEOUT})
_SUITE: Final = "lapwing"


def render_junit(report: Report, notices: Sequence[Notice]) -> str:
    """The document. `notices` are what the report has to say beside the tests."""
    return "\n".join(_lines(report, notices)) + "\n"


def _lines(report: Report, notices: Sequence[Notice]) -> Iterator[str]:
    recorded = report.recorded
    yield '<?xml version="1.0" encoding="utf-8"?>'
    yield "<testsuites>"
    if recorded is not None:
        run, tests = recorded.run, last_attempts(recorded.tests)
        started = datetime.fromtimestamp(run.started_at_ns // NS_PER_S, UTC).strftime("%Y-%m-%dT%H:%M:%S")
        yield _element(
            "  <testsuite",
            name=run.project or "tests",
            timestamp=started,
            time=_seconds(run.duration_ns),
            tests=str(len(tests)),
            failures=str(sum(each.outcome in FAILURES and each.outcome not in _BROKEN for each in tests)),
            errors=str(sum(each.outcome in _BROKEN for each in tests)),
            skipped=str(sum(each.outcome in _SKIPPED for each in tests)),
        )
        for record in tests:
            yield from _test_lines(record)
        yield "  </testsuite>"
    yield from _notice_suite(report, notices)
    yield "</testsuites>"


def _test_lines(record: TestRecord) -> Iterator[str]:
    file, classname, name = _name_parts(record.nodeid)
    facts = {"classname": classname, "name": name, "time": _seconds(record.duration_ns or 0)}
    if file:
        facts["file"] = file
    yield _element("    <testcase", **facts)
    yield "      <properties>"
    for key, value in _properties(record):
        yield _element("        <property", end="/>", name=f"lapwing.{key}", value=value)
    yield "      </properties>"
    said = f"recorded as {record.outcome.value}"
    if record.outcome in _BROKEN:
        yield _element("      <error", end="/>", message=said, type=record.outcome.value)
    elif record.outcome in FAILURES:
        yield _element("      <failure", end="/>", message=said, type=record.outcome.value)
    elif record.outcome in _SKIPPED:
        yield _element("      <skipped", end="/>", message=said)
    yield "    </testcase>"


def _properties(record: TestRecord) -> Iterable[tuple[str, str]]:
    yield "category", record.category
    for name, value in (
        ("setup_s", record.setup_ns),
        ("call_s", record.call_ns),
        ("teardown_s", record.teardown_ns),
        ("cpu_s", record.cpu_ns),
    ):
        if value is not None:
            yield name, _seconds(value)
    if record.peak_bytes is not None:
        yield "peak_bytes", str(record.peak_bytes)
    yield "worker", record.worker


def _notice_suite(report: Report, notices: Sequence[Notice]) -> Iterator[str]:
    """The suite of what became slower; a failure where the comparison is sure, else only told."""
    failures = sum(each.level != Level.NOTICE for each in notices)
    yield _element(
        "  <testsuite",
        name=_SUITE,
        time="0",
        tests=str(len(notices) or 1),
        failures=str(failures),
        errors="0",
        skipped=str(len(notices) - failures or (1 if _is_untold(report, notices) else 0)),
    )
    if not notices:
        yield _element("    <testcase", classname=_SUITE, name="nothing slower than the baseline", time="0")
        if _is_untold(report, notices):
            why = report.comparison.reason if report.comparison else "there is no baseline to compare with"
            yield _element("      <skipped", end="/>", message=why)
        yield "    </testcase>"
    for notice in notices:
        facts = {"classname": f"{_SUITE}.{notice.kind}", "name": notice.subject, "time": "0"}
        yield _element("    <testcase", **facts, **({"file": notice.file} if notice.file else {}))
        if notice.level == Level.NOTICE:
            yield _element("      <skipped", end="/>", message=f"{notice.title}: {notice.message}")
        else:
            opened = _element("      <failure", message=notice.title, type=notice.kind)
            yield f"{opened}{_text(notice.message)}</failure>"
        yield "    </testcase>"
    yield "  </testsuite>"


def _is_untold(report: Report, notices: Sequence[Notice]) -> bool:
    return not notices and (report.comparison is None or bool(report.comparison.reason))


def _name_parts(nodeid: str) -> tuple[str, str, str]:
    """File, class name as pytest writes it into its own JUnit, and name."""
    path, bracket, parameters = nodeid.partition("[")
    *parents, name = path.split("::")
    file = parents[0] if parents else ""
    module = file.removesuffix(".py").replace("/", ".")
    return file, ".".join([module, *parents[1:]]) if parents else "", f"{name}{bracket}{parameters}"


def _element(start: str, *, end: str = ">", **attributes: str) -> str:
    listed = " ".join(f'{name}="{_text(value)}"' for name, value in attributes.items())
    return f"{start} {listed}{end}"


def _text(text: str) -> str:
    safe = _NO_CHARACTER.sub(lambda match: f"\\u{ord(match[0]):04x}", harmless(text))
    return escape(safe, _QUOTED)


def _seconds(ns: int) -> str:
    return f"{ns / NS_PER_S:.6f}"
