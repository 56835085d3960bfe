"""Where tests were when their deadlines stopped them."""

import re
from collections.abc import Iterator, Sequence
from typing import Final

from lapwing.model.run import RecordedRun, StoppedTest
from lapwing.report.page import Section
from lapwing.units import format_count

_MOST_TESTS: Final = 10
_MOST_CALLS: Final = 6
_CALL: Final = re.compile(r'  File "(.*)", line (\d+), in (.*)\n(?:    (.*)\n)?')
_DUMPED: Final = re.compile(r'^  File "(.*)", line (\d+) in (.*)()$', re.MULTILINE)
"""As faulthandler writes them: one thread after the other, the innermost call first, without code."""

_OURS: Final = re.compile(r"[/\\]lapwing[/\\](?:plugin|measure)[/\\]")
_STOP: Final = re.compile(r"[/\\]pytest_timeout\.py\Z")
_INSTALLED: Final = re.compile(r".*(?:site-packages|lib[/\\]python3\.\d+)[/\\]")


def stopped_sections(recorded: RecordedRun) -> Iterator[Section]:
    """The calls that each test was in, from its own file on; only tests that are in `recorded`."""
    shown = {record.nodeid for record in recorded.tests}
    stopped = [each for each in recorded.stopped if each.nodeid in shown]
    if not stopped:
        return
    more = len(stopped) - _MOST_TESTS
    said = f"{format_count(len(stopped), 'test')}, and where each was, the innermost call last"
    yield Section(
        title="at its deadline",
        slug="stopped",
        sentences=(said + (f"; {more} not shown" if more > 0 else ""),),
        drawing=tuple(line for each in stopped[:_MOST_TESTS] for line in _lines(each)),
    )


def _lines(stopped: StoppedTest) -> Iterator[str]:
    yield stopped.nodeid + (f" #{stopped.attempt}" if stopped.attempt > 1 else "")
    calls = _calls(stopped)
    if len(calls) > _MOST_CALLS:
        yield f"  … {format_count(len(calls) - _MOST_CALLS, 'call')}"
    for place, line, name, code in calls[-_MOST_CALLS:]:
        yield f"  {place}:{line} in {name}" + (f": {code}" if code else "")


def _calls(stopped: StoppedTest) -> Sequence[tuple[str, str, str, str]]:
    """Place, line, function and code of the calls from the test's file on, without those of the stop."""
    file = stopped.nodeid.partition("::")[0]
    calls: list[tuple[str, str, str, str]] = []
    begins: int | None = None
    for path, line, name, code in _CALL.findall(stopped.stack) or _dumped(stopped.stack, file):
        if _STOP.search(path):
            break
        if _OURS.search(path):
            continue
        is_own = _is_in(path, file)
        if is_own and begins is None:
            begins = len(calls)
        calls.append((file if is_own else _INSTALLED.sub("", path), line, name, code))
    return calls[begins or 0 :]


def _dumped(stack: str, file: str) -> list[tuple[str, str, str, str]]:
    """The calls of the thread that was in the test, outermost first."""
    threads: list[list[tuple[str, str, str, str]]] = [_DUMPED.findall(each) for each in stack.split("\n\n")]
    return next((each[::-1] for each in threads if any(_is_in(call[0], file) for call in each)), [])


def _is_in(path: str, file: str) -> bool:
    return path.replace("\\", "/").endswith(f"/{file}")
