"""Plain results of people's own scripts: `{"tests": [{"name": ..., "duration": 1.5}]}`, in seconds."""

from collections.abc import Iterator
from typing import BinaryIO, Final

from lapwing.ingest.head import Head
from lapwing.ingest.json_document import JsonDocument, object_pieces
from lapwing.ingest.json_fields import Object, count_in, text_in, texts_in
from lapwing.ingest.reader import Problem, ReadItem
from lapwing.ingest.timing import timing
from lapwing.model.read_test import ReadTest
from lapwing.model.record import Outcome
from lapwing.units import NS_PER_S

_TIMES: Final = ("execution_time", "duration")
_NAMES: Final = ("name", "nodeid")
_OUTCOMES: Final = {outcome.value: outcome for outcome in Outcome}
_OTHER_WORDS: Final = {
    "pass": Outcome.PASSED,
    "ok": Outcome.PASSED,
    "success": Outcome.PASSED,
    "fail": Outcome.FAILED,
    "failure": Outcome.FAILED,
    "skip": Outcome.SKIPPED,
}


class GenericJsonReader:
    """Tests come out as they are read; one without an outcome counts as passed."""

    name = "JSON list of tests"

    def recognizes(self, head: Head) -> bool:
        """By a name and a time in the first test."""
        beginning = head.json_value
        tests = beginning.get("tests") if isinstance(beginning, dict) else None
        first = tests[0] if isinstance(tests, list) and tests else None
        return (
            isinstance(first, dict)
            and any(key in first for key in _NAMES)
            and any(key in first for key in _TIMES)
        )

    def read(self, stream: BinaryIO, place: str) -> Iterator[ReadItem]:
        """Each test."""
        for item in object_pieces(JsonDocument(stream, ("tests", "[]"))):
            if isinstance(item, Problem):
                yield item
            elif item[0]:
                yield _test(item[1])


def _test(fields: Object) -> ReadTest:
    word = (text_in(fields, "status") or text_in(fields, "outcome")).lower()
    status = _OUTCOMES.get(word) or _OTHER_WORDS.get(word) or (Outcome.UNKNOWN if word else Outcome.PASSED)
    told = timing(next((fields[key] for key in _TIMES if key in fields), None), NS_PER_S, status)
    return ReadTest(
        name=text_in(fields, "name") or text_in(fields, "nodeid"),
        status=status,
        duration_ns=told.duration_ns,
        shown_duration_ns=told.shown_ns,
        classname=text_in(fields, "classname") or text_in(fields, "class"),
        file=text_in(fields, "file"),
        line=count_in(fields, "line"),
        tags=texts_in(fields, "markers") or texts_in(fields, "tags"),
        warnings=told.warnings,
    )
