"""What was hot: lines of the project's own code first, then functions of libraries."""

from collections.abc import Mapping
from typing import Final

from lapwing.model.profile import HotSpot, Profile, ProfileSummary, Stack

_MOST: Final = 20
_LEAST_SHARE: Final = 0.001  # of the total; less is not listed


def summary_of_profile(profile: Profile) -> ProfileSummary:
    """What is kept of a profile. What it cost stands with the innermost own line of each stack."""
    own: dict[tuple[int, int], int] = {}
    through: dict[tuple[int, int], dict[int, int]] = {}
    libraries: dict[int, int] = {}
    for stack in profile.stacks:
        place = _innermost_own(profile, stack)
        innermost = stack.frames[-1]
        if place is not None:
            key = stack.frames[place], stack.lines[place] or profile.frames[stack.frames[place]].line
            own[key] = own.get(key, 0) + stack.cost
            if place + 1 < len(stack.frames):
                entered = through.setdefault(key, {})
                entered[stack.frames[place + 1]] = entered.get(stack.frames[place + 1], 0) + stack.cost
        if not profile.frames[innermost].is_own:
            libraries[innermost] = libraries.get(innermost, 0) + stack.cost
    total = profile.total
    return ProfileSummary(
        nodeid=profile.nodeid,
        profiler=profile.profiler,
        outcome=profile.outcome,
        total=total,
        own_share=sum(own.values()) / total if total else 0.0,
        own=_hottest(
            total,
            [
                HotSpot(
                    profile.frames[number].function,
                    profile.frames[number].file,
                    line,
                    cost,
                    _into(profile, through.get((number, line), {}), cost),
                )
                for (number, line), cost in own.items()
            ],
        ),
        libraries=_hottest(
            total,
            [
                HotSpot(
                    profile.frames[number].function,
                    profile.frames[number].file,
                    profile.frames[number].line,
                    cost,
                )
                for number, cost in libraries.items()
            ],
        ),
        started_at_ns=profile.started_at_ns,
    )


def _innermost_own(profile: Profile, stack: Stack) -> int | None:
    """Place in the stack of the innermost frame of the project's own code."""
    places = range(len(stack.frames) - 1, -1, -1)
    return next((at for at in places if profile.frames[stack.frames[at]].is_own), None)


def _into(profile: Profile, entered: Mapping[int, int], cost: int) -> str:
    """The function that most of the cost went into; "" where most of it stayed."""
    number = max(entered, key=entered.__getitem__, default=None)
    if number is None or 2 * entered[number] < cost:
        return ""
    return profile.frames[number].function


def _hottest(total: int, spots: list[HotSpot]) -> tuple[HotSpot, ...]:
    spots.sort(key=lambda spot: (-spot.cost, spot.file, spot.line, spot.function))
    return tuple(spot for spot in spots[:_MOST] if spot.cost >= total * _LEAST_SHARE)
