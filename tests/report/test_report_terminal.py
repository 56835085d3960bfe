"""The terminal's renderer: colors, but everything in words; no name is obeyed."""

import re

import pytest

from lapwing.report.page import Column, Page, Section, Table, Tone
from lapwing.report.render.plain import plain_lines
from lapwing.report.render.terminal import render_terminal

COLORS = re.compile(r"\x1b\[[0-9;]*m")


def page_with(name: str, tone: Tone = Tone.PLAIN) -> Page:
    return Page(
        title="Report",
        verdict="1 slower",
        tone=tone,
        sections=(
            Section(
                title="Tests",
                sentences=("The worst:", f"{name} takes long."),
                table=Table(columns=(Column("time", is_number=True), Column("test")), rows=(("1 s", name),)),
            ),
        ),
        hints=("look at it",),
    )


def without_colors(text: str) -> str:
    return COLORS.sub("", text)


def test_verdict_evidence_and_hint_come_in_this_order() -> None:
    text = without_colors(render_terminal(page_with("t"), 80))

    places = [
        text.index(part) for part in ("Report", "1 slower", "Tests", "The worst:", "time", "look at it")
    ]
    assert places == sorted(places)


@pytest.mark.parametrize("tone", list(Tone))
def test_a_tone_is_a_color_and_changes_no_word(tone: Tone) -> None:
    text = render_terminal(page_with("t", tone), 80)

    assert "\x1b[" in text
    assert without_colors(text) == without_colors(render_terminal(page_with("t"), 80))


@pytest.mark.parametrize("name", ["[bold]t[/bold]", "t[/]", ":smile:", "t[link=file:///etc]x[/link]"])
def test_names_are_no_markup(name: str) -> None:
    assert name in without_colors(render_terminal(page_with(name), 120))


def test_escapes_in_names_are_written_out() -> None:
    text = render_terminal(page_with("t\x1b]0;title\x07\u202e"), 120)

    assert "\x1b]" not in text
    assert r"t\x1b]0;title\x07\u202e" in without_colors(text)


@pytest.mark.parametrize("width", [40, 80, 120])
def test_no_line_is_wider_than_the_terminal(width: int) -> None:
    text = without_colors(render_terminal(page_with("tests/test_long.py::" + "x" * 300), width))

    assert max(map(len, text.splitlines())) <= width


@pytest.mark.parametrize("stacked", [True, False])
def test_what_has_no_room_beside_a_name_below_stands_there_too_with_its_title(stacked) -> None:
    name, origin = "tests/test_long.py::" + "x" * 40, "pyproject.toml [tool.lapwing.categories.unit]"
    columns = (Column("test"), Column("took", is_number=True), Column("category"), Column("set by"))
    rows = ((name, "1.20 s", "unit", origin), ("suite", "9.00 s", "", ""))
    page = Page(title="", verdict="v", sections=(Section(title="", table=Table(columns=columns, rows=rows)),))

    if stacked:
        lines = without_colors(render_terminal(page, 64)).splitlines()[-6:]
    else:
        lines = [*plain_lines(page, 64, stacks=True)][-6:]

    assert [line.strip() for line in lines] == [
        "took  category",
        "1.20 s  unit",
        name,
        f"set by {origin}",
        "9.00 s",
        "suite",
    ]


def test_where_a_table_is_too_wide_names_stand_whole_below_their_numbers() -> None:
    name = "tests/test_long.py::" + "x" * 30
    columns = (Column("time", is_number=True), Column("scope"), Column("test"))
    rows = (("1 s", "module", name), ("250 ms", "session", name))
    table = Section(title="Tests", table=Table(columns=columns, rows=rows))

    lines = without_colors(render_terminal(Page(title="", verdict="v", sections=(table,)), 56)).splitlines()

    assert [line.rstrip() for line in lines[-5:]] == [
        "    time  scope",
        "     1 s  module",
        f"    {name}",
        "  250 ms  session",
        f"    {name}",
    ]


def test_a_name_of_ten_thousand_characters_is_cut_in_its_middle() -> None:
    text = without_colors(render_terminal(page_with("tests/a.py::t[" + "x" * 10_000 + "end]"), 80))

    assert " … " in text
    assert "end]" in text
    assert len(text) < 4_000


def test_the_environment_does_not_change_the_text(monkeypatch: pytest.MonkeyPatch) -> None:
    before = render_terminal(page_with("t"), 80)
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "20")

    assert render_terminal(page_with("t"), 80) == before


WIDE = Table(
    columns=(Column("time", is_number=True), Column("test")),
    rows=(("1.00 s", "tests/test_shop.py::" + "n" * 80), ("20 ms", "")),
)


def test_a_row_without_a_name_leaves_no_empty_line_below() -> None:
    text = without_colors(
        render_terminal(Page(title="t", verdict="v", sections=(Section("s", (), WIDE),)), 60)
    )

    assert text.rstrip().endswith("20 ms")
    assert "\n\n" not in text.partition("1.00 s")[2].rstrip()


def test_plain_text_for_a_terminal_puts_wide_names_below_and_for_a_log_keeps_one_line_a_row() -> None:
    page = Page(title="t", verdict="v", sections=(Section("s", (), WIDE),))

    on_terminal = [*plain_lines(page, 60, stacks=True)]
    in_log = [*plain_lines(page, 60)]

    name = WIDE.rows[0][1]
    assert on_terminal[-3:] == ["  1.00 s", f"    {name}", "   20 ms"]
    assert in_log[-2] == f"  1.00 s  {name}"


def test_only_the_names_that_do_not_fit_behind_their_row_stand_below_it() -> None:
    columns = (Column("time", is_number=True), Column("test"))
    rows = (("1.00 s", "n" * 80), ("20 ms", "tests/a.py::short"))
    section = Section("s", (), Table(columns=columns, rows=rows))
    page = Page(title="t", verdict="v", sections=(section,))

    drawn = without_colors(render_terminal(page, 60)).splitlines()

    assert [*plain_lines(page, 60, stacks=True)][-2:] == [f"    {'n' * 80}", "   20 ms  tests/a.py::short"]
    assert drawn[-1].rstrip() == "   20 ms  tests/a.py::short"
