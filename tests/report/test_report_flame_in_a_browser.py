"""A flame graph in a real browser: offline, no fault, no barrier, zoomed, searched, with scripts off."""

from collections.abc import Callable
from pathlib import Path

import pytest

from lapwing.model.profile import Frame, HotSpot, Profile, ProfilerName, ProfileSummary, Stack
from lapwing.report.flame import flame_chart
from lapwing.report.pages.profile import profile_page
from lapwing.report.render.html_document import render_document

axe_playwright = pytest.importorskip("axe_playwright_python.sync_playwright")

pytestmark = pytest.mark.slow_suite

HOSTILE = "<img src=x onerror=document.title='broken'>"
FRAMES = (
    Frame("call", ""),
    Frame("test_pay", "tests/test_pay.py", 3, is_own=True),
    Frame("parse", "shop/cart.py", 8, is_own=True),
    Frame("dumps", "json/__init__.py", 183),
    Frame(HOSTILE, "x.py", 1),
)
STACKS = (
    Stack((0, 1, 2, 3), (0, 5, 9, 0), 600_000_000),
    Stack((0, 1, 4), (0, 6, 0), 300_000_000),
    Stack((0, 1), (0, 0), 100_000_000),
)


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    profile = Profile("tests/test_pay.py::test_pay", ProfilerName.PYINSTRUMENT, "passed", FRAMES, STACKS)
    summary = ProfileSummary(
        nodeid=profile.nodeid,
        profiler=profile.profiler,
        outcome="passed",
        total=profile.total,
        own_share=1.0,
        own=(HotSpot("parse", "shop/cart.py", 9, 600_000_000, "dumps"),),
        libraries=(HotSpot(HOSTILE, "x.py", 1, 300_000_000),),
    )
    path = tmp_path_factory.mktemp("profile") / "profile.html"
    page = profile_page(summary, flame_chart(profile, "Each call below the call that made it."))
    path.write_text(render_document(page), encoding="utf-8")
    return path


@pytest.fixture
def open_page(open_offline, file: Path) -> Callable[..., object]:
    """Opens the page."""
    return lambda **options: open_offline(file, **options)


def width_of(page, name: str) -> float:
    return page.locator("svg.lw-call", has_text=name).last.bounding_box()["width"]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_no_serious_barrier(open_page, scheme: str) -> None:
    found = axe_playwright.Axe().run(open_page(color_scheme=scheme)).response["violations"]

    assert [each["id"] for each in found if each["impact"] in ("serious", "critical")] == []


def test_on_a_phone_nothing_is_wider_than_the_page_and_calls_fill_it(open_page) -> None:
    page = open_page(viewport={"width": 375, "height": 740})

    assert page.evaluate("document.documentElement.scrollWidth") <= 375
    assert 300 < width_of(page, "test_pay") <= 375


def test_a_click_zooms_into_a_call_and_a_button_shows_all_again(open_page) -> None:
    page = open_page()
    whole = width_of(page, "test_pay")

    page.locator("svg.lw-call", has_text="parse").click()
    assert width_of(page, "parse") == pytest.approx(whole, rel=0.01)
    page.get_by_role("button", name="All").click()

    assert width_of(page, "parse") == pytest.approx(0.6 * whole, rel=0.01)


def test_keys_choose_a_call_and_zoom(open_page) -> None:
    page = open_page()
    page.locator("svg.lw-flame").focus()

    for key in ("ArrowDown", "ArrowDown", "ArrowDown"):
        page.keyboard.press(key)
    assert "parse: 600 ms, 60%, shop/cart.py:8" in page.locator(".lw-now").inner_text()
    page.keyboard.press("Enter")

    assert width_of(page, "parse") == pytest.approx(width_of(page, "test_pay"), rel=0.01)


def test_a_search_dims_what_does_not_fit(open_page) -> None:
    page = open_page()

    page.get_by_label("Search the calls").fill("cart.py")

    assert page.get_by_text("1 of 5 calls").is_visible()
    assert page.locator("svg.lw-call:not(.lw-lost)").count() == 1


def test_a_hostile_function_runs_nothing(open_page) -> None:
    page = open_page()

    page.locator("svg.lw-call", has_text="onerror").last.hover()

    assert HOSTILE in page.locator(".lw-now").inner_text()
    assert page.title() != "broken"


def test_without_scripts_every_call_is_drawn_and_named(open_page) -> None:
    page = open_page(java_script_enabled=False)

    assert page.locator("svg.lw-call").count() == 5
    assert page.locator("svg.lw-call title").nth(2).text_content() == "parse: 600 ms, 60%, shop/cart.py:8"
