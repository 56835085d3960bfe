"""Runs of one CI pipeline, taken together. Times in nanoseconds."""

from lapwing.model.record import TestRecord
from lapwing.model.value import Value


class PipelineJob(Value):
    """One run of the pipeline."""

    name: str  # of the CI job, with the version of Python where several jobs have that name
    run_id: str
    duration_ns: int
    tests: int


class Pipeline(Value):
    """A pipeline with at least one job."""

    name: str  # provider and id; "" where runs were put together by hand
    jobs: tuple[PipelineJob, ...]  # the longest first
    longest_tests: tuple[TestRecord, ...] = ()  # what makes the longest job the longest, slowest first

    @property
    def machine_ns(self) -> int:
        """Time of all machines together: each job has one."""
        return sum(job.duration_ns for job in self.jobs)

    @property
    def gap_ns(self) -> int:
        """By how much the longest job is longer than the next; all of it where there is no other."""
        return self.jobs[0].duration_ns - (self.jobs[1].duration_ns if len(self.jobs) > 1 else 0)
