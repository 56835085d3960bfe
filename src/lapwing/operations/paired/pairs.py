"""Measuring pairs: both sides in turn, until the answer is clear or enough have been tried."""

import random
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from lapwing.analysis.paired import enough_passed, judge_pairs
from lapwing.errors import ProjectError
from lapwing.model.comparison import ChangeVerdict
from lapwing.model.paired import Pair, PairedComparison
from lapwing.model.paired_design import Design
from lapwing.model.thresholds import ChangeThresholds
from lapwing.operations.paired.side import (
    PytestChoice,
    Side,
    SideAnswer,
    Subject,
    has_passed,
    passed_timing,
    run_side,
)
from lapwing.units import format_duration

_NO_PAIR = Pair(None, None, None, None)
_ORDER_SEED = 20_251_121  # the order of sides is drawn once and for all: the same plan every time

Progress = Callable[[str], None]


def measure_pairs(
    a: Side,
    b: Side,
    subjects: Sequence[Subject],
    choice: PytestChoice,
    work: Path,
    *,
    design: Design,
    progress: Progress,
    is_enough: Callable[[Subject, Sequence[Pair]], bool],
) -> dict[Subject, list[Pair]]:
    """Pairs of each subject, in fresh processes, until at one of the design's looks all have enough.

    `is_enough` tells whether more pairs of a subject would only cost time.

    All tests stay in until the end: what they share would otherwise be paid by another one. Raises
    ProjectError where a side gives no answer.
    """
    chosen = choice._replace(names=tuple(dict.fromkeys(subject.nodeid for subject in subjects)))
    pairs: dict[Subject, list[Pair]] = {subject: [] for subject in subjects}
    looks = design.looks
    unclear = len(subjects)
    began = time.monotonic_ns()
    for number, a_is_first in enumerate(_turns(looks[-1])):
        next_look = next(look for look in looks if look > number)
        done = f", {unclear} of {len(subjects)} not clear yet" if number >= looks[0] else ""
        lasts = ""
        if number:
            pair_ns = (time.monotonic_ns() - began) // number
            left, most = (format_duration((look - number) * pair_ns) for look in (next_look, looks[-1]))
            lasts = f"; {left} to go, {most} at most"
        progress(f"pair {number + 1} of {next_look}{done}{lasts}")
        answers: dict[bool, SideAnswer] = {}
        for is_a in (a_is_first, not a_is_first):
            answers[is_a] = run_side(a if is_a else b, chosen, work)
        for subject in subjects:
            pairs[subject].append(_pair(answers[True], answers[False], subject))
        if number + 1 in looks:
            unclear = sum(not is_enough(subject, pairs[subject]) for subject in subjects)
            if not unclear:
                break
    return pairs


def judged_pairs(
    pairs: Mapping[Subject, Sequence[Pair]],
    design: Design,
    thresholds: ChangeThresholds,
    suspects: Mapping[str, ChangeThresholds],
) -> list[PairedComparison]:
    """The verdict on each subject; of `suspects` by the thresholds that made them so."""
    judged = []
    for (nodeid, benchmark), measured in pairs.items():
        whole = [pair for pair in measured if pair != _NO_PAIR]
        if enough_passed(len(whole), len(measured)):
            own = suspects.get(nodeid)
            limit = own.warning if own is not None else None
            found = judge_pairs(nodeid, measured, design, own or thresholds, limit)
            judged.append(found._replace(benchmark=benchmark))
            continue
        reason = f"it passed on both sides in only {len(whole)} of {len(measured)} pairs"
        judged.append(
            PairedComparison(
                nodeid=nodeid,
                verdict=ChangeVerdict.CANNOT_TELL,
                pairs=len(whole),
                reason=reason,
                benchmark=benchmark,
            )
        )
    return judged


def why_not_compared(a: SideAnswer, b: SideAnswer, sides: tuple[Side, Side], nodeid: str) -> str:
    """Why one test cannot be measured on both sides; "" where it can."""
    for answer, side in zip((a, b), sides, strict=True):
        timing = answer.tests.get(nodeid)
        if timing is None:
            because = f": {answer.errors[0]}" if answer.errors else ""
            return f"{side.name} does not have this test{because}"
        if not has_passed(answer, nodeid):
            because = f": {timing.reason}" if timing.reason else ""
            return f"on {side.name} it {_WORDS.get(timing.outcome, timing.outcome)}{because}"
    return ""


_WORDS = {
    "failed": "fails",
    "skipped": "is skipped",
    "xfailed": "is expected to fail",
    "passed": "never ends",
}


def warm_up(a: Side, b: Side, choice: PytestChoice, work: Path) -> tuple[SideAnswer, SideAnswer]:
    """One run of each side that is not measured: it writes bytecode and tells what is there."""
    answers = []
    for side in (a, b):
        try:
            answers.append(run_side(side, choice, work))
        except ProjectError as error:
            answers.append(SideAnswer(tests={}, errors=(error.what,), modules={}, prefixes=()))
    return answers[0], answers[1]


def _turns(pairs: int) -> list[bool]:
    """Whether A comes first, pair by pair: A B B A or B A A B by the toss of a coin.

    In each two pairs both orders occur, so that a machine that grows slower favors nobody.
    """
    coin = random.Random(_ORDER_SEED)
    turns: list[bool] = []
    while len(turns) < pairs:
        first = coin.random() < 0.5
        turns += [first, not first]
    return turns[:pairs]


def measured_on_both(a: SideAnswer, b: SideAnswer, nodeid: str) -> list[Subject]:
    """The benchmarks of a test that both sides have, or else the test itself.

    A test that measures benchmarks lasts as long as they take to be measured, which tells nothing.
    """
    benchmarks = [each for each in b.benchmarks if each.nodeid == nodeid and each in a.benchmarks]
    return benchmarks or [Subject(nodeid)]


def _pair(a: SideAnswer, b: SideAnswer, subject: Subject) -> Pair:
    before, after = passed_timing(a, subject), passed_timing(b, subject)
    if before is None or after is None:
        return _NO_PAIR
    return Pair(
        a_wall_ns=before.wall_ns, b_wall_ns=after.wall_ns, a_cpu_ns=before.cpu_ns, b_cpu_ns=after.cpu_ns
    )
