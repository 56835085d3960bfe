"""Allure 2: a folder with one file per attempt of a test. Milliseconds since the epoch; the call only.

Fixtures stand in `*-container.json` files beside, which hold no test. Attempts of one test share their
history id.
"""

from collections.abc import Iterator
from typing import BinaryIO, Final

from lapwing.ingest.head import Head
from lapwing.ingest.json_document import JsonDocument
from lapwing.ingest.json_fields import Object, number_in, object_in, objects_in, text_in, texts_in
from lapwing.ingest.reader import HISTORY_ID, Problem, ReadItem, Repeats, ReportFacts
from lapwing.ingest.timing import began_ns, timing
from lapwing.model.read_test import ReadTest
from lapwing.model.record import Outcome
from lapwing.units import NS_PER_MS

_STATUSES: Final = {
    "passed": Outcome.PASSED,
    "failed": Outcome.FAILED,
    "broken": Outcome.ERROR,
    "skipped": Outcome.SKIPPED,
}
_WORDS: Final = {*_STATUSES, "unknown"}
_OF_RESULTS: Final = {"historyId", "testCaseId", "steps", "statusDetails", "attachments", "start", "labels"}
_OF_CONTAINERS: Final = {"children", "befores", "afters"}


class AllureReader:
    """One attempt per result file, none per container."""

    name = "Allure 2 result"

    def recognizes(self, head: Head) -> bool:
        """By the id of a container, or by name and outcome beside what else only a result has."""
        beginning = head.json_value
        if not isinstance(beginning, dict) or "tests" in beginning:
            return False
        keys = beginning.keys()
        if "uuid" in keys:
            return bool(keys & (_OF_RESULTS | _OF_CONTAINERS | {"name"}))
        status = beginning.get("status")
        is_outcome = isinstance(status, str) and status.lower() in _WORDS
        return is_outcome and "name" in keys and bool(keys & _OF_RESULTS)

    def read(self, stream: BinaryIO, place: str) -> Iterator[ReadItem]:
        """The test whose attempt the file tells of."""
        for item in JsonDocument(stream, ()).pieces():
            if isinstance(item, Problem):
                yield item
            elif isinstance(item[1], dict) and not item[1].keys() & _OF_CONTAINERS:
                labels = {
                    text_in(each, "name"): text_in(each, "value") for each in objects_in(item[1], "labels")
                }
                yield ReportFacts(tool=labels.get("framework", "allure"), repeats=Repeats.ATTEMPTS)
                yield _test(item[1], labels)


def _test(fields: Object, labels: dict[str, str]) -> ReadTest:
    status = _STATUSES.get(text_in(fields, "status").lower(), Outcome.UNKNOWN)
    start, stop = number_in(fields, "start"), number_in(fields, "stop")
    told = timing(None if start is None or stop is None else stop - start, NS_PER_MS, status)
    parameters = ", ".join(
        f"{text_in(each, 'name')}={text_in(each, 'value')}"
        for each in objects_in(fields, "parameters")
        if each.get("excluded") is not True and each.get("mode") != "masked"
    )
    suites = tuple(labels[key] for key in ("parentSuite", "suite", "subSuite") if labels.get(key))
    identity = text_in(fields, HISTORY_ID) or text_in(fields, "testCaseId")
    if status is Outcome.PASSED and object_in(fields, "statusDetails").get("flaky") is True:
        status = Outcome.FLAKY
    return ReadTest(
        name=text_in(fields, "name") or text_in(fields, "fullName"),
        status=status,
        duration_ns=told.duration_ns,
        shown_duration_ns=told.shown_ns,
        suite_path=suites or texts_in(fields, "titlePath"),
        classname=labels.get("testClass", "") or _container(text_in(fields, "fullName")),
        file=_module(texts_in(fields, "titlePath")),
        package=labels.get("package", ""),
        parameters=parameters,
        start_ns=began_ns(start, NS_PER_MS),
        resolution_ns=NS_PER_MS,
        tags=tuple(
            text_in(each, "value") for each in objects_in(fields, "labels") if text_in(each, "name") == "tag"
        ),
        properties=((HISTORY_ID, identity),) if identity else (),
        warnings=told.warnings,
    )


def _container(full_name: str) -> str:
    """What is around the test that `full_name` names; pytest's adapter tears parameters that hold `::`."""
    container = full_name.rpartition("#")[0]
    before, bracket, _ = container.partition("[")
    return before.rpartition(".")[0] if bracket else container


def _module(titles: tuple[str, ...]) -> str:
    """The file among the titles around a test: pytest's adapter puts folders and the module first."""
    at = next((at for at, title in enumerate(titles, 1) if title.endswith(".py")), 0)
    return "/".join(titles[:at])
