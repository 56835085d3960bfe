"""Runs that trace every line for coverage."""

from collections.abc import Iterator
from typing import Final

from lapwing.advice.cut import cut
from lapwing.advice.facts import Facts
from lapwing.advice.proposal import Proposal
from lapwing.model.suggestion import Confidence
from lapwing.units import format_duration

_USUAL_SHARE: Final = 0.3  # of the tests' computing, where no run without it is known
_OFF: Final = frozenset(("--no-cov", "no:cov", "no:pytest_cov", "-pno:cov", "-pno:pytest_cov"))
_OTHER_OPTIONS: Final = ("addopts=", "-oaddopts=", "--override-ini=addopts=")  # in place of the configured
_MONITORING: Final = (3, 12)


def advise(facts: Facts) -> Iterator[Proposal]:
    """Trace in one job only, or with sys.monitoring."""
    command = facts.recorded.run.command
    if any(word in _OFF for word in command):
        return
    where = "" if any(word.startswith(_OTHER_OPTIONS) for word in command) else facts.sources.coverage
    flag = next((word for word in command if word == "--cov" or word.startswith("--cov=")), "")
    if not (where or flag):
        return
    before = facts.history.without_coverage
    times: dict[str, int] = {}
    for record in facts.recorded.tests:
        spent = record.cpu_ns or 0
        known = before.get(record.nodeid)
        saved = round(spent * _USUAL_SHARE) if known is None else max(0, spent - known)
        times[record.nodeid] = times.get(record.nodeid, 0) + saved
    measured = sum(nodeid in before for nodeid in times) * 2 > len(times)
    python = tuple(int(part) for part in facts.recorded.run.python.split(".")[:2] if part.isdigit())
    monitoring = python >= _MONITORING
    yield Proposal(
        advisor="coverage",
        title=f"coverage traces every line: about {format_duration(sum(times.values()))} of the tests' "
        f"computing",
        change="Measure coverage in one job and not in every run (--no-cov)"
        + (", or set COVERAGE_CORE=sysmon, which traces at a fraction of the cost." if monitoring else "."),
        confidence=Confidence.HIGH if measured else Confidence.LOW,
        suite=cut(facts.suite, times, computing=True),
        span=(0.8, 1.1) if measured else (0.2, 2.0),
        evidence=(
            f"switched on by {flag or where}",
            "against the newest run without coverage"
            if measured
            else "by experience; no run without coverage is recorded to compare with",
        ),
        where=where,
        risk="Runs without coverage do not tell what is not tested.",
    )
