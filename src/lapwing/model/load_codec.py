"""The stable JSON form of a load or stress test: seconds, and requests a second."""

from collections.abc import Mapping
from typing import Any, Final

from lapwing.model.load import LoadResult, LoadStep, LoadUnit, StoredLoad, in_seconds

FORMAT_VERSION: Final = 1
_NS_PER_S: Final = 1_000_000_000


def load_dict(result: LoadResult) -> dict[str, object]:
    """The stable JSON form: seconds, and requests a second."""
    summary = result.performance_summary
    return {
        "format_version": FORMAT_VERSION,
        "name": result.name,
        "target": result.target,
        "unit": result.unit.value,
        "wanted": result.wanted,
        "started_at_ns": result.started_at_ns,
        "duration_s": in_seconds(result.duration_ns),
        "workers": result.workers,
        "is_complete": result.is_complete,
        "steps": [_step_dict(step) for step in result.steps],
        "breaking_point": result.breaking_point,
        "breaking_point_rps": result.breaking_point_rps,
        "performance_summary": summary._asdict(),
        "notes": list(result.notes),
    }


def stored_load_dict(stored: StoredLoad) -> dict[str, object]:
    """A result at rest, as part of another document."""
    fields = load_dict(stored.result)
    del fields["format_version"]
    return {**fields, "commit": stored.commit, "branch": stored.branch, "machine_class": stored.machine_class}


def _step_dict(step: LoadStep) -> dict[str, object]:
    return {
        "load": step.load,
        "users": step.users,
        "duration_s": in_seconds(step.duration_ns),
        "offered_rps": step.offered_rps,
        "achieved_rps": step.achieved_rps,
        "p50_s": step.p50_s,
        "p95_s": step.p95_s,
        "p99_s": step.p99_s,
        "max_s": step.max_s,
        "requests": step.requests,
        "failures": step.failures,
        "unsent": step.unsent,
        "unanswered": step.unanswered,
        "late": step.late,
        "lateness_s": step.lateness_s,
        "in_flight": step.in_flight,
        "generator_cpu": step.generator_cpu,
        "errors": dict(step.errors),
        "broken": list(step.broken),
        "histogram": step.histogram,
    }


def load_of(document: Mapping[str, Any]) -> LoadResult:
    """The result in `document`, as `load_dict` wrote it. Raises KeyError, TypeError or ValueError."""
    if document["format_version"] != FORMAT_VERSION:
        raise ValueError(f"format_version {document['format_version']!r}")
    return LoadResult(
        name=document["name"],
        target=document["target"],
        unit=LoadUnit(document["unit"]),
        wanted=document["wanted"],
        steps=tuple(map(_step_of, document["steps"])),
        breaking_point=document["breaking_point"],
        breaking_point_rps=document["breaking_point_rps"],
        started_at_ns=document["started_at_ns"],
        duration_ns=_ns(document["duration_s"]) or 0,
        workers=document["workers"],
        is_complete=document["is_complete"],
        notes=tuple(document["notes"]),
    )


def _step_of(step: Mapping[str, Any]) -> LoadStep:
    same = (
        "load users offered_rps achieved_rps requests failures unsent unanswered late in_flight "
        "generator_cpu errors histogram"
    )
    return LoadStep(
        duration_ns=_ns(step["duration_s"]) or 0,
        p50_ns=_ns(step["p50_s"]),
        p95_ns=_ns(step["p95_s"]),
        p99_ns=_ns(step["p99_s"]),
        max_ns=_ns(step["max_s"]),
        lateness_ns=_ns(step["lateness_s"]),
        broken=tuple(step["broken"]),
        **{name: step[name] for name in same.split()},
    )


def _ns(seconds: float | None) -> int | None:
    return None if seconds is None else round(seconds * _NS_PER_S)
