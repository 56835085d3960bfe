"""Lines of TAP, taken apart. What a line means depends on those before it; that is the reader's part."""

import re
from typing import Final

from lapwing.model.record import Outcome
from lapwing.model.value import Value
from lapwing.units import NS_PER_MS, NS_PER_S

_POINT: Final = re.compile(r"(not )?ok(?:\s+\d{1,9}\b)?(?=\s|$)(.*)", re.DOTALL)
_PROVE_TIMER: Final = re.compile(r"ok\s+\d+ ms\b")  # of a whole file, behind its tests
_DIRECTIVE: Final = re.compile(
    r"(?:^|\s)#\s*(?:(skip)|(todo)|time=(\d{1,15}(?:\.\d{1,20})?)\s*(ms|s)\b)", re.IGNORECASE
)
_BATS_TIME: Final = re.compile(r"(.*) in (\d{1,12})ms", re.DOTALL)
_VERSION: Final = re.compile(r"TAP version (\d{1,3})\s*$", re.IGNORECASE)
_PLAN: Final = re.compile(r"1\.\.(\d{1,9})(?=\s|$)")
_BAIL_OUT: Final = re.compile(r"Bail out!\s*(.*)", re.IGNORECASE)
_SUBTEST: Final = re.compile(r"# Subtest: (.*)")
_PROVE_FILE: Final = re.compile(r"(?:\[\d\d:\d\d:\d\d\] )?(\S{1,500}) \.{2,}(?=\s|$)")
_ESCAPED: Final = re.compile(r"\\([\\#])")
_NS: Final = {"ms": NS_PER_MS, "s": NS_PER_S}


class TapTime(Value):
    """The time of a test as written: a number of units, and what one of its last digit is."""

    told: float
    unit_ns: int
    step_ns: int


class TestPoint(Value):
    """The result of one test."""

    name: str
    status: Outcome
    time: TapTime | None = None
    opens_block: bool = False  # it ends in a brace, behind which its subtests may follow ...
    name_with_brace: str = ""  # ... or which is the end of its name


class Version(Value):
    """`TAP version 14`."""

    number: int


class Plan(Value):
    """`1..8`."""

    tests: int


class BailOut(Value):
    """The run was given up."""

    reason: str


class SubtestTitle(Value):
    """`# Subtest: name`, before the lines of the subtests."""

    title: str


class BlockEnd(Value):
    """The brace behind a block of subtests."""


TapLine = TestPoint | Version | Plan | BailOut | SubtestTitle | BlockEnd


def tap_line(text: str) -> TapLine | None:
    """What the line `text`, without indentation, says; None for what says nothing."""
    if text.startswith(("ok", "not ok")):
        return _point(text)
    if text.startswith("#"):
        match = _SUBTEST.match(text)
        return SubtestTitle(match[1].strip()) if match else None
    if text.rstrip() == "}":
        return BlockEnd()
    if match := _PLAN.match(text):
        return Plan(int(match[1]))
    if match := _VERSION.match(text):
        return Version(int(match[1]))
    match = _BAIL_OUT.match(text)
    return BailOut(match[1].strip()) if match else None


def tap_time(number: str, unit_ns: int) -> TapTime:
    """The time that the decimal `number` of units tells."""
    decimals = len(number.lower().partition("e")[0].partition(".")[2])
    return TapTime(float(number), unit_ns, max(1, unit_ns // 10**decimals))


def prove_file(text: str) -> str | None:
    """The file that `prove -v` names in the line `text`, before the TAP of it; None in any other line."""
    match = _PROVE_FILE.match(text)
    return match[1] if match else None


def _point(text: str) -> TestPoint | None:
    match = _POINT.match(text)
    if match is None or _PROVE_TIMER.match(text):
        return None
    failed, rest = match.groups()
    status = Outcome.FAILED if failed else Outcome.PASSED
    rest = rest.rstrip()
    opens_block = rest.endswith("{")
    time: TapTime | None = None
    name = rest
    directive = _DIRECTIVE.search(rest)
    if directive is not None:
        name = rest[: directive.start()]
        skip, todo, number, unit = directive.groups()
        if skip or todo:
            status = Outcome.SKIPPED if skip else Outcome.TODO
        else:
            time = tap_time(number, _NS[unit.lower()])
    elif opens_block:
        name = rest[:-1]
    if time is None and (timed := _BATS_TIME.fullmatch(name)):
        name, time = timed[1], tap_time(timed[2], NS_PER_MS)
    name = name.strip().removeprefix("-").strip()
    name = _ESCAPED.sub(r"\1", name)
    with_brace = f"{name} {{" if opens_block and directive is None else name
    return TestPoint(name, status, time, opens_block, with_brace)
