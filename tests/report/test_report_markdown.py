"""Markdown: readable for us, inert for whatever names hold."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from lapwing.report.harmless import harmless
from lapwing.report.page import Column, Page, Section, Table
from lapwing.report.render.markdown import render_markdown

HOSTILE = (
    "a|b",
    "`code`",
    "<script>alert(1)</script>",
    "<!-- lapwing:report:end -->",
    "-->",
    "[text](http://example.com)",
    "![image](x)",
    "http://example.com/a?b=c&d",
    "www.example.com",
    "@everyone",
    "#12",
    "GH-12",
    "owner/name#3",
    ":tada:",
    "line\nbreak",
    "back\\slash|pipe",
    "*bold* _it_ ~~gone~~",
    "&lt;b&gt;",
    "  two  spaces  ",
    "``",
    "| --- |",
    "\x1b[31mred",
    "a``b|c",
)


def tokens(markdown: str) -> list[Token]:
    parsed = MarkdownIt("gfm-like", {"linkify": False}).parse(markdown)
    return [child for token in parsed for child in (token.children or [token])]


def page_with(name: str) -> Page:
    return Page(
        title="Report",
        verdict=f"Slower: {name}",
        sections=(
            Section(
                title="Tests",
                sentences=(f"The worst is {name}.", f"{name} comes first."),
                table=Table(columns=(Column("time", is_number=True), Column("test")), rows=(("1 s", name),)),
            ),
        ),
    )


def acting(parsed: list[Token]) -> set[str]:
    """What a reader's program would act upon, other than the markup of our own pages."""
    ours = {"<code>", "</code>"}
    kinds = {
        "link_open",
        "image",
        "html_block",
        "em_open",
        "s_open",
        "fence",
        "code_block",
        "blockquote_open",
    }
    found = {token.type for token in parsed if token.type in kinds}
    return found | {token.content for token in parsed if token.type == "html_inline"} - ours


def plain_texts(parsed: list[Token]) -> str:
    """The text outside of code, where sites look for mentions, references and emoji."""
    outside, depth = [], 0
    for token in parsed:
        depth += {"<code>": 1, "</code>": -1}.get(token.content, 0) if token.type == "html_inline" else 0
        if token.type == "text" and not depth:
            outside.append(token.content)
    return "\n".join(outside)


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_name_is_inert(name: str) -> None:
    parsed = tokens(render_markdown(page_with(name)))

    assert acting(parsed) == set()
    assert not {"@everyone", "#12", "GH-12", ":tada:", "http", "www."} & {
        word
        for word in ("@everyone", "#12", "GH-12", ":tada:", "http", "www.")
        if word in plain_texts(parsed)
    }


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_name_stays_in_its_cell_and_can_be_read(name: str) -> None:
    html = MarkdownIt("gfm-like", {"linkify": False}).render(render_markdown(page_with(name)))

    assert html.count("<tr>") == 2
    assert html.count("<td") == 2


@pytest.mark.parametrize("name", HOSTILE)
def test_no_name_can_be_taken_for_a_comment(name: str) -> None:
    assert "<!--" not in render_markdown(page_with(name))


@given(st.text())
def test_any_text_stays_one_cell_that_reads_as_it_is(name: str) -> None:
    table = Table(columns=(Column("test"),), rows=((name,),))
    markdown = render_markdown(Page(title="", verdict="v", sections=(Section(title="", table=table),)))

    parsed = tokens(markdown)

    assert sum(token.type == "td_open" for token in parsed) == 1
    assert acting(parsed) == set()
    shown = "".join(
        token.content for token in parsed if token.type in ("text", "code_inline", "text_special")
    )
    assert shown.removeprefix("vtest").strip() == harmless(name).strip()


@given(st.text())
def test_any_sentence_stays_one_paragraph(text: str) -> None:
    parsed = tokens(
        render_markdown(Page(title="", verdict="v", sections=(Section(title="", sentences=(text,)),)))
    )

    assert acting(parsed) == set()
    blocks = {"heading_open", "bullet_list_open", "ordered_list_open", "hr", "table_open"}
    assert not blocks & {token.type for token in parsed}


@pytest.mark.parametrize("text", ["1. two workers", "12) of them", "- a", "+ b", "= c"])
def test_words_that_would_begin_a_list_are_shown_as_they_are(text: str) -> None:
    page = Page(title=text, verdict="v", sections=(Section(title=text, sentences=(text,)),))

    shown = [token.content for token in tokens(render_markdown(page)) if token.type.startswith("text")]

    assert "".join(shown) == f"{text}v{text}{text}"


def test_ordinary_words_stay_as_they_are() -> None:
    page = Page(title="Report 2026-11-20 22:15", verdict="2.1 s → 3.0 s, +43% (interval +35% to +52%).")

    assert render_markdown(page) == (
        "# Report 2026-11-20 22:15\n\n**2.1 s → 3.0 s, +43% (interval +35% to +52%).**\n"
    )


def test_numbers_stand_to_the_right_and_names_in_code() -> None:
    markdown = render_markdown(page_with("tests/a.py::t"))

    assert "| time | test |\n| ---: | --- |\n| 1 s | `tests/a.py::t` |\n" in markdown
    assert "- `tests/a.py::t` comes first." in markdown


def test_headings_begin_at_the_level_asked_for() -> None:
    lines = render_markdown(page_with("x"), level=3).splitlines()

    assert lines[0] == "### Report"
    assert "#### Tests" in lines


def test_hints_are_a_list_at_the_end() -> None:
    markdown = render_markdown(Page(title="", verdict="v", hints=("first", "second")))

    assert markdown == "**v**\n\n- first\n- second\n"


def test_a_table_that_shows_no_titles_elsewhere_has_them_here() -> None:
    table = Table(columns=(Column("test"), Column("after")), rows=(("a", "1 s"),), shows_titles=False)

    text = render_markdown(Page(title="", verdict="v", sections=(Section(title="t", table=table),)))

    assert "| test | after |" in text
