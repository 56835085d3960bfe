"""A test under a profiler: the hot lines of the project's own code first."""

from collections.abc import Sequence

from lapwing.model.profile import HotSpot, ProfilerName, ProfileSummary
from lapwing.report.chart import FlameChart
from lapwing.report.page import Column, Page, Section, Table, Tone
from lapwing.report.pages.place import short_place
from lapwing.units import format_duration, format_share, format_size

_COST = {
    ProfilerName.PYINSTRUMENT: "wall time, sampled",
    ProfilerName.MEMRAY: "memory in use at the peak of the test",
    ProfilerName.CPROFILE: "wall time, with every call counted, which makes calls dearer than they are",
}


def profile_page(summary: ProfileSummary, flame: FlameChart | None = None, *, most: int = 10) -> Page:
    """At most `most` lines and functions each; with `flame` for a format that can draw."""
    sections = [
        Section(
            title="Hot lines of your code",
            slug="own",
            sentences=(
                "Each with what it called in libraries. A line is where a function calls another; what it "
                "spends by itself stands with its first line."
                if summary.own
                else "No line of your code was seen.",
            ),
            table=_table(summary, summary.own[:most], is_own=True),
        ),
        Section(
            title="Functions of libraries by themselves",
            slug="libraries",
            sentences=() if summary.libraries else ("None was seen.",),
            table=_table(summary, summary.libraries[:most], is_own=False),
        ),
    ]
    if flame is not None:
        sections.append(Section(title="Calls", slug="calls", charts=(flame,)))
    if summary.files:
        sections.append(
            Section(title="Files", slug="files", sentences=("They open without a network.", *summary.files))
        )
    return Page(
        title=summary.nodeid,
        verdict=f"{profile_line(summary)}.",
        tone=Tone.PLAIN if summary.outcome == "passed" else Tone.UNSURE,
        sections=tuple(sections),
    )


def profile_line(summary: ProfileSummary) -> str:
    """A profile in one line."""
    ended = "" if summary.outcome == "passed" else f" ({summary.outcome or 'did not end'})"
    said = f"{cost_text(summary, summary.total)} under {summary.profiler.value}{ended}"
    if not summary.total:
        return f"{said}: nothing was seen of it"
    if not summary.own:
        return f"{said}: none of it in your code"
    hottest = summary.own[0]
    through = f", most of it through {hottest.through}" if hottest.through else ""
    share = format_share(hottest.cost / summary.total)
    return f"{said}: {share} at {place_text(hottest)} in {hottest.function}{through}"


def flame_sentence(summary: ProfileSummary) -> str:
    """What the flame graph of a profile shows."""
    return (
        f"{_COST[summary.profiler].capitalize()}: each call below the call that made it, as wide as it cost."
    )


def cost_text(summary: ProfileSummary, cost: int) -> str:
    """A cost in the profiler's unit."""
    return format_size(cost) if summary.profiler.is_memory else format_duration(cost)


def place_text(spot: HotSpot) -> str:
    """File and line."""
    return short_place(f"{spot.file}:{spot.line}" if spot.line else spot.file)


def _table(summary: ProfileSummary, spots: Sequence[HotSpot], *, is_own: bool) -> Table:
    what = "memory" if summary.profiler.is_memory else "time"
    columns = [
        Column(what, is_number=True),
        Column("share", is_number=True),
        Column("line" if is_own else "defined"),
        Column("function"),
    ]
    if is_own:
        columns.append(Column("most of it through"))
    whole = max(1, summary.total)
    rows = []
    for spot in spots:
        function = spot.function if spot.file else f"pytest, in the {spot.function}"
        row = (cost_text(summary, spot.cost), format_share(spot.cost / whole), place_text(spot), function)
        rows.append((*row, spot.through) if is_own else row)
    return Table(tuple(columns), tuple(rows))
