"""The first line of every page about a run: what is to be said, in one sentence."""

from typing import TYPE_CHECKING

from lapwing.model.run import RecordedRun
from lapwing.units import format_duration

if TYPE_CHECKING:
    from lapwing.model.comparison import ChangeVerdict, RunComparison


def told(recorded: RecordedRun, judgment: "RunComparison | None") -> tuple[str, str, bool]:
    """Verdict, value of its `Tone`, and whether it is news (something changed, or cannot be told)."""
    run = recorded.run
    tests = len({record.nodeid for record in recorded.tests})
    count = f"{tests} test{'s' if tests != 1 else ''} in {format_duration(run.duration_ns)}"
    if not run.is_complete:
        count += f", incomplete ({run.why_incomplete})" if run.why_incomplete else ", incomplete"
    if judgment is None:
        return f"{count}; no baseline to compare with yet", "plain", False
    from lapwing.model.comparison import ChangeVerdict

    slower, unsure, faster = (
        counted(judgment, verdict)
        for verdict in (ChangeVerdict.REGRESSED, ChangeVerdict.CANNOT_TELL, ChangeVerdict.IMPROVED)
    )
    if judgment.reason:
        return f"{count}; {judgment.reason}", "unsure", True
    if judgment.verdict == ChangeVerdict.REGRESSED:
        what = f"{slower} slower" if slower else slower_as_a_whole(judgment)
        more = f", {faster} faster" if faster else ""
        return f"{what}{more}: {count}", "bad", True
    if faster:
        return f"nothing slower, {faster} faster: {count}", "good", True
    if unsure:
        return f"nothing surely slower, {unsure} worth a look: {count}", "unsure", True
    return f"nothing slower: {count}", "good", False


def slower_as_a_whole(judgment: "RunComparison") -> str:
    """The worst sum that became slower where no single test did."""
    from lapwing.model.decisive import is_decisive

    return next(
        (f"{each.nodeid} slower as a whole" for each in judgment.suite if is_decisive(each)), "slower"
    )


def counted(judgment: "RunComparison", verdict: "ChangeVerdict") -> int:
    """How many tests have `verdict` in one of their metrics. Of those that cannot be told,
    only the ones worth a look."""
    return len(
        {
            each.nodeid
            for each in judgment.comparisons
            if each.verdict == verdict and (verdict != "cannot_tell" or each.worth_a_look)
        }
    )
