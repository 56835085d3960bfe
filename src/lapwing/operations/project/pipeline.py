"""Which runs belong to one CI pipeline, and what makes it take as long as it does?"""

from collections import Counter
from collections.abc import Sequence
from typing import Final

from lapwing.analysis.longest_job import tests_that_make_it_longest
from lapwing.errors import NoDataError
from lapwing.model.pipeline import Pipeline, PipelineJob
from lapwing.model.run import Run
from lapwing.store.protocol import RunDigest, RunQuery, Store

LATEST: Final = "latest"

_LOOKED_AT: Final = 2_000  # runs, newest first
_MOST_TESTS: Final = 5


def read_pipeline(store: Store, name: str) -> Pipeline:
    """The pipeline whose id is `name`, or the newest for `latest`.

    Of a job that ran again the newest run counts. Raises NoDataError where no run tells of it.
    """
    digests = [
        each for each in store.runs(RunQuery(limit=_LOOKED_AT)) if each.run.ci and each.run.ci.pipeline
    ]
    if not digests:
        raise NoDataError("no recorded run is of a CI pipeline")
    wanted = _pipeline_id(digests[0].run) if name == LATEST else name
    chosen = [each for each in digests if _pipeline_id(each.run) == wanted]
    if not chosen:
        raise NoDataError(f"no recorded run is of pipeline {wanted!r}", mend="'lapwing runs' lists all runs.")
    jobs = tuple(sorted(_jobs(chosen), key=lambda job: (-job.duration_ns, job.name)))
    provider = chosen[0].run.ci.provider if chosen[0].run.ci else ""
    pipeline = Pipeline(name=f"{provider} {wanted}", jobs=jobs)
    tests = store.read_run(jobs[0].run_id).tests
    return pipeline._replace(longest_tests=tests_that_make_it_longest(tests, pipeline.gap_ns, _MOST_TESTS))


def _jobs(digests: Sequence[RunDigest]) -> list[PipelineJob]:
    newest: dict[tuple[str, str, str], RunDigest] = {}
    for digest in digests:
        run = digest.run
        newest.setdefault((_job_name(run), run.machine_class, " ".join(run.command)), digest)
    names = Counter(_job_name(each.run) for each in newest.values())
    return [
        PipelineJob(
            name=_job_name(each.run)
            + (f", Python {each.run.python}" if names[_job_name(each.run)] > 1 else ""),
            run_id=each.run.run_id,
            duration_ns=each.run.duration_ns,
            tests=each.tests,
        )
        for each in newest.values()
    ]


def _pipeline_id(run: Run) -> str:
    return (run.ci.pipeline if run.ci else None) or ""


def _job_name(run: Run) -> str:
    return (run.ci.job if run.ci else None) or "job"
