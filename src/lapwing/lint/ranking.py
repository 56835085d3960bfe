"""What findings cost by recorded runs, and the order in which to mend them. Pure."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from typing import Final

from lapwing.model.finding import Finding
from lapwing.model.test_history import FileHistory

_FIELDS: Final = {
    "sleep": "sleep_ns",
    "retry": "sleep_ns",
    "subprocess": "process_ns",
    "http": "network_ns",
    "socket": "network_ns",
}


def ranked(findings: Iterable[Finding], history: Mapping[str, FileHistory]) -> tuple[Finding, ...]:
    """The findings with the time that one run loses at each, dearest first, unknown ones last.

    What a test's probes measured is shared equally by the findings of that kind in its function. Findings
    outside test functions share what tests of their file lost without a finding of their own, and imports
    what collection of their file took.
    """
    counted = [*findings]
    in_function = Counter((each.file, each.kind, each.function) for each in counted)
    in_file = Counter((each.file, each.kind) for each in counted)
    lost: dict[Finding, int] = {}
    for finding in counted:
        known = history.get(finding.file, FileHistory())
        if finding.kind == "import" and known.collection_ns is not None:
            lost[finding] = round(known.collection_ns / in_file[finding.file, finding.kind])
            continue
        field, tests = _FIELDS.get(finding.kind), known.tests
        if field is None or not tests:
            continue
        functions: dict[str, float] = defaultdict(float)
        for test in tests:
            functions[test.function] += getattr(test, field)
        if finding.function in functions:
            total, among = (
                functions[finding.function],
                in_function[finding.file, finding.kind, finding.function],
            )
        else:
            own = {
                each.function for each in counted if (each.file, each.kind) == (finding.file, finding.kind)
            }
            total = sum(time for name, time in functions.items() if name not in own)
            among = sum(
                (each.file, each.kind) == (finding.file, finding.kind) and each.function not in functions
                for each in counted
            )
        lost[finding] = round(total / among)
    told = [each._replace(lost_ns=lost.get(each)) for each in counted]
    return tuple(sorted(told, key=lambda each: -(each.lost_ns if each.lost_ns is not None else -1)))
