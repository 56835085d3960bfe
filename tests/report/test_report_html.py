"""The report as one HTML file: whole, offline, readable without scripts, safe with any name."""

import json
import re
from html.parser import HTMLParser

import pytest

from lapwing.model.comparison import ChangeVerdict, Comparison, RunComparison
from lapwing.model.record import Outcome, TestRecord
from lapwing.model.report import Report
from lapwing.model.run import RecordedRun, Run, WorkerFacts
from lapwing.operations.make_report import ReportWish, empty_report, report_on
from lapwing.report.chart import BarChart
from lapwing.report.page import Column, Page, Section, Table, Tone
from lapwing.report.pages.report import report_page
from lapwing.report.pages.report_charts import charted_report_page
from lapwing.report.render.html import render_fragment, table_html
from lapwing.report.render.html_document import render_document

MS = 1_000_000
HOSTILE = 'tests/a.py::t[</script><script>alert(1)</script><img src=x onerror="x()">\u202e&amp;\x1b[31m]'
VOID = {"meta", "br", "img", "input", "link", "wbr"}


class Reader(HTMLParser):
    """What a browser with scripts off makes of a file: elements, visible text, faults of nesting."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.blocks: dict[str, str] = {}
        self.text = ""
        self.faults: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag == "wbr":  # the name goes on behind it
            self.text = self.text[:-1]
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.faults.append(tag)

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] == "script":
            kind = self.elements[-1][1].get("data-lw")
            self.blocks[kind or "script"] = data
        elif self.open and self.open[-1] != "style":
            self.text += data + " "


def timed_run(count: int, workers: int = 2, name: str = "tests/test_{file}.py::test_{at}") -> RecordedRun:
    """A run of `count` tests of 3 ms on so many workers."""
    tests = tuple(
        TestRecord(
            nodeid=name.format(at=at, file=at // 50),
            outcome=Outcome.PASSED,
            worker=f"gw{at % workers}",
            start_ns=10 * MS + at // workers * 4 * MS,
            setup_ns=MS,
            call_ns=(1 + at % 7) * MS // 3,
            teardown_ns=MS // 2,
        )
        for at in range(count)
    )
    processes = tuple(WorkerFacts(name=f"gw{at}", pid=at + 1, start_ns=MS) for at in range(workers))
    run = Run(
        run_id="0192f3a1-7c11-7d2e-9f00-0123456789ab",
        started_at_ns=1_790_000_000_000_000_000,
        duration_ns=count * 4 * MS,
        workers=workers,
        processes=processes,
        is_complete=True,
    )
    return RecordedRun(run=run, tests=tests)


def html_of(recorded: RecordedRun) -> str:
    wish = ReportWish(slow_ns=1_000 * MS)
    return render_document(charted_report_page(report_on(recorded, wish, source="run")))


def test_a_report_is_well_formed(report: Report) -> None:
    reader = Reader(render_document(charted_report_page(report)))

    assert reader.faults == []
    assert reader.open == []


def test_every_sentence_and_cell_of_the_page_can_be_read_without_scripts(report: Report) -> None:
    page = report_page(report)

    text = Reader(render_document(charted_report_page(report))).text

    assert page.verdict in text
    for section in page.sections:
        assert section.title in text
        assert all(sentence in text for sentence in section.sentences)
        if section.table is not None:
            assert all(cell in text for row in section.table.rows for cell in row)


def test_nothing_is_fetched(report: Report) -> None:
    reader = Reader(render_document(charted_report_page(report)))

    kinds = {name for name, _ in reader.elements}
    assert kinds.isdisjoint({"link", "img", "iframe", "object", "embed", "base", "form"})
    addresses = [
        value
        for _, attributes in reader.elements
        for key, value in attributes.items()
        if key in ("src", "href", "action", "data", "xlink:href")
    ]
    assert all(value is not None and value.startswith("#") for value in addresses)
    assert "url(" not in re.sub(r"url\(#lw-hatch-\d\)", "", render_document(Page("", "said")))


def test_its_own_policy_lets_only_its_own_script_run(report: Report) -> None:
    reader = Reader(render_document(charted_report_page(report)))

    policy = next(
        attributes["content"]
        for _, attributes in reader.elements
        if attributes.get("http-equiv") == "Content-Security-Policy"
    )
    assert policy is not None
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    assert "unsafe" not in policy
    assert not any(
        key.startswith("on") or key == "style" for _, attributes in reader.elements for key in attributes
    )


def test_a_hostile_name_stays_text_wherever_it_stands() -> None:
    run = timed_run(1)
    hostile = run._replace(
        run=run.run._replace(run_id=HOSTILE, project=HOSTILE),
        tests=(run.tests[0]._replace(nodeid=HOSTILE, worker=HOSTILE, category=HOSTILE),),
    )

    text = html_of(hostile)

    reader = Reader(text)
    assert reader.faults == []
    assert sum(name == "script" for name, _ in reader.elements) == 4
    assert "img" not in {name for name, _ in reader.elements}
    assert "\x1b" not in text
    assert "\u202e" not in text


@pytest.mark.parametrize("tone", list(Tone))
def test_a_verdict_is_told_by_a_sign_and_words(tone: Tone) -> None:
    reader = Reader(render_fragment(Page("Report", "3 tests are slower.", tone)))

    assert "3 tests are slower." in reader.text
    assert any(sign in reader.text for sign in "✔✘?•")


def test_the_timeline_has_a_still_picture_and_all_its_spans_as_data() -> None:
    reader = Reader(html_of(timed_run(300)))

    data = json.loads(reader.blocks["timeline"])
    assert [lane["name"] for lane in data["lanes"]] == ["gw0", "gw1"]
    begin, name, parts, *rest = data["lanes"][0]["spans"]
    assert (begin, parts) == (9_000, 3)
    assert rest[:6] == [2, 1_000, 3, 333, 4, 500]
    names = json.loads(reader.blocks["names"])
    assert f"{names['files'][names['file'][name]]}::{names['rest'][name]}" == "tests/test_0.py::test_0"
    assert any(attributes.get("class") == "lw-chart lw-timeline" for _, attributes in reader.elements)


def test_a_run_without_moments_says_that_it_has_no_timeline(report: Report) -> None:
    reader = Reader(render_document(charted_report_page(report)))

    assert "No test says when it began" in reader.text


def test_without_scripts_the_longest_tests_are_there_and_it_says_how_many_are_not() -> None:
    reader = Reader(html_of(timed_run(300)))

    assert "Without scripts the first 200 of 300 tests are shown." in reader.text
    assert len(json.loads(reader.blocks["tests"])["names"]) == 300


def test_fifty_thousand_tests_stay_under_ten_megabytes() -> None:
    name = "tests/integration/some_package/test_module_{file}.py::TestOfThisThing::test_does_what[{at}-x]"

    text = html_of(timed_run(50_000, workers=8, name=name))

    assert len(text.encode()) < 10_000_000


def test_a_report_on_nothing_has_every_section() -> None:
    page = charted_report_page(empty_report(ReportWish(slow_ns=MS)))

    reader = Reader(render_document(page))

    assert reader.faults == []
    assert all(section.title in reader.text for section in page.sections)
    assert "No test was recorded." in reader.text


def test_titles_that_plain_text_does_without_are_shown_for_they_sort() -> None:
    table = Table((Column("test"), Column("after", is_number=True)), (("a", "1 s"),), shows_titles=False)

    assert "thead" in render_fragment(Page("", "said", sections=(Section("Facts", table=table),)))


def test_a_table_without_titles_has_no_head() -> None:
    table = Table((Column(""), Column("")), (("a", "b"),))

    assert "thead" not in render_fragment(Page("", "said", sections=(Section("Facts", table=table),)))


def test_what_became_slower_is_drawn_by_the_time_it_lost(report: Report) -> None:
    def comparison(name: str, before: float, after: float) -> Comparison:
        return Comparison(
            nodeid=name,
            metric="wall",
            unit="ns",
            before=before,
            after=after,
            ratio=after / before,
            interval=None,
            p=None,
            q=None,
            verdict=ChangeVerdict.REGRESSED,
        )

    slower = (comparison("a.py::small", 10 * MS, 20 * MS), comparison("a.py::large", 100 * MS, 190 * MS))
    judged = RunComparison(ChangeVerdict.REGRESSED, slower, 1.0)

    page = charted_report_page(report._replace(comparison=judged))

    chart = next(section for section in page.sections if section.slug == "regressions").charts[0]
    assert isinstance(chart, BarChart)
    assert [(bar.label, bar.value) for bar in chart.bars] == [
        ("a.py::large", 90 * MS),
        ("a.py::small", 10 * MS),
    ]
    assert chart.sentence == "2 tests take 100 ms more than before; a.py::large takes 90% of it."


@pytest.mark.parametrize("titles", [("category", "test"), ("run", "what", "test"), ("test", "category")])
def test_a_card_is_headed_by_the_test_it_is_about(titles: tuple[str, ...]) -> None:
    table = Table(tuple(map(Column, titles)), (tuple(f"the {title}" for title in titles),))
    page = Page(title="T", verdict="v", sections=(Section(title="s", slug="s", table=table),))

    markup = render_fragment(page, link=lambda title, cell: None)

    assert '<td class="lw-name" role="cell" data-label="test">the test</td>' in markup
    assert markup.count("lw-name") == 1


def test_a_name_of_thousands_of_letters_stands_whole_in_a_box_of_some_lines() -> None:
    name = f"tests/a.py::t[{'x' * 5_000}]"
    table = Table((Column("test"),), ((name,), ("tests/a.py::short",)))
    reader = Reader(render_fragment(Page(name, "said", sections=(Section("one", (name,), table),))))

    boxes = [tag for tag, attributes in reader.elements if attributes.get("class") == "lw-long"]
    assert boxes == ["span"] * 3
    assert reader.text.count("x" * 5_000) == 3


def test_a_long_name_may_break_behind_the_signs_between_its_words_and_is_read_whole() -> None:
    name = "tests/unit/test_some_thing.py::TestCase::test_it[a-<b>]"
    table = Table((Column("time", is_number=True), Column("test")), (("1.5 s", name),))

    markup = table_html(table, link=lambda title, cell: None)

    assert "tests/<wbr>unit/<wbr>test_<wbr>some_<wbr>thing.<wbr>py::<wbr>TestCase" in markup
    assert "1.5 s" in markup
    assert name in Reader(markup).text
