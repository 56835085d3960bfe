"""Who came first in stored runs, and what fixtures that several tests share took them."""

from collections.abc import Container, Mapping, Sequence

from lapwing.model.fixture_subject import wide_set_ups
from lapwing.model.series import RunSamples
from lapwing.store.protocol import OneTest, Store


class OrderOfRuns:
    """The order in `samples`, and fixtures of the runs `run_ids`, read as they are asked for."""

    def __init__(self, store: Store, run_ids: Sequence[str], samples: Sequence[RunSamples]) -> None:
        self._store, self._run_ids, self._samples = store, run_ids, samples
        self._tests: dict[str, list[OneTest]] = {}
        self._known: Mapping[str, Sequence[int]] | None = None

    def turns(self, nodeids: Container[str]) -> list[Mapping[str, int]]:
        """Per run how early each of `nodeids` came (see `ran_first.turns`)."""
        from lapwing.analysis.ran_first import turns

        return [turns(run, nodeids) for run in self._samples]

    def shared_ns(self, nodeid: str) -> list[int]:
        """Per run in which the test ran what fixtures of wider scope took inside of it."""
        return [each.attempts[-1].shared_fixture_ns for each in self._runs_of(nodeid) if each.attempts]

    def set_up_by(self, nodeid: str) -> Mapping[str, Sequence[int]]:
        """By fixture of wider scope what each of its set-ups for the test took, in nanoseconds."""
        took: dict[str, list[int]] = {}
        for each in self._runs_of(nodeid):
            for name, took_ns in wide_set_ups(each.fixtures):
                took.setdefault(name, []).append(took_ns)
        return took

    def set_ups(self) -> Mapping[str, Sequence[int]]:
        """By fixture what each set-up for any test took, in nanoseconds."""
        if self._known is None:
            known: dict[str, list[int]] = {}
            for run in self._store.fixture_samples(list(self._run_ids)):
                for name, wall_ns in zip(run.subjects, run.wall_ns, strict=True):
                    known.setdefault(name, []).append(wall_ns)
            self._known = known
        return self._known

    def _runs_of(self, nodeid: str) -> list[OneTest]:
        if nodeid not in self._tests:
            self._tests[nodeid] = [self._store.one_test(run_id, nodeid) for run_id in self._run_ids]
        return self._tests[nodeid]
