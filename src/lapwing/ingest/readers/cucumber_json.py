"""Cucumber's JSON formatter: features, scenarios and steps with nanoseconds each; behave's with seconds.

The time of a scenario is that of its steps and hooks, and of the background before it.
"""

from collections.abc import Iterator
from typing import Any, BinaryIO, Final

from lapwing.ingest.head import Head
from lapwing.ingest.json_document import JsonDocument, object_pieces
from lapwing.ingest.json_fields import Object, count_in, is_number, object_in, objects_in, text_in
from lapwing.ingest.reader import Problem, ReadItem, Repeats, ReportFacts
from lapwing.ingest.timing import timing
from lapwing.model.read_test import ReadTest
from lapwing.model.record import Outcome
from lapwing.units import NS_PER_S

# The worst of the steps is the scenario's; behave does not write the steps behind a failed one.
_WORST_FIRST: Final = (
    ("failed", Outcome.FAILED),
    ("error", Outcome.ERROR),
    ("ambiguous", Outcome.ERROR),
    ("undefined", Outcome.TODO),
    ("pending", Outcome.TODO),
    ("skipped", Outcome.SKIPPED),
    ("passed", Outcome.PASSED),
)


class CucumberJsonReader:
    """Scenarios come out feature by feature; the rows of an outline share their name."""

    name = "Cucumber JSON"

    def recognizes(self, head: Head) -> bool:
        """By the elements of a feature."""
        keys = set(head.json_keys)
        return head.is_json_array and "elements" in keys and bool(keys & {"uri", "keyword", "location"})

    def read(self, stream: BinaryIO, place: str) -> Iterator[ReadItem]:
        """Each scenario."""
        yield ReportFacts(tool="cucumber", repeats=Repeats.OCCURRENCES)
        for item in object_pieces(JsonDocument(stream, ("[]",))):
            if isinstance(item, Problem):
                yield item
            elif item[0]:
                yield from _feature(item[1])


def _feature(feature: Object) -> Iterator[ReadTest]:
    is_behave = "uri" not in feature
    unit_ns = NS_PER_S if is_behave else 1
    location = text_in(feature, "location").rpartition(":")[0]
    background: list[Object] = []
    for element in objects_in(feature, "elements"):
        steps = list(_results(element))
        if text_in(element, "type") == "background":
            background = steps
            continue
        yield _scenario(element, feature, [*background, *steps], unit_ns, text_in(feature, "uri") or location)
        # behave tells the background once, cucumber before each scenario.
        background = background if is_behave else []


def _results(element: Object) -> Iterator[Object]:
    """The results of the hooks and steps of a scenario."""
    for holder in (element, *objects_in(element, "steps")):
        for hook in ("before", "after"):
            for each in objects_in(holder, hook):
                yield object_in(each, "result")
        if "result" in holder:
            yield object_in(holder, "result")


def _scenario(element: Object, feature: Object, results: list[Object], unit_ns: int, file: str) -> ReadTest:
    told = {text_in(result, "status").lower() for result in results}
    status = next((outcome for word, outcome in _WORST_FIRST if word in told), Outcome.UNKNOWN)
    own = text_in(element, "status").lower()
    status = dict(_WORST_FIRST).get(own, status)
    durations: list[Any] = [result["duration"] for result in results if is_number(result.get("duration"))]
    time = timing(sum(durations) if durations else None, unit_ns, status)
    line = count_in(element, "line")
    if line is None and (at := text_in(element, "location").rpartition(":")[2]).isascii() and at.isdigit():
        line = int(at[:9])
    return ReadTest(
        name=text_in(element, "name"),
        status=status,
        duration_ns=time.duration_ns,
        shown_duration_ns=time.shown_ns,
        suite_path=(text_in(feature, "name"),) if text_in(feature, "name") else (),
        file=file,
        line=line,
        tags=tuple(
            name for each in objects_in(element, "tags") if (name := text_in(each, "name").removeprefix("@"))
        ),
        warnings=time.warnings,
    )
