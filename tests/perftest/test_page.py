"""Real pages in a real browser: what is measured of them, and what is over a budget."""

import asyncio
import shutil
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

import lapwing
from lapwing.errors import RemoteError

pytestmark = pytest.mark.slow_suite

CHROMIUM = shutil.which("chromium")
PAGE = b"""<!doctype html><title>shop</title><link rel=icon href=data:,>
<h1>Shop</h1><p id=late></p><button onclick="busy()">buy</button><img src=/picture.png width=200 height=200>
<script>
function busy() { const until = performance.now() + 60; while (performance.now() < until) {} }
setTimeout(() => {
  const more = document.createElement("div");
  more.style.height = "300px";
  document.body.insertBefore(more, document.body.firstChild);
}, 30);
</script>"""
LAUNCH = {"executable_path": CHROMIUM, "args": ["--no-sandbox"]}


class Site(BaseHTTPRequestHandler):
    def do_GET(self):
        body = b"x" * 5000 if self.path == "/picture.png" else b"" if self.path == "/blank" else PAGE
        self.send_response(404 if self.path == "/missing" else 200)
        self.send_header("Content-Type", "image/png" if self.path == "/picture.png" else "text/html")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


@pytest.fixture(scope="module")
def site():
    with ThreadingHTTPServer(("127.0.0.1", 0), Site) as server:
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


@pytest.fixture(scope="module")
def page():
    sync_api = pytest.importorskip("playwright.sync_api")
    if CHROMIUM is None:
        pytest.skip("chromium is not installed")
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(**LAUNCH)
        yield browser.new_page()
        browser.close()


def test_a_page_is_measured_by_several_loads_in_fresh_contexts(page, site):
    result = lapwing.page_performance_test(
        page, site, loads=2, interact=lambda loaded: loaded.click("button"), settle_ms=400
    )

    assert len(result.loads) == 2
    assert 0 < result.ttfb <= result.fcp <= result.lcp
    assert result.ttfb < result.load
    assert result.cls > 0.01
    assert result.inp >= 0.05
    assert result.requests == 2
    assert 0.005 < result.bytes < 0.1
    assert result["lcp"] == result.lcp
    assert len(page.context.browser.contexts) == 1


def test_over_a_budget_value_and_limit_are_told(page, site):
    with pytest.raises(
        AssertionError, match=r"^/: requests is 2 \(limit: 1\), ttfb is .*, median of 1 load$"
    ):
        lapwing.page_performance_test(page, site, loads=1, budgets={"requests": 1, "ttfb": 0.001})


def test_a_budget_of_what_was_not_seen_is_not_kept(page, site):
    with pytest.raises(
        AssertionError,
        match=r"fcp was not seen \(limit: 1\.00 s\), inp was not seen: nothing that",
    ):
        lapwing.page_performance_test(page, f"{site}blank", loads=1, budgets={"fcp": "1s", "inp": "1s"})


def test_an_error_is_not_measured_in_place_of_the_page(page, site):
    with pytest.raises(RemoteError, match="/missing: answered with status 404"):
        lapwing.page_performance_test(page, f"{site}missing", loads=1)

    assert len(page.context.browser.contexts) == 1


def test_a_budget_that_is_no_number_is_told(page, site):
    with pytest.raises(ValueError, match="budget of cls: 'low' is not a number"):
        lapwing.page_performance_test(page, site, budgets={"cls": "low"})


def test_what_is_not_measured_has_no_budget(page, site):
    with pytest.raises(ValueError, match="'speed' is not measured; there are ttfb, fcp"):
        lapwing.page_performance_test(page, site, budgets={"speed": 1})


def test_a_page_of_the_asynchronous_api_is_awaited(site):
    async_api = pytest.importorskip("playwright.async_api")
    if CHROMIUM is None:
        pytest.skip("chromium is not installed")

    async def measured():
        async with async_api.async_playwright() as playwright:
            browser = await playwright.chromium.launch(**LAUNCH)
            page = await browser.new_page()
            result = await lapwing.page_performance_test(page, site, loads=1)
            await browser.close()
            return result

    found = []
    thread = threading.Thread(target=lambda: found.append(asyncio.run(measured())))
    thread.start()  # the loop of the synchronous pages runs in this thread
    thread.join()

    assert found[0].requests == 2
