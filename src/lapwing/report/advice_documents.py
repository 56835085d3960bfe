"""Answers about where time goes, and what to do, as dictionaries of JSON; see `docs/reference/json.md`."""

import json
from typing import Any, Final

from lapwing.model.import_cost import ImportCosts
from lapwing.model.run import Run
from lapwing.model.shards import KnownTimes, ShardPlan
from lapwing.model.suggestion import Advice, Suggestion
from lapwing.model.what_if import WhatIf
from lapwing.model.why import Cause, RunWhy
from lapwing.units import NS_PER_S

FORMAT_VERSION: Final = 1


def why_dict(run: Run, why: RunWhy) -> dict[str, Any]:
    """As `lapwing why --format json` prints it."""
    return {
        "format_version": FORMAT_VERSION,
        "run_id": run.run_id,
        "wall_ns": why.wall_ns,
        "workers": why.workers,
        "worker_ns": why.worker_ns,
        "explained_share": why.explained_share,
        "unexplained_ns": why.unexplained.time_ns,
        "unexplained_tests": [_cause(part) for part in why.unexplained.parts],
        "phases": [_cause(cause) for cause in why.phases],
        "test_time": [_cause(cause) for cause in why.test_time],
        "critical_path": None
        if why.critical is None
        else {**why.critical._asdict(), "longest": _tests(why.critical.longest)},
        "tail": {"tail_ns": why.tail_ns, "idle_ns": why.tail_idle_ns, "tests": _tests(why.tail_tests)},
        "imports": [each._asdict() for each in why.imports],
        "floor_ns": why.floor_ns,
    }


def imports_dict(costs: ImportCosts) -> dict[str, Any]:
    """As `lapwing why --imports --format json` prints it."""
    return {
        "format_version": FORMAT_VERSION,
        "total_ns": costs.total_ns,
        "collected": costs.collected,
        "imports": [each._asdict() for each in costs.imports],
    }


def advice_dict(advice: Advice) -> dict[str, Any]:
    """As `lapwing advise --format json` prints it."""
    return {
        "format_version": FORMAT_VERSION,
        "run_id": advice.run_id,
        "wall_s": advice.wall_ns / NS_PER_S,
        "workers": advice.workers,
        "dist": advice.dist,
        "suggestions": [suggestion_dict(each) for each in advice.suggestions],
    }


def suggestion_dict(suggestion: Suggestion) -> dict[str, Any]:
    """One suggestion."""
    return {
        "advisor": suggestion.advisor,
        "title": suggestion.title,
        "change": suggestion.change,
        "gain_s": suggestion.gain_ns / NS_PER_S,
        "gain_interval_s": [suggestion.low_ns / NS_PER_S, suggestion.high_ns / NS_PER_S],
        "confidence": suggestion.confidence.value,
        "evidence": list(suggestion.evidence),
        "where": suggestion.where,
        "risk": suggestion.risk,
    }


def what_if_dict(answer: WhatIf) -> dict[str, Any]:
    """As `lapwing what-if --format json` prints it."""
    return {
        "format_version": FORMAT_VERSION,
        "run_id": answer.run_id,
        "tests": answer.tests,
        "dropped": answer.dropped,
        "recorded": {
            "workers": answer.recorded_workers,
            "dist": answer.recorded_dist,
            "makespan_s": answer.recorded_ns / NS_PER_S,
            "simulated_s": answer.simulated_ns / NS_PER_S,
        },
        "worker_costs": answer.worker_costs.value,
        "rows": [
            {
                "workers": row.workers,
                "dist": row.dist,
                "makespan_s": row.makespan_ns / NS_PER_S,
                "floor_s": row.floor_ns / NS_PER_S,
                "floor": row.floor,
            }
            for row in answer.rows
        ],
    }


def shards_dict(plan: ShardPlan) -> dict[str, Any]:
    """As `lapwing shard --format json` prints it."""
    return {
        "format_version": FORMAT_VERSION,
        "shards": [{**shard._asdict(), "tests": list(shard.tests)} for shard in plan.shards],
        "makespan_ns": plan.makespan_ns,
        "lower_bound_ns": plan.lower_bound_ns,
        "times": plan.times,
        "is_stable": plan.is_stable,
        "digest": plan.digest,
    }


def durations_dict(known: KnownTimes) -> dict[str, Any]:
    """As `lapwing durations --format json` prints it."""
    return {
        "format_version": FORMAT_VERSION,
        "times": known.source,
        "tests": [
            {"nodeid": nodeid, "duration_ns": ns, "category": known.categories.get(nodeid)}
            for nodeid, ns in sorted(known.tests.items())
        ],
    }


def pytest_split_text(known: KnownTimes) -> str:
    """The text of a file `.test_durations` of pytest-split: seconds by node id."""
    seconds = {nodeid: ns / NS_PER_S for nodeid, ns in known.tests.items()}
    return json.dumps(seconds, indent=4, sort_keys=True) + "\n"


def _cause(cause: Cause) -> dict[str, Any]:
    return {**cause._asdict(), "parts": [_cause(part) for part in cause.parts]}


def _tests(tests: tuple[tuple[str, int], ...]) -> list[dict[str, Any]]:
    return [{"nodeid": nodeid, "time_ns": ns} for nodeid, ns in tests]
