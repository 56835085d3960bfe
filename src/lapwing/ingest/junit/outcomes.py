"""What the children and attributes of a `testcase` say about its outcome and attempts."""

from collections.abc import Mapping
from typing import Final

from lapwing.ingest.numbers import read_duration
from lapwing.model.read_test import ReadAttempt
from lapwing.model.record import Outcome

Mark = tuple[str, Mapping[str, str]]
"""A child element: its name and attributes."""

RETRIES: Final = {
    "flakyFailure": Outcome.FAILED,
    "flakyError": Outcome.ERROR,
    "rerunFailure": Outcome.FAILED,
    "rerunError": Outcome.ERROR,
}
"""The children that are attempts of their own, with how these ended."""

_CHILDREN: Final = {
    "failure": Outcome.FAILED,
    "error": Outcome.ERROR,
    "warning": Outcome.ERROR,
    "skipped": Outcome.SKIPPED,
    "skip": Outcome.SKIPPED,
    "ignored": Outcome.SKIPPED,
    "disabled": Outcome.SKIPPED,
    "incomplete": Outcome.SKIPPED,
    "pending": Outcome.TODO,
}
MARKS: Final = frozenset(RETRIES) | frozenset(_CHILDREN)
"""The children that bear on the outcome."""

_BAD: Final = frozenset({"failure", "error"})
_BY_STATUS: Final = {
    "failed": Outcome.FAILED,
    "fail": Outcome.FAILED,
    "failure": Outcome.FAILED,
    "error": Outcome.ERROR,
    "skipped": Outcome.SKIPPED,
    "skip": Outcome.SKIPPED,
    "ignored": Outcome.SKIPPED,
    "disabled": Outcome.SKIPPED,
    "suppressed": Outcome.SKIPPED,
    "pending": Outcome.SKIPPED,
    "notrun": Outcome.NOTRUN,
    "untested": Outcome.NOTRUN,
    "not run": Outcome.NOTRUN,
    "undefined": Outcome.ERROR,
    "todo": Outcome.TODO,
    "timeout": Outcome.TIMEOUT,
    "timedout": Outcome.TIMEOUT,
}
_TRUE: Final = ("true", "1", "yes")


def outcome_of(attributes: Mapping[str, str], marks: list[Mark]) -> Outcome:
    """The outcome of a case with these attributes and marks. `todo` beats the failure it excuses."""
    if len(marks) == 1 and marks[0][0] in _BAD:  # most that hold something
        name, child = marks[0]
        return Outcome.TIMEOUT if _is_timeout(_CHILDREN[name], child) else _CHILDREN[name]
    found = {_CHILDREN[name] for name, _ in marks if name in _CHILDREN}
    for name, child in marks:
        kind = child.get("type", "")
        if name == "skipped" and kind == "todo":
            return Outcome.TODO
        if name == "skipped" and kind == "pytest.xfail":
            return Outcome.XFAILED
    for outcome in (Outcome.ERROR, Outcome.FAILED, Outcome.SKIPPED, Outcome.TODO):
        if outcome in found:
            first = next(child for name, child in marks if _CHILDREN.get(name) is outcome)
            return Outcome.TIMEOUT if _is_timeout(outcome, first) else outcome
    names = {name for name, _ in marks}
    if names & {"flakyFailure", "flakyError"}:
        return Outcome.FLAKY
    if names & {"rerunFailure", "rerunError"}:
        return Outcome.FAILED
    return _by_attributes(attributes)


def attempts_of(status: Outcome, own_ns: int | None, marks: list[Mark]) -> tuple[ReadAttempt, ...]:
    """The attempts of a case whose entry took `own_ns`; () where it was tried once.

    A failing case tells its first attempt itself and reruns as children; a flaky one tells the last
    itself, and the failed ones before it as children.
    """
    retries = [
        ReadAttempt(RETRIES[name], read_duration(child.get("time", "")).ns)
        for name, child in marks
        if name in RETRIES
    ]
    if not retries:
        return ()
    own = ReadAttempt(Outcome.PASSED if status is Outcome.FLAKY else status, own_ns)
    if status is Outcome.FLAKY or any(name.startswith("flaky") for name, _ in marks):
        return (*retries, own)
    return (own, *retries)


def _is_timeout(outcome: Outcome, child: Mapping[str, str]) -> bool:
    """Only nextest's own words: others say failed or error, and readers of theirs expect that."""
    return outcome is Outcome.FAILED and child.get("type", "") == "test timeout"


def _by_attributes(attributes: Mapping[str, str]) -> Outcome:
    result = _BY_STATUS.get(attributes.get("result", "").lower())
    status = _BY_STATUS.get(attributes.get("status", "").lower())
    if result is not None or status is not None:
        return result or status or Outcome.PASSED
    for name in ("skip", "skipped", "ignored", "disabled"):
        if attributes.get(name, "").lower() in _TRUE:
            return Outcome.SKIPPED
    if attributes.get("executed", "").lower() == "false":
        return Outcome.NOTRUN
    if attributes.get("success", "").lower() == "false":
        return Outcome.FAILED
    return Outcome.PASSED
