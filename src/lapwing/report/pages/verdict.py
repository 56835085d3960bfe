"""The first line of every page about a run: what is to be said, in one sentence."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from lapwing.model.record import taker
from lapwing.model.run import RecordedRun
from lapwing.units import format_duration

if TYPE_CHECKING:
    from lapwing.model.comparison import ChangeVerdict, RunComparison

_NODEID: Final = taker("nodeid")

_WORDS: Final = {
    "regressed": ("slower", "with more memory", "worse in a metric of its own", "doing more"),
    "improved": ("faster", "with less memory", "better in a metric of its own", "doing less"),
}


def told(recorded: RecordedRun, judgment: RunComparison | None) -> tuple[str, str, bool]:
    """Verdict, value of its `Tone`, and whether it is news (something changed, or cannot be told)."""
    run = recorded.run
    tests = len(set(map(_NODEID, recorded.tests)))
    count = f"{tests:,} test{'s' if tests != 1 else ''} in {format_duration(run.duration_ns)}"
    if not run.is_complete:
        count += f", incomplete ({run.why_incomplete})" if run.why_incomplete else ", incomplete"
    if judgment is None:
        return f"{count}; no baseline to compare with yet", "plain", False
    from lapwing.model.comparison import ChangeVerdict

    faster = changed_text(judgment, ChangeVerdict.IMPROVED)
    if judgment.reason:
        slower = changed_text(judgment, ChangeVerdict.REGRESSED)
        surely = ", ".join(filter(None, (slower, faster)))
        said = f"{surely}: {count}" if surely else count
        return f"{said}; {judgment.reason}", "bad" if slower else "unsure", True
    if judgment.verdict == ChangeVerdict.REGRESSED:
        what = changed_text(judgment, ChangeVerdict.REGRESSED) or slower_as_a_whole(judgment)
        return f"{', '.join(filter(None, (what, faster)))}: {count}", "bad", True
    if faster:
        return f"nothing slower, {faster}: {count}", "good", True
    unsure = changed_text(judgment, ChangeVerdict.CANNOT_TELL)
    if unsure:
        return f"nothing surely slower, {unsure}: {count}", "unsure", True
    return f"nothing slower: {count}", "good", False


def slower_as_a_whole(judgment: RunComparison) -> str:
    """The worst sum that became slower where no single test did."""
    from lapwing.model.decisive import is_decisive

    return next(
        (f"{each.nodeid} slower as a whole" for each in judgment.suite if is_decisive(each)), "slower"
    )


def changed_text(judgment: RunComparison, verdict: ChangeVerdict) -> str:
    """How many tests have `verdict` in one of their times, how many more in memory, in a metric of their own,
    and how many more only in what was counted; "" for none.

    Of those that cannot be told, only the ones worth a look.
    """
    found = [
        each
        for each in judgment.comparisons
        if each.verdict == verdict and (verdict != "cannot_tell" or each.worth_a_look)
    ]
    everything = {each.nodeid for each in found}
    if verdict == "cannot_tell":
        return f"{len(everything)} worth a look" if found else ""
    timed = {each.nodeid for each in found if each.unit == "ns"}
    counted = everything - {each.nodeid for each in found if not each.metric.startswith("counter:")}
    grown = {each.nodeid for each in found if each.unit == "bytes"} - timed - counted
    groups = (timed, grown, everything - timed - grown - counted, counted)
    return ", ".join(
        f"{len(each)} {word}" for each, word in zip(groups, _WORDS[verdict.value], strict=True) if each
    )
