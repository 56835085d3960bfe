"""Drawings: the chart of a history, and how each renderer shows one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lapwing.report.page import Page, Section
from lapwing.report.pages.history_chart import history_chart
from lapwing.report.render.markdown import render_markdown
from lapwing.report.render.plain import render_plain
from lapwing.report.render.terminal import render_terminal

VALUES = st.lists(st.floats(1, 1e9), min_size=2, max_size=150)


def drawn(values, steps=(), levels=None, width=80):
    return history_chart(values, steps, levels or [sorted(values)[len(values) // 2]], width, "{:.0f}".format)


@given(VALUES, st.integers(30, 200))
def test_no_line_is_wider_than_asked_for(values, width):
    lines = drawn(values, width=width)

    assert len(lines) == 11
    assert max(map(len, lines)) <= width


@given(VALUES)
def test_every_column_shows_a_value(values):
    lines = drawn(values, width=60)

    axis = lines[0].index("|")
    columns = min(len(values), 60 - axis - 1)
    for column in range(columns):
        assert {line[axis + 1 + column] for line in lines if len(line) > axis + 1 + column} & set("*^")


def test_the_highest_value_is_above_the_lowest():
    lines = drawn([1.0, 2.0], levels=[1.5])

    assert lines[0].endswith(" *")
    assert lines[-1].endswith("|*")


def test_a_step_is_a_line_between_its_levels():
    lines = drawn([10.0] * 5 + [20.0] * 5, [5], [10.0, 20.0])

    axis = lines[0].index("|")
    assert sum(line[axis + 6 : axis + 7] == "|" for line in lines) == 10


def test_a_wild_value_does_not_flatten_the_others():
    lines = drawn([10.0, 11.0] * 10 + [500.0])

    assert lines[0].endswith("^")
    assert "11 |" in lines[0]


def test_equal_values_are_drawn():
    assert any("*" in line for line in drawn([5.0] * 8))


PAGE = Page(
    title="t",
    verdict="v",
    sections=(Section(title="Chart", sentences=("Said.",), drawing=("9 | * `</pre>`", "1 |*  \x1b[31m")),),
)


def test_plain_text_shows_a_drawing_as_it_is():
    assert "  9 | * `</pre>`\n" in render_plain(PAGE)


@pytest.mark.parametrize("render", [render_plain, render_markdown, lambda page: render_terminal(page, 80)])
def test_what_a_terminal_would_obey_is_written_out(render):
    text = render(PAGE)

    assert "\\x1b[31m" in text
    assert "\x1b[31m" not in text


def test_markdown_shows_a_drawing_as_a_block_that_nothing_ends():
    assert "\n\n    9 | * `</pre>`\n    1 |*  " in render_markdown(PAGE)
