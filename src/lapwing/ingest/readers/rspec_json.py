"""RSpec's JSON formatter: seconds with before and after each; before(:all) is not in it.

A file that cannot be loaded leaves no example, and its error among the messages.
"""

from collections.abc import Iterator
from typing import BinaryIO, Final

from lapwing.ingest.head import Head
from lapwing.ingest.json_document import JsonDocument, object_pieces
from lapwing.ingest.json_fields import Object, count_in, text_in
from lapwing.ingest.reader import Problem, ReadItem, Repeats, ReportFacts
from lapwing.ingest.timing import timing
from lapwing.model.read_test import ReadTest
from lapwing.model.record import Outcome
from lapwing.units import NS_PER_S, format_count

_STATUSES: Final = {"passed": Outcome.PASSED, "failed": Outcome.FAILED, "pending": Outcome.SKIPPED}


class RspecJsonReader:
    """Examples come out as they are read."""

    name = "RSpec JSON"

    def recognizes(self, head: Head) -> bool:
        """By the examples beside version or summary."""
        keys = set(head.json_keys)
        return "examples" in keys and bool(keys & {"version", "summary", "summary_line"})

    def read(self, stream: BinaryIO, place: str) -> Iterator[ReadItem]:
        """Each example; errors outside of them are a problem. Descriptions may repeat."""
        yield ReportFacts(tool="rspec", repeats=Repeats.OCCURRENCES)
        for item in object_pieces(JsonDocument(stream, ("examples", "[]"), ("summary",))):
            if isinstance(item, Problem):
                yield item
            elif item[0] == ("examples", "[]"):
                yield _test(item[1])
            elif isinstance(item[1], dict):
                errors = count_in(item[1], "errors_outside_of_examples_count")
                if errors:
                    count = format_count(errors, "error")
                    text = f"{count} outside of the examples, in loading files or in their hooks"
                    yield Problem(f"{text}: examples are missing", loses_tests=True)


def _test(fields: Object) -> ReadTest:
    status = _STATUSES.get(text_in(fields, "status"), Outcome.UNKNOWN)
    told = timing(fields.get("run_time"), NS_PER_S, status)
    description = text_in(fields, "description")
    name = text_in(fields, "full_description") or description
    groups = name.removesuffix(description).strip()
    return ReadTest(
        name=name,
        status=status,
        duration_ns=told.duration_ns,
        shown_duration_ns=told.shown_ns,
        suite_path=(groups,) if groups and groups != name else (),
        file=text_in(fields, "file_path"),
        line=count_in(fields, "line_number"),
        warnings=told.warnings,
    )
