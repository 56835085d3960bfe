"""Which imports make collection slow."""

from collections.abc import Sequence

from lapwing.model.import_cost import ImportCost, ImportCosts
from lapwing.report.page import Column, Page, Section, Table, Tone
from lapwing.report.pages.place import short_place
from lapwing.units import format_count, format_duration

_COLUMNS = (
    Column("cumulative", is_number=True),
    Column("own", is_number=True),
    Column("module"),
    Column("first imported by"),
)


def imports_page(costs: ImportCosts, most: int) -> Page:
    """The largest by cumulative and by own time."""
    own = sorted(costs.imports, key=lambda each: (-each.own_ns, each.module))
    broken = "" if costs.collected else " Collection failed, so some are missing."
    return Page(
        title="imports of collection",
        verdict=f"{format_count(len(costs.imports), 'module')} took {format_duration(costs.total_ns)} to "
        f"import, pytest's own among them.{broken}",
        tone=Tone.PLAIN if costs.collected else Tone.UNSURE,
        sections=(
            _section("With what they import", "cumulative", costs.imports[:most]),
            _section("By themselves", "own", own[:most]),
        ),
        hints=("Python measures each import, which makes all of them slower: compare them with each other.",),
    )


def import_sections(imports: tuple[ImportCost, ...], most: int) -> tuple[Section, ...]:
    """The slowest imports that a run recorded; none where it recorded none."""
    if not imports:
        return ()
    own = sorted(imports, key=lambda each: (-each.own_ns, each.module))
    return (
        _section("Slowest imports of collection, with what they import", "imports", imports[:most]),
        _section("Slowest imports by themselves", "own-imports", own[:most]),
    )


def _section(title: str, slug: str, imports: Sequence[ImportCost]) -> Section:
    rows = tuple(
        (
            format_duration(each.cumulative_ns),
            format_duration(each.own_ns),
            each.module,
            short_place(each.imported_by),
        )
        for each in imports
    )
    return Section(title=title, slug=slug, table=Table(_COLUMNS, rows))
