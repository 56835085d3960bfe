"""Suspects that were run again: judged on the evidence of all their runs."""

from collections.abc import Collection, Sequence

from lapwing.analysis.arithmetic import Arithmetic
from lapwing.analysis.compare import compare_runs, compare_with_baseline_file
from lapwing.model.baseline import BaselineFile
from lapwing.model.comparison import RunComparison
from lapwing.model.series import RunSamples
from lapwing.model.thresholds import ChangeThresholds


def judge_confirmed(
    baseline: Sequence[RunSamples] | BaselineFile,
    judged: Sequence[RunSamples],
    confirming: Sequence[RunSamples],
    named: Collection[str],
    thresholds: ChangeThresholds = ChangeThresholds(),
    *,
    same_machine_class: bool = True,
    baseline_why: str = "",
    arithmetic: Arithmetic | None = None,
) -> RunComparison:
    """The judgment of `judged` against `baseline` after the suspects `named` were run again.

    `baseline` and `judged` are those of the first judgment, `named` what `suspects` made of it, and
    `confirming` one `RunSamples` per round of running them again, each with the suspects that passed in
    that round, in the order they ran; a test may be missing in some rounds or in all. Rounds run on the
    machine of the judged runs, right after them: so few tests show no machine factor of their own.

    Ratio and interval of a suspect are of judged and confirming runs together, p and q of the confirming
    runs alone, q among the suspects: the judged runs made it one. It is called at q <= 0.1, and where its
    change is over the floor and not surely under the threshold; on a heavily loaded machine at q <= 0.05,
    and at q > 0.005 only if it is over the threshold as measured. All other tests keep their verdict. Without
    `confirming` runs the answer is the first judgment. `arithmetic` as in `compare_runs`.
    """
    if isinstance(baseline, BaselineFile):
        again = compare_with_baseline_file(
            baseline,
            judged,
            thresholds,
            same_machine_class=same_machine_class,
            confirming=_only(confirming, named),
            arithmetic=arithmetic,
        )
        return again._replace(baseline_why=baseline_why or again.baseline_why)
    return compare_runs(
        baseline,
        judged,
        thresholds,
        same_machine_class=same_machine_class,
        baseline_why=baseline_why,
        confirming=_only(confirming, named),
        arithmetic=arithmetic,
    )


def _only(confirming: Sequence[RunSamples], named: Collection[str]) -> list[RunSamples]:
    wanted = set(named)
    return [
        _with_rows(run, [at for at, subject in enumerate(run.subjects) if subject in wanted])
        for run in confirming
    ]


def _with_rows(run: RunSamples, places: Sequence[int]) -> RunSamples:
    if len(places) == len(run.subjects):
        return run
    count = len(run.subjects)
    columns = {
        name: tuple([values[at] for at in places])
        for name, values in run._asdict().items()
        if isinstance(values, tuple) and len(values) == count
    }
    return run._replace(**columns)
