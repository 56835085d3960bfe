"""A suite split into shards, and the times by which it is split."""

from lapwing.model.shards import KnownTimes, ShardPlan
from lapwing.report.page import Column, Page, Section, Table
from lapwing.report.pages.figures import not_shown
from lapwing.units import format_count, format_duration, format_share

_SHARDS = (
    Column("shard", is_number=True),
    Column("time", is_number=True),
    Column("tests", is_number=True),
    Column("guessed", is_number=True),
)
_TIMES = (Column("time", is_number=True), Column("test"))


def shard_page(plan: ShardPlan) -> Page:
    """The shards, their expected times, and how close the longest is to the least possible."""
    split = f"{format_count(plan.tests, 'test')} in {format_count(len(plan.shards), 'shard')}"
    bound = plan.lower_bound_ns
    if plan.times and bound:
        over = plan.makespan_ns / bound - 1
        verdict = (
            f"{split}; the longest takes {format_duration(plan.makespan_ns)}, {format_share(over)} over the "
            f"{format_duration(bound)} that no split can beat."
        )
    else:
        verdict = f"{split}, by number: no times are recorded."
    rows = tuple(
        (str(shard.number), format_duration(shard.time_ns), f"{len(shard.tests):,}", str(shard.unknown or ""))
        for shard in plan.shards
    )
    by = f"Times by {plan.times}. " if plan.times else ""
    return Page(
        title="shards",
        verdict=verdict,
        sections=(
            Section(
                title="Shards",
                slug="shards",
                sentences=(f"{by}Plan {plan.digest}: machines that split alike have the same.",),
                table=Table(_SHARDS, rows),
            ),
        ),
        hints=("'pytest --shard K/N' runs one; 'lapwing shard --only K' prints its names.",),
    )


def durations_page(known: KnownTimes, most: int) -> Page:
    """The longest tests first."""
    ranked = sorted(known.tests.items(), key=lambda item: (-item[1], item[0]))
    total = format_duration(sum(known.tests.values()))
    return Page(
        title="durations",
        verdict=f"{format_count(len(ranked), 'test')}, {total} in sum, by {known.source}.",
        sections=(
            Section(
                title="Durations",
                slug="durations",
                sentences=not_shown(len(ranked), most),
                table=Table(_TIMES, tuple((format_duration(ns), nodeid) for nodeid, ns in ranked[:most])),
            ),
        ),
        hints=("'lapwing durations --format pytest-split' has them for pytest-split.",),
    )
