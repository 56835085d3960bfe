"""pytest-json-report: one document per run, written at its end; each test with its last attempt's phases."""

from collections.abc import Iterator
from typing import BinaryIO, Final

from lapwing.ingest.head import Head
from lapwing.ingest.json_document import JsonDocument, object_pieces
from lapwing.ingest.json_fields import Object, count_in, object_in, objects_in, text_in, texts_in, whole_text
from lapwing.ingest.node_ids import marks_among, not_collected, test_of_node_id
from lapwing.ingest.reader import Problem, ReadItem, ReportFacts
from lapwing.ingest.timing import began_ns, nanoseconds
from lapwing.model.read_test import DurationKind, ReadTest
from lapwing.model.record import Outcome
from lapwing.units import NS_PER_S

_STATUSES: Final = {
    "passed": Outcome.PASSED,
    "failed": Outcome.FAILED,
    "error": Outcome.ERROR,
    "skipped": Outcome.SKIPPED,
    "xfailed": Outcome.XFAILED,
    "xpassed": Outcome.XPASSED,
    "rerun": Outcome.FLAKY,  # it passed in the end
    "subtests failed": Outcome.FAILED,
}
_LAST_SUBTEST_PASSED: Final = "subtests passed"  # others before it may have failed


class PytestJsonReportReader:
    """Tests, and modules that could not be collected."""

    name = "pytest-json-report"

    def recognizes(self, head: Head) -> bool:
        """By the exit code beside the summary."""
        return {"exitcode", "summary", "created"} <= set(head.json_keys)

    def read(self, stream: BinaryIO, place: str) -> Iterator[ReadItem]:
        """Each entry of `tests`, and each collector that failed."""
        yield ReportFacts(tool="pytest")
        document = JsonDocument(stream, ("created",), ("exitcode",), ("collectors", "[]"), ("tests", "[]"))
        all_passed = False
        for item in object_pieces(document):
            if isinstance(item, Problem):
                yield item
                continue
            path, fields = item
            if path == ("created",):
                yield ReportFacts(started_at_ns=began_ns(fields, NS_PER_S))
            elif path == ("exitcode",):
                all_passed = fields == 0
            elif path == ("tests", "[]"):
                yield _test(fields, all_passed=all_passed)
            elif path == ("collectors", "[]") and fields.get("outcome") in ("failed", "skipped"):
                yield not_collected(text_in(fields, "nodeid") or place, fields["outcome"])


def _test(fields: Object, *, all_passed: bool) -> ReadTest:
    outcome = text_in(fields, "outcome")
    status = _STATUSES.get(outcome, Outcome.UNKNOWN)
    warnings = []
    if outcome == _LAST_SUBTEST_PASSED:
        status = Outcome.PASSED if all_passed else Outcome.FAILED
        if not all_passed:
            warnings.append(
                "the report does not tell whether a subtest failed; as the run failed, it may have"
            )
    elif status is Outcome.UNKNOWN:
        warnings.append(f"the outcome {outcome[:40]!r} is not known")
    phases = {
        phase: nanoseconds(object_in(fields, phase).get("duration"), NS_PER_S)
        for phase in ("setup", "call", "teardown")
    }
    told = [phase_ns for phase_ns in phases.values() if phase_ns is not None]
    shown_ns = sum(told) if told else None
    line = count_in(fields, "lineno")
    properties = tuple(
        (whole_text(name), whole_text(str(value)))
        for pair in objects_in(fields, "user_properties")
        for name, value in pair.items()
    )
    nodeid = text_in(fields, "nodeid")
    return test_of_node_id(
        nodeid,
        status,
        duration_ns=shown_ns,
        shown_duration_ns=shown_ns,
        duration_kind=DurationKind.LAST if outcome == "rerun" else DurationKind.SINGLE,
        line=None if line is None else line + 1,
        setup_ns=phases["setup"],
        call_ns=phases["call"],
        teardown_ns=phases["teardown"],
        tags=marks_among(texts_in(fields, "keywords"), nodeid),
        properties=properties,
        warnings=tuple(warnings),
    )
