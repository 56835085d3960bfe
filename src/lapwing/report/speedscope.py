"""A profile in the form of speedscope, which opens in it, and in many editors, without a network.

The form is version 0.0.1 of its file format: frames once, and samples that name them, outermost first.
"""

from typing import Any, Final

from lapwing._version import __version__
from lapwing.model.profile import Profile

_SCHEMA: Final = "https://www.speedscope.app/file-format-schema.json"


def speedscope(profile: Profile) -> dict[str, Any]:
    """The document of one profile."""
    frames: list[dict[str, Any]] = []
    for frame in profile.frames:
        known: dict[str, Any] = {"name": frame.function}
        if frame.file:
            known["file"] = frame.file
        if frame.line:
            known["line"] = frame.line
        frames.append(known)
    return {
        "$schema": _SCHEMA,
        "exporter": f"lapwing {__version__}",
        "name": profile.nodeid,
        "activeProfileIndex": 0,
        "shared": {"frames": frames},
        "profiles": [
            {
                "type": "sampled",
                "name": f"{profile.nodeid} ({profile.profiler.value})",
                "unit": "bytes" if profile.profiler.is_memory else "nanoseconds",
                "startValue": 0,
                "endValue": profile.total,
                "samples": [list(stack.frames) for stack in profile.stacks],
                "weights": [stack.cost for stack in profile.stacks],
            }
        ],
    }
