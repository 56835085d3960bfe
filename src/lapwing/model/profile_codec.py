"""The JSON forms of a profile and of its summary: nanoseconds or bytes, as the profiler measures."""

from collections.abc import Mapping
from typing import Any, Final

from lapwing.model.profile import Frame, HotSpot, Profile, ProfilerName, ProfileSummary, Stack

FORMAT_VERSION: Final = 1


def summary_dict(summary: ProfileSummary) -> dict[str, Any]:
    """The stable JSON form of a summary."""
    return {
        "format_version": FORMAT_VERSION,
        **summary._asdict(),
        "profiler": summary.profiler.value,
        "unit": "bytes" if summary.profiler.is_memory else "ns",
        "own": [spot._asdict() for spot in summary.own],
        "libraries": [spot._asdict() for spot in summary.libraries],
        "files": list(summary.files),
    }


def summary_of(document: Mapping[str, Any]) -> ProfileSummary:
    """The summary in `document`, as `summary_dict` wrote it. Raises KeyError, TypeError or ValueError."""
    _check(document)
    return ProfileSummary(
        nodeid=document["nodeid"],
        profiler=ProfilerName(document["profiler"]),
        outcome=document["outcome"],
        total=document["total"],
        own_share=document["own_share"],
        own=tuple(HotSpot(**spot) for spot in document["own"]),
        libraries=tuple(HotSpot(**spot) for spot in document["libraries"]),
        started_at_ns=document["started_at_ns"],
        commit=document["commit"],
        run_id=document["run_id"],
        files=tuple(document["files"]),
    )


def profile_dict(profile: Profile) -> dict[str, Any]:
    """A whole profile, as the process that made it hands it on."""
    return {
        "format_version": FORMAT_VERSION,
        "nodeid": profile.nodeid,
        "profiler": profile.profiler.value,
        "outcome": profile.outcome,
        "frames": [list(frame) for frame in profile.frames],
        "stacks": [[stack.frames, stack.lines, stack.cost] for stack in profile.stacks],
        "started_at_ns": profile.started_at_ns,
        "interval_ns": profile.interval_ns,
    }


def profile_of(document: Mapping[str, Any]) -> Profile:
    """The profile in `document`, as `profile_dict` wrote it. Raises KeyError, TypeError or ValueError."""
    _check(document)
    return Profile(
        nodeid=document["nodeid"],
        profiler=ProfilerName(document["profiler"]),
        outcome=document["outcome"],
        frames=tuple(Frame(*frame) for frame in document["frames"]),
        stacks=tuple(Stack(tuple(frames), tuple(lines), cost) for frames, lines, cost in document["stacks"]),
        started_at_ns=document["started_at_ns"],
        interval_ns=document["interval_ns"],
    )


def _check(document: Mapping[str, Any]) -> None:
    if document["format_version"] != FORMAT_VERSION:
        raise ValueError(f"format_version {document['format_version']!r}")
