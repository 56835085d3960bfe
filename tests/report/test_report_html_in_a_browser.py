"""The HTML report in a real browser: no fault, no barrier, sorted, searched, zoomed, with scripts off."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from lapwing.model.record import Outcome, TestRecord
from lapwing.model.run import RecordedRun, Run, WorkerFacts
from lapwing.operations.make_report import ReportWish, report_on
from lapwing.report.pages.report_charts import charted_report_page
from lapwing.report.render.html_document import render_document

axe_playwright = pytest.importorskip("axe_playwright_python.sync_playwright")

pytestmark = pytest.mark.slow_suite

MS = 1_000_000
LOOKS = {
    "light": {"color_scheme": "light", "viewport": {"width": 1200, "height": 900}},
    "dark": {"color_scheme": "dark", "viewport": {"width": 1200, "height": 900}},
    "phone": {"color_scheme": "dark", "viewport": {"width": 390, "height": 844}},
}


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The report on 450 tests on two workers, the longest 450 ms, the fourth test hostile."""
    tests = tuple(
        TestRecord(
            nodeid="tests/test_x.py::t[<img src=x onerror=document.title='broken'>]"
            if at == 3
            else f"tests/test_{at // 50}.py::test_{at}",
            outcome=Outcome.FAILED if at == 7 else Outcome.PASSED,
            category="api" if at % 3 else "unit",
            worker=f"gw{at % 2}",
            start_ns=10 * MS + at // 2 * 500 * MS,
            setup_ns=MS,
            call_ns=at * MS,
        )
        for at in range(450)
    )
    run = Run(
        run_id="0192f3a1-7c11-7d2e-9f00-0123456789ab",
        started_at_ns=1_790_000_000_000_000_000,
        duration_ns=113_000 * MS,
        workers=2,
        processes=tuple(WorkerFacts(name=f"gw{at}", pid=at + 1) for at in range(2)),
        is_complete=True,
    )
    page = charted_report_page(
        report_on(RecordedRun(run=run, tests=tests), ReportWish(slow_ns=1_000 * MS), source="run")
    )
    path = tmp_path_factory.mktemp("report") / "report.html"
    path.write_text(render_document(page), encoding="utf-8")
    return path


@pytest.fixture
def open_page(open_offline, file: Path) -> Callable[..., object]:
    """Opens the report."""
    return lambda **options: open_offline(file, **options)


def rows(page) -> list[str]:
    return page.locator("#tests tbody tr td:last-child").all_inner_texts()


@pytest.mark.parametrize("look", list(LOOKS))
def test_axe_finds_no_serious_barrier(open_page, look: str) -> None:
    page = open_page(**LOOKS[look])

    found = axe_playwright.Axe().run(page).response["violations"]

    assert [each["id"] for each in found if each["impact"] in ("serious", "critical")] == []


def test_on_a_phone_nothing_but_tables_is_wider_than_the_screen(open_page) -> None:
    page = open_page(**LOOKS["phone"])

    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_a_hostile_name_runs_nothing(open_page) -> None:
    page = open_page()

    page.get_by_label("Search the tests").fill("onerror")
    page.get_by_text("1 to 1 of 1 that fit").wait_for()

    assert "onerror" in rows(page)[0]
    assert page.title() != "broken"


def test_a_click_on_a_title_sorts_by_numbers_and_a_second_one_turns_the_order(open_page) -> None:
    page = open_page()
    total = page.locator("#tests thead button").first

    assert rows(page)[0] == "tests/test_8.py::test_449"
    total.click()
    assert rows(page)[0] == "tests/test_8.py::test_449"
    total.click()

    assert rows(page)[0] == "tests/test_0.py::test_0"
    assert page.locator("#tests th").first.get_attribute("aria-sort") == "ascending"


def test_a_static_table_is_sorted_by_value_and_not_by_letters(open_page) -> None:
    page = open_page()
    shown = "#summary details"
    page.locator(f"{shown} summary").click()

    page.locator(f"{shown} thead button").nth(1).click()

    counts = page.locator(f"{shown} tbody tr td:nth-child(2)").all_inner_texts()
    assert [int(count) for count in counts] == sorted(map(int, counts), reverse=True)


def test_the_search_takes_words_and_limits_together(open_page) -> None:
    page = open_page()

    page.get_by_label("Search the tests").fill("api >440ms")
    page.get_by_text("that fit").wait_for()

    assert rows(page) == [f"tests/test_8.py::test_{at}" for at in (449, 448, 446, 445, 443, 442, 440)]


def test_pages_of_the_list_are_turned_by_keys(open_page) -> None:
    page = open_page()

    page.get_by_role("button", name="Next").press("Enter")

    assert "201 to 400 of 450 tests" in page.locator("#tests").inner_text()
    assert rows(page)[0] == "tests/test_4.py::test_249"


def test_arrows_walk_through_the_timeline_and_say_where_one_is(open_page) -> None:
    page = open_page()
    canvas = page.locator("canvas")

    canvas.press("ArrowRight")
    canvas.press("ArrowRight")
    assert "gw0, 510 ms to 513 ms: tests/test_0.py::test_2, 3.00 ms" in page.locator(".lw-now").inner_text()
    canvas.press("ArrowDown")

    assert page.locator(".lw-now").inner_text().startswith("gw1,")


def test_the_timeline_can_be_zoomed_and_shown_whole_again(open_page) -> None:
    page = open_page()

    def picture() -> str:
        return page.evaluate("document.querySelector('canvas').toDataURL()")

    whole = picture()
    page.get_by_role("button", name="Zoom in").click()
    zoomed = picture()
    page.get_by_role("button", name="Show the whole run").click()

    assert zoomed != whole
    assert picture() == whole


def test_with_scripts_off_verdict_charts_timeline_and_the_longest_tests_are_there(open_page) -> None:
    page = open_page(java_script_enabled=False)

    assert page.locator(".lw-verdict").is_visible()
    assert page.locator("svg.lw-timeline").is_visible()
    assert page.locator("svg.lw-bars").first.is_visible()
    assert page.locator("#tests tbody tr").count() == 200
    assert page.get_by_text(re.compile("the first 200 of 450 tests")).is_visible()


def test_numbers_are_formatted_as_everywhere_else(open_page) -> None:
    page = open_page()

    before = page.locator("#tests tbody tr td:first-child").all_inner_texts()
    without = open_page(java_script_enabled=False).locator("#tests tbody tr td:first-child").all_inner_texts()

    assert before == without
